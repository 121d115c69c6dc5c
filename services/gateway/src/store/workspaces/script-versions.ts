import { randomUUID } from 'node:crypto';
import type { Script, ScriptVersion, ScriptVersionSummary } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';
import type Sqlite from 'better-sqlite3';
import type { ScriptVersionsRow } from '../tables.ts';

type VersionRow = Pick<ScriptVersionsRow, 'version' | 'name' | 'language' | 'created_by' | 'created_at'>;

const toSummary = (row: VersionRow): ScriptVersionSummary => ({
  version: row.version,
  name: row.name,
  language: row.language,
  createdBy: row.created_by,
  createdAt: row.created_at,
});

/** The statements on the table `script_versions`, each prepared once. */
export const versionStatements = (sqlite: Sqlite.Database) => {
  const keep = sqlite.prepare<[string, string, number, string, string, string, string, string, string]>(
    `INSERT INTO script_versions (id, script_id, version, name, language, content, created_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const list = sqlite.prepare<[string, number, number], VersionRow>(
    `SELECT version, name, language, created_by, created_at FROM script_versions
     WHERE script_id = ? AND version < ? ORDER BY version DESC LIMIT ?`,
  );
  const find = sqlite.prepare<[string, number], VersionRow & Pick<ScriptVersionsRow, 'content'>>(
    `SELECT version, name, language, content, created_by, created_at FROM script_versions WHERE script_id = ? AND version = ?`,
  );
  return {
    /** Keeps the script as it was just saved, as the version of whoever saved it. */
    keep: ({ id, version, name, language, content, updatedAt }: Script, userId: string): void => {
      keep.run(randomUUID(), id, version, name, language, content, userId, updatedAt, updatedAt);
    },
    list: (scriptId: string, { limit, after }: PageRequest<number>): readonly ScriptVersionSummary[] =>
      list.all(scriptId, after ?? Number.MAX_SAFE_INTEGER, limit).map(toSummary),
    find: (scriptId: string, version: number): ScriptVersion | undefined => {
      const row = find.get(scriptId, version);
      return row === undefined ? undefined : { ...toSummary(row), content: row.content };
    },
  };
};
