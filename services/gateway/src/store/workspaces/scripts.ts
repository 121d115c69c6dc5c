import type { Script, ScriptVersion } from '@guildhall/contracts';
import type { Deletable } from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import type { ScriptsRow } from '../tables.ts';
import { versionStatements, type OwnRow } from './document-versions.ts';
import { inLiveWorkspace, listScripts, summaryColumns, toSummary, type SummaryRow } from './script-list.ts';

/** A script as its row is written: the tags as JSON. */
type StoredScript = Omit<Script, 'tags'> & { readonly tags: string };
const toStored = (script: Script): StoredScript => ({ ...script, tags: JSON.stringify(script.tags) });

/** The statements on the table `scripts`, each prepared once. */
export const scriptStatements = (sqlite: Sqlite.Database) => {
  const find = sqlite.prepare<[string, string], SummaryRow & Pick<ScriptsRow, 'content' | 'deleted_at'>>(
    `SELECT ${summaryColumns}, content, deleted_at FROM scripts WHERE id = ? AND workspace_id = ? AND ${inLiveWorkspace}`,
  );
  const insert = sqlite.prepare<[StoredScript]>(
    `INSERT INTO scripts
       (id, workspace_id, name, language, description, tags, content, size_bytes, sha256, created_by, version, created_at, updated_at)
     VALUES (@id, @workspaceId, @name, @language, @description, @tags, @content, @sizeBytes, @sha256, @createdBy, @version,
             @createdAt, @updatedAt)`,
  );
  const prepareSave = (condition: 'deleted_at IS NULL' | 'deleted_at IS NOT NULL') =>
    sqlite.prepare<[StoredScript]>(
      `UPDATE scripts SET name = @name, language = @language, description = @description, tags = @tags, content = @content,
                          size_bytes = @sizeBytes, sha256 = @sha256, version = @version, updated_at = @updatedAt, deleted_at = NULL
       WHERE id = @id AND workspace_id = @workspaceId AND version = @version - 1 AND ${condition} AND ${inLiveWorkspace}`,
    );
  const save = prepareSave('deleted_at IS NULL');
  const restore = prepareSave('deleted_at IS NOT NULL');
  const remove = sqlite.prepare<[number, string, string, string, string, number]>(
    `UPDATE scripts SET version = ?, updated_at = ?, deleted_at = ?
     WHERE id = ? AND workspace_id = ? AND version = ? AND deleted_at IS NULL AND ${inLiveWorkspace}`,
  );
  return {
    list: listScripts(sqlite),
    find: (workspaceId: string, id: string): Deletable<Script> | undefined => {
      const row = find.get(id, workspaceId);
      if (row === undefined) return undefined;
      const item = { ...toSummary(row), content: row.content };
      return { item, communityId: null, role: 'owner', isDeleted: row.deleted_at !== null };
    },
    insert: (script: Script): void => void insert.run(toStored(script)),
    save: (next: Script): boolean => save.run(toStored(next)).changes === 1,
    remove: ({ id, workspaceId, version, updatedAt }: Script): boolean =>
      remove.run(version, updatedAt, updatedAt, id, workspaceId, version - 1).changes === 1,
    restore: (next: Script): boolean => restore.run(toStored(next)).changes === 1,
  };
};

const languageOf = ({ language }: OwnRow) => ({ language });

/** The statements on the table `script_versions`, each prepared once. */
export const scriptVersionStatements = (sqlite: Sqlite.Database) => {
  const table = { table: 'script_versions', parent: 'script_id', text: 'content', own: 'language' } as const;
  const { keep, list, find, newest } = versionStatements(sqlite, table, languageOf);
  return {
    keep: (script: Script, saved: Parameters<typeof keep>[2]): void => keep(script, [script.language, script.content], saved),
    list,
    newest,
    find: (id: string, version: number): ScriptVersion | undefined => {
      const found = find(id, version);
      if (found === undefined) return undefined;
      const { text: content, ...rest } = found;
      return { ...rest, content };
    },
  };
};
