import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type Sqlite from 'better-sqlite3';
import type { Client } from 'pg';

/** All columns of the rows of a workspace, in the solo file and in the shared database. */

type Row = Readonly<Record<string, unknown>>;

/** The tables of a workspace, referenced ones first, and the condition for the rows of the workspace `$1`. */
const tables = {
  workspaces: 'id = $1',
  scripts: 'workspace_id = $1',
  script_versions: 'script_id IN (SELECT id FROM scripts WHERE workspace_id = $1)',
  control_m_folders: 'workspace_id = $1',
  control_m_folder_versions: 'control_m_folder_id IN (SELECT id FROM control_m_folders WHERE workspace_id = $1)',
  control_m_documents: 'workspace_id = $1',
  control_m_document_versions: 'control_m_document_id IN (SELECT id FROM control_m_documents WHERE workspace_id = $1)',
} as const;

type Table = keyof typeof tables;
const tableNames = Object.keys(tables) as Table[];

const times = { created_at: '2026-01-02T03:04:05.006Z', updated_at: '2026-01-03T04:05:06.007Z' };
const made = { ...times, created_by: 'solo' };
const measured = (text: string) => ({
  size_bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});
const [content, definition] = ['echo "né"\n', '{"Type":"Folder", "Load": {"Type":"Job:Dummy"}}'];
const edited = { ...made, version: 3, deleted_at: '2026-01-04T05:06:07.008Z' };
const saved = { ...made, version: 2, note: 'Again', restored_from: 1 };

/** One row a table, with a value of its own in every column. */
const rowsOf = (workspaceId: string): Readonly<Record<Table, Row>> => {
  const [scriptId, folderId, documentId] = [randomUUID(), randomUUID(), randomUUID()];
  const script = { name: 'load.sh', language: 'shell', content, ...measured(content) };
  const folder = { name: 'NIGHT', definition, job_count: 1, ...measured(definition) };
  const source = `{"NIGHT": ${definition}}`;
  const document = { name: 'night.json', source, folders: JSON.stringify({ NIGHT: folderId }), ...measured(source) };
  return {
    workspaces: {
      id: workspaceId,
      name: 'Night',
      description: 'From midnight.',
      naming_rules: '[{"appliesTo":"job","forms":["ORD_*_##"],"message":"Orders begin with ORD_."}]',
      ...made,
      version: 4,
      // A deleted workspace is not shared.
      deleted_at: null,
    },
    scripts: { id: scriptId, workspace_id: workspaceId, ...script, description: 'Loads.', tags: '["nightly"]', ...edited },
    script_versions: { id: randomUUID(), script_id: scriptId, ...script, ...saved },
    control_m_folders: { id: folderId, workspace_id: workspaceId, ...folder, ...edited },
    control_m_folder_versions: { id: randomUUID(), control_m_folder_id: folderId, ...folder, ...saved },
    control_m_documents: { id: documentId, workspace_id: workspaceId, ...document, ...edited },
    control_m_document_versions: { id: randomUUID(), control_m_document_id: documentId, ...document, ...saved },
  };
};

/** Stores a workspace with a row in each of its tables. Throws for a column that `rowsOf` gives no value. */
export const fillEveryColumn = (sqlite: Sqlite.Database, workspaceId: string): void => {
  const rows = rowsOf(workspaceId);
  for (const table of tableNames) {
    const columns = sqlite.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
    const values = columns.map((column) => rows[table][column]);
    const forgotten = columns.filter((_column, index) => values[index] === undefined);
    if (forgotten.length > 0) throw new Error(`Give ${table} a value in ${forgotten.join(', ')}.`);
    sqlite.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...values);
  }
};

type Rows = Readonly<Record<string, readonly Row[]>>;

/** Reads all rows of a workspace in the solo file. */
export const soloRows = (sqlite: Sqlite.Database, workspaceId: string): Rows =>
  Object.fromEntries(
    tableNames.map((table) => [
      table,
      sqlite.prepare<[string], Row>(`SELECT * FROM ${table} WHERE ${tables[table].replace('$1', '?')}`).all(workspaceId),
    ]),
  );

/** Reads all rows of a workspace in the shared database. */
export const sharedRows = async (client: Client, workspaceId: string): Promise<Rows> => {
  const rows: Record<string, readonly Row[]> = {};
  for (const table of tableNames) {
    const where = tables[table].replace('FROM ', 'FROM team.');
    const found = await client.query<{ row: Row }>(`SELECT to_jsonb(stored) AS row FROM team.${table} AS stored WHERE ${where}`, [
      workspaceId,
    ]);
    rows[table] = found.rows.map(({ row }) => row);
  }
  return rows;
};

/** True if a value of the solo file is one of the shared database: times are written in UTC there, and JSON is text. */
const isSame = (column: string, solo: unknown, shared: unknown): boolean => {
  if (column.endsWith('_at') && typeof shared === 'string') return solo === new Date(shared).toISOString();
  if (typeof shared !== 'object' || shared === null) return solo === shared;
  return typeof solo === 'string' && isDeepStrictEqual(JSON.parse(solo), shared);
};

/** The sorted columns, as `table.column`, that only one side has or that differ in one of the rows; and the tables with another number of rows. */
export const differentColumns = (solo: Rows, shared: Rows): readonly string[] =>
  tableNames
    .flatMap((table) => {
      const [own, theirs] = [solo[table] ?? [], shared[table] ?? []];
      if (own.length === 0 || own.length !== theirs.length) return [table];
      const columns = new Set([...own, ...theirs].flatMap((row) => Object.keys(row)));
      const isDifferent = (column: string): boolean =>
        own.some((row, index) => !isSame(column, row[column], theirs[index]?.[column]));
      return [...columns].filter(isDifferent).map((column) => `${table}.${column}`);
    })
    .toSorted();
