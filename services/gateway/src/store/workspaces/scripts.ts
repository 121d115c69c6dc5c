import type { Script, ScriptSummary } from '@guildhall/contracts';
import type { WithAccess } from '@guildhall/workspaces';
import type { PageRequest } from '@guildhall/resources';
import type Sqlite from 'better-sqlite3';
import { start } from './workspace-statements.ts';
import type { ScriptsRow } from '../tables.ts';

type SummaryRow = Pick<
  ScriptsRow,
  'id' | 'workspace_id' | 'name' | 'language' | 'created_by' | 'version' | 'created_at' | 'updated_at'
>;

const toSummary = (row: SummaryRow): ScriptSummary => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  language: row.language,
  createdBy: row.created_by,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const inLiveWorkspace = `EXISTS (SELECT 1 FROM workspaces AS w WHERE w.id = scripts.workspace_id AND w.deleted_at IS NULL)`;

/** The statements on the table `scripts`, each prepared once. */
export const scriptStatements = (sqlite: Sqlite.Database) => {
  const find = sqlite.prepare<[string, string], SummaryRow & Pick<ScriptsRow, 'content'>>(
    `SELECT id, workspace_id, name, language, content, created_by, version, created_at, updated_at FROM scripts
     WHERE id = ? AND workspace_id = ? AND deleted_at IS NULL AND ${inLiveWorkspace}`,
  );
  const list = sqlite.prepare<[string, string, string, number], SummaryRow>(
    `SELECT id, workspace_id, name, language, created_by, version, created_at, updated_at FROM scripts
     WHERE workspace_id = ? AND deleted_at IS NULL AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
  );
  const insert = sqlite.prepare<[string, string, string, string, string, string, number, string, string]>(
    `INSERT INTO scripts (id, workspace_id, name, language, content, created_by, version, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const save = sqlite.prepare<[string, string, string, number, string, string, string, number]>(
    `UPDATE scripts SET name = ?, language = ?, content = ?, version = ?, updated_at = ?
     WHERE id = ? AND workspace_id = ? AND version = ? AND deleted_at IS NULL AND ${inLiveWorkspace}`,
  );
  const remove = sqlite.prepare<[number, string, string, string, string, number]>(
    `UPDATE scripts SET version = ?, updated_at = ?, deleted_at = ?
     WHERE id = ? AND workspace_id = ? AND version = ? AND deleted_at IS NULL AND ${inLiveWorkspace}`,
  );
  return {
    find: (workspaceId: string, id: string): WithAccess<Script> | undefined => {
      const row = find.get(id, workspaceId);
      if (row === undefined) return undefined;
      return { item: { ...toSummary(row), content: row.content }, communityId: null, role: 'owner' };
    },
    list: (workspaceId: string, { limit, after }: PageRequest): readonly ScriptSummary[] => {
      const { createdAt, id } = after ?? start;
      return list.all(workspaceId, createdAt, id, limit).map(toSummary);
    },
    insert: (script: Script): void => {
      const { id, workspaceId, name, language, content, createdBy, version, createdAt, updatedAt } = script;
      insert.run(id, workspaceId, name, language, content, createdBy, version, createdAt, updatedAt);
    },
    save: ({ id, workspaceId, name, language, content, version, updatedAt }: Script): boolean =>
      save.run(name, language, content, version, updatedAt, id, workspaceId, version - 1).changes === 1,
    remove: ({ id, workspaceId, version, updatedAt }: Script): boolean =>
      remove.run(version, updatedAt, updatedAt, id, workspaceId, version - 1).changes === 1,
  };
};
