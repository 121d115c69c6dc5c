import type { CommunityPermission } from '@guildhall/contracts';
import { sql, type Connection, type Fragment, type RowSchema } from '@guildhall/db';
import type { DocumentStore, DocumentTypes, EarlierVersion, SaveWrite } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import { createdByName, creatorJoin, schema, timestamp, visibleRows } from './fragments.ts';
import { nullable } from './rows.ts';

/** The histories of documents: the same statements on the table of versions of every kind. */

/** The columns of `textColumns`. */
export const textRow = { sizeBytes: Type.Integer(), sha256: Type.String() };

/**
 * The size and the digest of the text in a column of `table`, computed where an earlier release has not stored them. PostgreSQL's
 * `sha256` gives bytes, that of CockroachDB their hexadecimal: the last 64 characters of its text are the same.
 */
export const textColumns = (table: Fragment, text: Fragment): Fragment => sql.fragment`
  COALESCE(${table}.size_bytes, octet_length(${table}.${text})::int8) AS size_bytes,
  COALESCE(${table}.sha256, right(sha256(convert_to(${table}.${text}, 'UTF8'))::text, 64)) AS sha256`;

/** The columns that versions of every kind have. */
export const versionRow = {
  version: Type.Integer(),
  name: Type.String(),
  note: Type.String(),
  restoredFrom: nullable(Type.Integer()),
  createdBy: Type.String(),
  createdAt: Type.String(),
};

/** The column of the name of who saved a version. */
export const savedByName = { createdByName: Type.String() };

/** A listed version. Null in a left-joined column leaves the property out. */
type ListedVersion<D extends DocumentTypes> = Omit<D['versionSummary'], 'restoredFrom'> & {
  readonly id: string;
  readonly restoredFrom?: number | null;
};

/** The tables of documents. */
export type DocumentTable = 'scripts' | 'control_m_folders' | 'control_m_documents';

/** A kind of document, and its table of versions. */
export interface VersionedTable<D extends DocumentTypes> {
  readonly permission: CommunityPermission;
  readonly documents: DocumentTable;
  readonly versions: 'script_versions' | 'control_m_folder_versions' | 'control_m_document_versions';
  /** The column that names the document. */
  readonly parent: Fragment;
  readonly text: Fragment;
  /** The one other column. */
  readonly own: Fragment;
  /** The values of these columns. */
  readonly textOf: (document: D['item']) => string;
  readonly ownOf: (document: D['item']) => string | number;
  readonly ownType: 'text' | 'int8';
  /** True if it is as long as a text: lists do without it. */
  readonly isOwnLong?: true;
  /** Assigns the fields of a document that an edit can change, in an UPDATE. */
  readonly assignments: (document: D['item']) => Fragment;
  /** Left-joined to the CTE `document`: one row without a version means that there is none on this page. */
  readonly ListedRow: RowSchema<Partial<ListedVersion<D>>>;
  readonly FoundRow: RowSchema<D['version']>;
}

const versionColumns = <D extends DocumentTypes>({ text }: VersionedTable<D>): Fragment => sql.fragment`
  saved.version, saved.name, saved.note, saved.restored_from, ${textColumns(sql.fragment`saved`, text)},
  saved.created_by, saved.created_at`;

/** The own column of the table, and a comma, where lists have it. */
const listedOwn = <D extends DocumentTypes>({ own, isOwnLong }: VersionedTable<D>, table: Fragment): Fragment =>
  isOwnLong === true ? sql.fragment`` : sql.fragment`${table}.${own},`;

const saverJoin = creatorJoin(sql.fragment`saved`);

/** The document, if it is there and the user holds the permission. */
const visibleDocument = <D extends DocumentTypes>(
  { documents, permission }: VersionedTable<D>,
  userId: string,
  workspaceId: string,
  id: string,
): Fragment => sql.fragment`
  SELECT document.id
  FROM ${sql.identifier([schema, documents])} AS document
  JOIN (${workspaceAccess(userId, workspaceId, permission)}) AS access ON true
  WHERE document.id = ${id}::uuid AND document.workspace_id = ${workspaceId}::uuid AND document.deleted_at IS NULL`;

export const versionReads = <D extends DocumentTypes>(
  connection: Connection,
  table: VersionedTable<D>,
): Pick<DocumentStore<D>, 'listVersions' | 'findVersion' | 'findVersionPair'> => ({
  async listVersions(userId, workspaceId, id, page) {
    const rows = await connection.any(sql.type(table.ListedRow)`
      WITH document AS (${visibleDocument(table, userId, workspaceId, id)})
      SELECT listed.id, listed.version, listed.name, ${listedOwn(table, sql.fragment`listed`)} listed.note, listed.restored_from, listed.size_bytes,
             listed.sha256, listed.created_by, listed.created_at, ${createdByName}
      FROM document
      LEFT JOIN LATERAL (
        SELECT saved.id, ${listedOwn(table, sql.fragment`saved`)} ${versionColumns(table)}
        FROM ${sql.identifier([schema, table.versions])} AS saved
        WHERE saved.${table.parent} = document.id
          AND ${page.after === null ? sql.fragment`true` : sql.fragment`saved.version < ${page.after}::int8`}
        ORDER BY saved.version DESC LIMIT ${page.limit}
      ) AS listed ON true
      ${creatorJoin(sql.fragment`listed`)}
      ORDER BY listed.version DESC`);
    return visibleRows(rows)?.map(({ id: _id, restoredFrom = null, ...summary }) => ({ ...summary, restoredFrom }));
  },
  async findVersion(userId, workspaceId, id, version) {
    const found = await connection.maybeOne(sql.type(table.FoundRow)`
      WITH document AS (${visibleDocument(table, userId, workspaceId, id)})
      SELECT ${versionColumns(table)}, ${createdByName}, saved.${table.own}, saved.${table.text}
      FROM document
      JOIN ${sql.identifier([schema, table.versions])} AS saved
        ON saved.${table.parent} = document.id AND saved.version = ${version}::int8
      ${saverJoin}`);
    return found ?? undefined;
  },
  async findVersionPair(userId, workspaceId, id, { from, to }) {
    const versions = sql.identifier([schema, table.versions]);
    return await connection.any(sql.type(table.FoundRow)`
      WITH document AS (${visibleDocument(table, userId, workspaceId, id)})
      SELECT ${versionColumns(table)}, ${createdByName}, saved.${table.own}, saved.${table.text}
      FROM document
      JOIN ${versions} AS saved
        ON saved.${table.parent} = document.id
       AND saved.version IN (${from}::int8, COALESCE(${to}::int8, (
         SELECT max(newest.version) FROM ${versions} AS newest WHERE newest.${table.parent} = document.id)))
      ${saverJoin}`);
  },
});

const numbers = (values: readonly number[]) => sql.array(values, 'int8');
const texts = (values: readonly string[]) => sql.array(values, 'text');

/** The rows of earlier versions of the document of the CTE `saved`, behind that of its own; nothing where there are none. */
const earlierRows = <D extends DocumentTypes>(
  { textOf, ownOf, ownType }: VersionedTable<D>,
  userId: string,
  earlier: readonly EarlierVersion<D>[],
): Fragment => {
  if (earlier.length === 0) return sql.fragment``;
  const items = earlier.map(({ item }) => item);
  const own = items.map(ownOf);
  return sql.fragment`
    UNION ALL
    SELECT gen_random_uuid(), saved.id, earlier.version, earlier.name, earlier.own, earlier.text, earlier.size_bytes, earlier.sha256,
           earlier.note, NULLIF(earlier.restored_from, 0), ${userId}::text, earlier.saved_at::timestamptz, earlier.saved_at::timestamptz
    FROM saved
    CROSS JOIN unnest(
      ${numbers(items.map(({ version }) => version))}, ${texts(items.map(({ name }) => name))}, ${sql.array(own, ownType)},
      ${texts(items.map(textOf))}, ${numbers(items.map(({ sizeBytes }) => sizeBytes))}, ${texts(items.map(({ sha256 }) => sha256))},
      ${texts(earlier.map(({ note }) => note))}, ${numbers(earlier.map(({ restoredFrom }) => restoredFrom ?? 0))},
      ${texts(items.map(({ updatedAt }) => updatedAt))}
    ) AS earlier(version, name, own, text, size_bytes, sha256, note, restored_from, saved_at)`;
};

/** Inserts the row of the CTE `saved` as a version: its columns are those of the document. */
export const versionInsert = <D extends DocumentTypes>(
  table: VersionedTable<D>,
  { userId, note, restoredFrom, versionId }: SaveWrite,
  at: string,
  earlier: readonly EarlierVersion<D>[] = [],
): Fragment => {
  const { versions, parent, own, text } = table;
  return sql.fragment`
  INSERT INTO ${sql.identifier([schema, versions])}
    (id, ${parent}, version, name, ${own}, ${text}, size_bytes, sha256, note, restored_from, created_by, created_at, updated_at)
  SELECT ${versionId === undefined ? sql.fragment`gen_random_uuid()` : sql.fragment`${versionId}::uuid`}, saved.id, saved.version, saved.name, saved.${own}, saved.${text}, saved.size_bytes, saved.sha256, ${note}::text,
         ${restoredFrom}::int8, ${userId}::text, ${timestamp(at)}, ${timestamp(at)}
  FROM saved
  ${earlierRows(table, userId, earlier)}
  RETURNING id`;
};
