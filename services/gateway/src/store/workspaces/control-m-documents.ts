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

type DocumentRow = Pick<ControlMDocumentsRow, 'id' | 'name' | 'source' | 'folders' | 'version' | 'updated_at'>;

const toDocument = ({ folders, updated_at: updatedAt, ...row }: DocumentRow): StoredControlMDocument => ({
  ...row,
  folders: JSON.parse(folders) as Record<string, string>,
  updatedAt,
});

/** The statements that read all folders and documents, and those on naming rules, each prepared once. */
const documentStatements = (sqlite: Sqlite.Database) => ({
  bytes: sqlite
    .prepare<[string, string]>(
      `SELECT (SELECT coalesce(sum(length(CAST(definition AS BLOB))), 0) FROM control_m_folders WHERE workspace_id = ? AND deleted_at IS NULL)
          + (SELECT coalesce(sum(length(CAST(source AS BLOB))), 0) FROM control_m_documents WHERE workspace_id = ? AND deleted_at IS NULL) AS bytes`,
    )
    .pluck(),
  rules: sqlite.prepare<[string], string>('SELECT naming_rules FROM workspaces WHERE id = ?').pluck(),
  saveRules: sqlite.prepare<[string, string, string, number, string, string, number]>(
    `UPDATE workspaces SET name = ?, description = ?, naming_rules = ?, version = ?, updated_at = ?
     WHERE id = ? AND version = ? AND deleted_at IS NULL`,
  ),
  folders: sqlite.prepare<[string], FolderRow>(
    `SELECT ${folderColumns} FROM control_m_folders
     WHERE workspace_id = ? AND deleted_at IS NULL ORDER BY created_at DESC, id DESC`,
  ),
  documents: sqlite.prepare<[string], DocumentRow>(
    `SELECT id, name, source, folders, version, updated_at FROM control_m_documents WHERE workspace_id = ? AND deleted_at IS NULL`,
  ),
});

interface Parts {
  readonly isLive: (workspaceId: string) => boolean;
  readonly find: (workspaceId: string) => WorkspaceWithAccess | undefined;
  readonly writeAtOnce: WriteAtOnce;
}

/** All of Control-M in a workspace at once, and its naming rules. */
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
    findNamingRules: async (_userId, workspaceId) => {
      const found = find(workspaceId);
      if (found === undefined || found.isDeleted) return undefined;
      return { rules: rulesOf(workspaceId), workspace: found.item, role: found.role };
    },
    saveNamingRules: async ({ id, name, description, version, updatedAt }, rules) =>
      writeAtOnce(() => {
        const saved = [name, description, JSON.stringify(rules), version, updatedAt] as const;
        return statements.saveRules.run(...saved, id, version - 1).changes === 1;
      }),
  };
};
