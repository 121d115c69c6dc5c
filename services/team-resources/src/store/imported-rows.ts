import type { WorkspaceRows } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { row, sql, translateConstraints, type Connection, type Fragment } from '@guildhall/db';
import { documentNameTaken, folderNameTaken } from '@guildhall/workspaces';
import { Type } from 'typebox';
import type { MeasuredRows } from '../core/workspace-imports.ts';
import { schema } from './fragments.ts';
import {
  controlMDocuments,
  controlMDocumentVersions,
  controlMFolders,
  controlMFolderVersions,
  scripts,
  scriptVersions,
} from './tables.ts';

/** The rows of workspaces that move into a community: stored with the ids, versions and times that they bring, each once. */

type Kind = keyof WorkspaceRows;

/** The types by which texts of a batch become values; CockroachDB has no arrays of jsonb. */
const types = {
  uuid: sql.fragment`uuid`,
  text: sql.fragment`text`,
  int8: sql.fragment`int8`,
  jsonb: sql.fragment`jsonb`,
  timestamptz: sql.fragment`timestamptz`,
};

/** A table of a kind of row: the columns that rows bring, by their properties. */
interface ImportedTable {
  readonly table: string;
  readonly columns: Readonly<Record<string, keyof typeof types>>;
  /** Which rows have a text under an id of theirs already, and may be stored over it: `stored` and `excluded`. */
  readonly isSameRow: Fragment;
  /** The documents whose versions these are, and the column that names them. */
  readonly documents?: { readonly table: string; readonly parent: string };
}

const times = { createdAt: 'timestamptz', updatedAt: 'timestamptz' } as const;
const head = { id: 'uuid', name: 'text', version: 'int8', sizeBytes: 'int8', sha256: 'text', ...times } as const;
const editable = { ...head, deletedAt: 'timestamptz' } as const;
const saved = { ...head, note: 'text', restoredFrom: 'int8' } as const;
const folder = { definition: 'text', jobCount: 'int8' } as const;
const document = { source: 'text', folders: 'text' } as const;
const isOlderDocument = sql.fragment`stored.workspace_id = excluded.workspace_id AND stored.version <= excluded.version`;

const tables: Readonly<Record<Kind, ImportedTable>> = {
  scripts: {
    table: 'scripts',
    columns: { ...editable, language: 'text', description: 'text', tags: 'jsonb', content: 'text' },
    isSameRow: isOlderDocument,
  },
  scriptVersions: {
    table: 'script_versions',
    columns: { ...saved, scriptId: 'uuid', language: 'text', content: 'text' },
    isSameRow: sql.fragment`stored.script_id = excluded.script_id AND stored.version = excluded.version`,
    documents: { table: 'scripts', parent: 'script_id' },
  },
  controlMFolders: { table: 'control_m_folders', columns: { ...editable, ...folder }, isSameRow: isOlderDocument },
  controlMFolderVersions: {
    table: 'control_m_folder_versions',
    columns: { ...saved, ...folder, controlMFolderId: 'uuid' },
    isSameRow: sql.fragment`stored.control_m_folder_id = excluded.control_m_folder_id AND stored.version = excluded.version`,
    documents: { table: 'control_m_folders', parent: 'control_m_folder_id' },
  },
  controlMDocuments: { table: 'control_m_documents', columns: { ...editable, ...document }, isSameRow: isOlderDocument },
  controlMDocumentVersions: {
    table: 'control_m_document_versions',
    columns: { ...saved, ...document, controlMDocumentId: 'uuid' },
    isSameRow: sql.fragment`stored.control_m_document_id = excluded.control_m_document_id AND stored.version = excluded.version`,
    documents: { table: 'control_m_documents', parent: 'control_m_document_id' },
  },
};

const StoredRow = row(
  [scripts, scriptVersions, controlMFolders, controlMFolderVersions, controlMDocuments, controlMDocumentVersions],
  { id: Type.String() },
);

const columnOf = (property: string): string => property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const joined = (parts: readonly Fragment[]): Fragment => sql.fragment`${sql.join([...parts], sql.fragment`, `)}`;

const textOf = (value: unknown): string | null => {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
};

const idTaken = (cause?: unknown): AppError =>
  new AppError(
    'CONFLICT',
    'An id of this workspace belongs to something else in the shared database, or was imported with other content.',
    {
      cause,
    },
  );

const translated = translateConstraints({
  uq_control_m_folders_workspace_id_name: folderNameTaken,
  uq_script_versions_script_id_version: idTaken,
  uq_control_m_folder_versions_control_m_folder_id_version: idTaken,
  uq_control_m_documents_workspace_id_name: documentNameTaken,
  uq_control_m_document_versions_control_m_document_id_version: idTaken,
});

interface Place {
  readonly workspaceId: string;
  readonly userId: string;
}

const store = async (
  tx: Connection,
  { table, columns, isSameRow, documents }: ImportedTable,
  rows: readonly Readonly<Record<string, unknown>>[],
  { workspaceId, userId }: Place,
): Promise<number> => {
  const properties = Object.entries(columns);
  const names = properties.map(([property]) => sql.fragment`${sql.identifier([columnOf(property)])}`);
  const sent = sql.unnest(
    rows.map((each) => properties.map(([property]) => textOf(each[property]))),
    properties.map(() => 'text'),
  );
  const values = properties.map(([property, type]) => sql.fragment`sent.${sql.identifier([columnOf(property)])}::${types[type]}`);
  const changes = names.map((name) => sql.fragment`${name} = excluded.${name}`);
  const owner = documents === undefined ? sql.fragment`workspace_id, created_by` : sql.fragment`created_by`;
  const owned = documents === undefined ? sql.fragment`${workspaceId}::uuid, ${userId}::text` : sql.fragment`${userId}::text`;
  const isInWorkspace =
    documents === undefined
      ? sql.fragment`true`
      : sql.fragment`EXISTS (
          SELECT 1 FROM ${sql.identifier([schema, documents.table])} AS document
          WHERE document.id = sent.${sql.identifier([documents.parent])}::uuid AND document.workspace_id = ${workspaceId}::uuid)`;
  const stored = await tx.any(sql.type(StoredRow)`
    INSERT INTO ${sql.identifier([schema, table])} AS stored (${joined(names)}, ${owner})
    SELECT ${joined(values)}, ${owned}
    FROM ${sent} AS sent (${joined(names)})
    WHERE ${isInWorkspace}
    ON CONFLICT (id) DO UPDATE SET ${joined(changes)} WHERE ${isSameRow}
    RETURNING stored.id`);
  return stored.length;
};

/** Stores a batch, in an import's transaction. Throws CONFLICT when an id belongs to something else or a newer row is stored. */
export const insertImportedRows = async (tx: Connection, rows: MeasuredRows, place: Place): Promise<void> => {
  for (const kind of Object.keys(tables) as Kind[]) {
    if (rows[kind].length === 0) continue;
    const count = await translated(store(tx, tables[kind], rows[kind], place));
    if (count < rows[kind].length) throw idTaken();
  }
};
