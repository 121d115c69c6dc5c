import type { ControlMNamingRule } from '@guildhall/contracts';
import {
  requireReadable,
  type ControlMStore,
  type StoredControlM,
  type StoredControlMDocument,
  type StoredFolder,
  type WorkspaceWithAccess,
} from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import type { ControlMDocumentsRow } from '../tables.ts';
import { folderColumns, toFolder, type FolderRow } from './control-m-folders.ts';
import type { WriteAtOnce } from '../solo/write.ts';

const toDocument = (row: ControlMDocumentsRow): StoredControlMDocument => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  source: row.source,
  folders: JSON.parse(row.folders) as Record<string, string>,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** The statements on the table `control_m_documents`, and those that read all folders, each prepared once. */
const documentStatements = (sqlite: Sqlite.Database) => ({
  bytes: sqlite
    .prepare<[string, string]>(
      `SELECT (SELECT coalesce(sum(length(CAST(definition AS BLOB))), 0) FROM control_m_folders WHERE workspace_id = ? AND deleted_at IS NULL)
          + (SELECT coalesce(sum(length(CAST(source AS BLOB))), 0) FROM control_m_documents WHERE workspace_id = ?) AS bytes`,
    )
    .pluck(),
  rules: sqlite.prepare<[string], string>('SELECT naming_rules FROM workspaces WHERE id = ?').pluck(),
  saveRules: sqlite.prepare<[string, number, string, string, number]>(
    'UPDATE workspaces SET naming_rules = ?, version = ?, updated_at = ? WHERE id = ? AND version = ? AND deleted_at IS NULL',
  ),
  folders: sqlite.prepare<[string], FolderRow>(
    `SELECT ${folderColumns} FROM control_m_folders
     WHERE workspace_id = ? AND deleted_at IS NULL ORDER BY created_at DESC, id DESC`,
  ),
  documents: sqlite.prepare<[string], ControlMDocumentsRow>(
    `SELECT id, workspace_id, name, source, folders, created_by, created_at, updated_at FROM control_m_documents
     WHERE workspace_id = ?`,
  ),
  save: sqlite.prepare<[string, string, string, string, string, string, string, string]>(
    `INSERT INTO control_m_documents (id, workspace_id, name, source, folders, created_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (workspace_id, name) DO UPDATE
     SET source = excluded.source, folders = excluded.folders, updated_at = excluded.updated_at`,
  ),
});

interface Parts {
  readonly isLive: (workspaceId: string) => boolean;
  readonly find: (workspaceId: string) => WorkspaceWithAccess | undefined;
  readonly writeAtOnce: WriteAtOnce;
}

/** Imported documents, and all of Control-M in a workspace at once. */
export const createSoloControlM = (sqlite: Sqlite.Database, { isLive, find, writeAtOnce }: Parts): ControlMStore => {
  const statements = documentStatements(sqlite);
  const rulesOf = (workspaceId: string): readonly ControlMNamingRule[] =>
    JSON.parse(statements.rules.get(workspaceId) ?? '[]') as ControlMNamingRule[];
  const readAll = (workspaceId: string): StoredControlM => {
    requireReadable(Number(statements.bytes.get(workspaceId, workspaceId)));
    const folders: readonly StoredFolder[] = statements.folders.all(workspaceId).map(toFolder);
    const documents = statements.documents.all(workspaceId).map(toDocument);
    return { communityId: null, role: 'owner', namingRules: rulesOf(workspaceId), folders, documents };
  };
  return {
    readAll: async (_userId, workspaceId) => (isLive(workspaceId) ? readAll(workspaceId) : undefined),
    saveDocument: async ({ id, workspaceId, name, source, folders, createdBy, createdAt, updatedAt }) =>
      writeAtOnce(() => {
        if (!isLive(workspaceId)) return false;
        statements.save.run(id, workspaceId, name, source, JSON.stringify(folders), createdBy, createdAt, updatedAt);
        return true;
      }),
    findNamingRules: async (_userId, workspaceId) => {
      const found = find(workspaceId);
      if (found === undefined || found.isDeleted) return undefined;
      return { rules: rulesOf(workspaceId), workspace: found.item, role: found.role };
    },
    saveNamingRules: async ({ id, version, updatedAt }, rules) =>
      writeAtOnce(() => statements.saveRules.run(JSON.stringify(rules), version, updatedAt, id, version - 1).changes === 1),
  };
};
