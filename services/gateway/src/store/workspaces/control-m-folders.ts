import type { ControlMFolderSummary } from '@guildhall/contracts';
import { folderNameTaken, type StoredFolder, type WithAccess } from '@guildhall/workspaces';
import type { PageRequest } from '@guildhall/resources';
import type Sqlite from 'better-sqlite3';
import { start } from './workspace-statements.ts';
import type { ControlMFoldersRow } from '../tables.ts';

type SummaryRow = Pick<
  ControlMFoldersRow,
  'id' | 'workspace_id' | 'name' | 'job_count' | 'created_by' | 'version' | 'created_at' | 'updated_at'
>;

const toSummary = (row: SummaryRow): ControlMFolderSummary => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  jobCount: row.job_count,
  createdBy: row.created_by,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const live = `deleted_at IS NULL
  AND EXISTS (SELECT 1 FROM workspaces AS w WHERE w.id = control_m_folders.workspace_id AND w.deleted_at IS NULL)`;

/** The statements on the table `control_m_folders`, each prepared once. */
export const folderStatements = (sqlite: Sqlite.Database) => {
  const find = sqlite.prepare<[string, string], SummaryRow & Pick<ControlMFoldersRow, 'definition'>>(
    `SELECT id, workspace_id, name, definition, job_count, created_by, version, created_at, updated_at FROM control_m_folders
     WHERE id = ? AND workspace_id = ? AND ${live}`,
  );
  const list = sqlite.prepare<[string, string, string, number], SummaryRow>(
    `SELECT id, workspace_id, name, job_count, created_by, version, created_at, updated_at FROM control_m_folders
     WHERE workspace_id = ? AND deleted_at IS NULL AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
  );
  const isTaken = sqlite.prepare<[string, string, string]>(
    `SELECT 1 FROM control_m_folders WHERE workspace_id = ? AND name = ? AND id <> ? AND deleted_at IS NULL`,
  );
  const insert = sqlite.prepare<[string, string, string, string, number, string, number, string, string]>(
    `INSERT INTO control_m_folders (id, workspace_id, name, definition, job_count, created_by, version, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const isCurrent = sqlite.prepare<[string, string, number]>(
    `SELECT 1 FROM control_m_folders WHERE id = ? AND workspace_id = ? AND version = ? AND ${live}`,
  );
  const save = sqlite.prepare<[string, string, number, number, string, string]>(
    `UPDATE control_m_folders SET name = ?, definition = ?, job_count = ?, version = ?, updated_at = ? WHERE id = ?`,
  );
  const remove = sqlite.prepare<[number, string, string, string, string, number]>(
    `UPDATE control_m_folders SET version = ?, updated_at = ?, deleted_at = ? WHERE id = ? AND workspace_id = ? AND version = ? AND ${live}`,
  );
  const requireFreeName = ({ workspaceId, name, id }: StoredFolder): void => {
    if (isTaken.get(workspaceId, name, id) !== undefined) throw folderNameTaken();
  };
  return {
    find: (workspaceId: string, id: string): WithAccess<StoredFolder> | undefined => {
      const row = find.get(id, workspaceId);
      if (row === undefined) return undefined;
      return { item: { ...toSummary(row), definition: row.definition }, communityId: null, role: 'owner' };
    },
    list: (workspaceId: string, { limit, after }: PageRequest): readonly ControlMFolderSummary[] => {
      const { createdAt, id } = after ?? start;
      return list.all(workspaceId, createdAt, id, limit).map(toSummary);
    },
    /** Within a transaction that holds the write lock: throws CONFLICT when the name is taken. */
    insert: (folder: StoredFolder): void => {
      requireFreeName(folder);
      const { id, workspaceId, name, definition, jobCount, createdBy, version, createdAt, updatedAt } = folder;
      insert.run(id, workspaceId, name, definition, jobCount, createdBy, version, createdAt, updatedAt);
    },
    /** Within a transaction that holds the write lock: throws CONFLICT when the name is taken. */
    save: (next: StoredFolder): boolean => {
      const { id, workspaceId, name, definition, jobCount, version, updatedAt } = next;
      if (isCurrent.get(id, workspaceId, version - 1) === undefined) return false;
      requireFreeName(next);
      return save.run(name, definition, jobCount, version, updatedAt, id).changes === 1;
    },
    remove: ({ id, workspaceId, version, updatedAt }: StoredFolder): boolean =>
      remove.run(version, updatedAt, updatedAt, id, workspaceId, version - 1).changes === 1,
  };
};
