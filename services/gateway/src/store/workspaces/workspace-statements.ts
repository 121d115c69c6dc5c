import type { Workspace } from '@guildhall/contracts';
import type { ListRequest, WorkspaceWithAccess } from '@guildhall/workspaces';
import type { Position } from '@guildhall/resources';
import type Sqlite from 'better-sqlite3';
import type { WorkspacesRow } from '../tables.ts';
import { unknownName } from './unknown-name.ts';

type WorkspaceRow = Pick<WorkspacesRow, 'id' | 'name' | 'description' | 'created_by' | 'version' | 'created_at' | 'updated_at'>;

const toWorkspace = (row: WorkspaceRow): Workspace => ({
  id: row.id,
  mode: 'solo',
  communityId: null,
  name: row.name,
  description: row.description,
  createdBy: row.created_by,
  createdByName: unknownName,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** Behind every position: lists start there. */
export const start: Position = { createdAt: '9999', id: '' };

/** The statements on the table `workspaces`, each prepared once. */
export const workspaceStatements = (sqlite: Sqlite.Database) => {
  const holds = sqlite.prepare<[string]>('SELECT 1 FROM workspaces WHERE id = ?');
  const isLive = sqlite.prepare<[string]>('SELECT 1 FROM workspaces WHERE id = ? AND deleted_at IS NULL');
  const find = sqlite.prepare<[string], WorkspaceRow & Pick<WorkspacesRow, 'deleted_at'>>(
    `SELECT id, name, description, created_by, version, created_at, updated_at, deleted_at FROM workspaces WHERE id = ?`,
  );
  const prepareList = (condition: string) =>
    sqlite.prepare<[number, string, string, number], WorkspaceRow>(
      `SELECT id, name, description, created_by, version, created_at, updated_at FROM workspaces
       WHERE (deleted_at IS NOT NULL) = ? AND (created_at, id) < (?, ?) AND ${condition}
       ORDER BY created_at DESC, id DESC LIMIT ?`,
    );
  const list = prepareList('true');
  const listOwn = prepareList(
    'NOT EXISTS (SELECT 1 FROM workspace_shares WHERE workspace_id = workspaces.id AND shared_at IS NOT NULL)',
  );
  const listBy = (statement: typeof list, { page, state }: ListRequest): readonly Workspace[] => {
    const { createdAt, id } = page.after ?? start;
    return statement.all(Number(state === 'deleted'), createdAt, id, page.limit).map(toWorkspace);
  };
  const insert = sqlite.prepare<[string, string, string, string, number, string, string]>(
    `INSERT INTO workspaces (id, name, description, created_by, version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const save = sqlite.prepare<[string, string, number, string, string | null, string, number]>(
    `UPDATE workspaces SET name = ?, description = ?, version = ?, updated_at = ?, deleted_at = ? WHERE id = ? AND version = ?`,
  );
  return {
    holds: (id: string): boolean => holds.get(id) !== undefined,
    isLive: (id: string): boolean => isLive.get(id) !== undefined,
    find: (id: string): WorkspaceWithAccess | undefined => {
      const row = find.get(id);
      if (row === undefined) return undefined;
      return { item: toWorkspace(row), communityId: null, role: 'owner', isDeleted: row.deleted_at !== null };
    },
    list: (request: ListRequest): readonly Workspace[] => listBy(list, request),
    /** Lists the workspaces that are not copies of shared ones. */
    listOwn: (request: ListRequest): readonly Workspace[] => listBy(listOwn, request),
    insert: ({ id, name, description, createdBy, version, createdAt, updatedAt }: Workspace): void => {
      insert.run(id, name, description, createdBy, version, createdAt, updatedAt);
    },
    save: ({ id, name, description, version, updatedAt }: Workspace, isDeleted: boolean): boolean =>
      save.run(name, description, version, updatedAt, isDeleted ? updatedAt : null, id, version - 1).changes === 1,
  };
};
