import { createHash, randomUUID } from 'node:crypto';
import type { PageRequest } from '@guildhall/resources';
import type Sqlite from 'better-sqlite3';
import type { ControlMDocumentVersionsRow, ControlMFolderVersionsRow, ScriptVersionsRow } from '../tables.ts';
import { unknownName } from './unknown-name.ts';

/** The histories of documents: the same statements on the table of versions of every kind. */

type VersionRow = Pick<
  ScriptVersionsRow & ControlMFolderVersionsRow,
  'version' | 'name' | 'note' | 'restored_from' | 'created_by' | 'created_at'
> &
  TextRow;

/** The columns of `textColumns`. */
export type TextRow = { readonly [Column in 'size_bytes' | 'sha256']: NonNullable<ScriptVersionsRow[Column]> };

/** The kind's own column. */
export type OwnRow = Pick<ScriptVersionsRow, 'language'> &
  Pick<ControlMFolderVersionsRow, 'job_count'> &
  Pick<ControlMDocumentVersionsRow, 'folders'>;

/** The SHA-256 of a text in UTF-8, in hexadecimal. */
export const sha256Of = (text: unknown): string => createHash('sha256').update(String(text)).digest('hex');

/** Adds the SQL function `sha256`, of a text in UTF-8, in hexadecimal: for rows of releases that stored no digest. */
export const addSha256 = (sqlite: Sqlite.Database): void => {
  sqlite.function('sha256', { deterministic: true, directOnly: true }, sha256Of);
};

/** The size and the digest of the text in a column: computed where an earlier release has not stored them. */
export const textColumns = (column: 'content' | 'definition' | 'source'): string =>
  `COALESCE(size_bytes, octet_length(${column})) AS size_bytes, COALESCE(sha256, sha256(${column})) AS sha256`;

/** A version as it was saved. */
interface Saved {
  readonly note: string;
  readonly restoredFrom: number | null;
  readonly userId: string;
  readonly versionId?: string | undefined;
}

/** The document that is saved. */
interface SavedDocument {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly updatedAt: string;
}

/** The table of versions of a kind of document. */
export interface VersionTable {
  readonly table: 'script_versions' | 'control_m_folder_versions' | 'control_m_document_versions';
  /** The column that names the document. */
  readonly parent: 'script_id' | 'control_m_folder_id' | 'control_m_document_id';
  readonly text: 'content' | 'definition' | 'source';
  /** The one other column. */
  readonly own: 'language' | 'job_count' | 'folders';
}

const toVersion = (row: VersionRow) => ({
  version: row.version,
  note: row.note,
  restoredFrom: row.restored_from,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  createdBy: row.created_by,
  createdByName: unknownName,
  createdAt: row.created_at,
  name: row.name,
});

/** The statements on a table of versions, each prepared once. `ownOf` reads the kind's own column of a row. */
export const versionStatements = <Own extends object>(
  sqlite: Sqlite.Database,
  { table, parent, text, own }: VersionTable,
  ownOf: (row: OwnRow) => Own,
) => {
  const listed = `version, name, ${own}, note, restored_from, ${textColumns(text)}, created_by, created_at`;
  const keep = sqlite.prepare<
    [string, string, number, string, string | number, string, string, number | null, number, string, string, string, string]
  >(
    `INSERT INTO ${table} (id, ${parent}, version, name, ${own}, ${text}, note, restored_from, size_bytes, sha256, created_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const list = sqlite.prepare<[string, number, number], VersionRow & OwnRow>(
    `SELECT ${listed} FROM ${table} WHERE ${parent} = ? AND version < ? ORDER BY version DESC LIMIT ?`,
  );
  const find = sqlite.prepare<[string, number], VersionRow & OwnRow & { readonly text: string }>(
    `SELECT ${listed}, ${text} AS text FROM ${table} WHERE ${parent} = ? AND version = ?`,
  );
  const newest = sqlite.prepare<[string], Pick<ScriptVersionsRow, 'version'>>(
    `SELECT COALESCE(max(version), 0) AS version FROM ${table} WHERE ${parent} = ?`,
  );
  return {
    newest: (id: string): number => newest.get(id)?.version ?? 0,
    /** Keeps a document as it was just saved, as the version of whoever saved it. */
    keep: (
      { id, version, name, sizeBytes, sha256, updatedAt }: SavedDocument,
      [ownValue, textValue]: readonly [string | number, string],
      { note, restoredFrom, userId, versionId = randomUUID() }: Saved,
    ): void => {
      const saved = [note, restoredFrom, sizeBytes, sha256, userId, updatedAt, updatedAt] as const;
      keep.run(versionId, id, version, name, ownValue, textValue, ...saved);
    },
    list: (id: string, { limit, after }: PageRequest<number>) =>
      list.all(id, after ?? Number.MAX_SAFE_INTEGER, limit).map((row) => ({ ...toVersion(row), ...ownOf(row) })),
    find: (id: string, version: number) => {
      const row = find.get(id, version);
      return row === undefined ? undefined : { ...toVersion(row), ...ownOf(row), text: row.text };
    },
  };
};
