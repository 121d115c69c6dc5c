import { bytesPerSearchPageMax, scriptsPerSearchPageMax, type ScriptSummary } from '@guildhall/contracts';
import type { ScriptListRequest, ScriptScan } from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import type { ScriptsRow } from '../tables.ts';
import { textColumns, type TextRow } from './document-versions.ts';
import { unknownName } from './unknown-name.ts';

/** The lists of scripts: filtered, sorted, searched in name and text. */

export type SummaryRow = Pick<
  ScriptsRow,
  'id' | 'workspace_id' | 'name' | 'language' | 'description' | 'tags' | 'created_by' | 'version' | 'created_at' | 'updated_at'
> &
  TextRow;

export const toSummary = (row: SummaryRow): ScriptSummary => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  language: row.language,
  description: row.description,
  tags: JSON.parse(row.tags) as string[],
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  createdBy: row.created_by,
  createdByName: unknownName,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const inLiveWorkspace = `EXISTS (SELECT 1 FROM workspaces AS w WHERE w.id = scripts.workspace_id AND w.deleted_at IS NULL)`;

/** The columns of a `SummaryRow`. */
export const summaryColumns = `id, workspace_id, name, language, description, tags, ${textColumns('content')}, created_by, version, created_at, updated_at`;

/** The column of each order, its direction, and a key before every row of it. */
const orders = {
  newest: { column: 'created_at', after: '<', direction: 'DESC', first: { key: '9999', id: '' } },
  name: { column: 'lower(name)', after: '>', direction: 'ASC', first: { key: '', id: '' } },
  changed: { column: 'updated_at', after: '<', direction: 'DESC', first: { key: '9999', id: '' } },
} as const;

type Order = (typeof orders)[keyof typeof orders];

interface Parameters {
  readonly workspaceId: string;
  readonly isDeleted: number;
  readonly key: string;
  readonly id: string;
  readonly limit: number;
  readonly language: string | null;
  readonly tag: string | null;
  readonly changedSince: string | null;
  readonly changedBy: string | null;
}

const sortedBy = ({ column, direction }: Order): string => `${column} ${direction}, id ${direction}`;

/** The conditions of all filters but `q`, after the page before. */
const nextScripts = (order: Order): string => `
  FROM scripts
  WHERE workspace_id = @workspaceId AND (deleted_at IS NOT NULL) = @isDeleted
    AND (@language IS NULL OR language = @language)
    AND (@tag IS NULL OR EXISTS (SELECT 1 FROM json_each(scripts.tags) WHERE json_each.value = @tag))
    AND (@changedSince IS NULL OR updated_at >= @changedSince)
    AND (@changedBy IS NULL OR @changedBy = (
      SELECT saved.created_by FROM script_versions AS saved WHERE saved.script_id = scripts.id ORDER BY saved.version DESC LIMIT 1))
    AND (${order.column}, id) ${order.after} (${order.column === 'lower(name)' ? 'lower(@key)' : '@key'}, @id)
  ORDER BY ${sortedBy(order)}`;

const plainList = (sqlite: Sqlite.Database, order: Order) =>
  sqlite.prepare<[Parameters], SummaryRow>(`SELECT ${summaryColumns} ${nextScripts(order)} LIMIT @limit`);

/** The matches among the scripts whose texts a search may read, by their sizes, and the last of those, where others are left out. */
const search = (sqlite: Sqlite.Database, order: Order) =>
  sqlite.prepare<[Parameters & { readonly q: string }], SummaryRow & { readonly is_match: number; readonly is_stop: number }>(
    `WITH candidate AS (
       SELECT id, name, created_at, updated_at, COALESCE(size_bytes, octet_length(content)) AS size_bytes
       ${nextScripts(order)} LIMIT ${scriptsPerSearchPageMax + 1}
     ),
     within AS (
       SELECT id, count(*) OVER () AS candidates, row_number() OVER (ORDER BY ${sortedBy(order)}) AS place,
              sum(size_bytes) OVER (ORDER BY ${sortedBy(order)}) AS bytes
       FROM candidate
     ),
     scanned AS (
       SELECT id AS scanned_id, place, place = max(place) OVER () AND place < candidates AS is_stop FROM within
       WHERE place = 1 OR (place <= ${scriptsPerSearchPageMax} AND bytes <= ${bytesPerSearchPageMax})
     )
     SELECT ${summaryColumns}, contains_text(name, @q) OR contains_text(content, @q) AS is_match, is_stop
     FROM scanned JOIN scripts ON id = scanned_id
     WHERE is_stop OR contains_text(name, @q) OR contains_text(content, @q)
     ORDER BY place LIMIT @limit`,
  );

const containsText = (text: unknown, sought: unknown): number =>
  Number(String(text).toLowerCase().includes(String(sought).toLowerCase()));

/** Adds the SQL function `contains_text`, which compares in any case of any alphabet; SQLite's own `lower` knows ASCII alone. */
const addContainsText = (sqlite: Sqlite.Database): void => {
  sqlite.function('contains_text', { deterministic: true, directOnly: true }, containsText);
};

const statementsBy = <T>(prepare: (order: Order) => T) => ({
  newest: prepare(orders.newest),
  name: prepare(orders.name),
  changed: prepare(orders.changed),
});

export const listScripts = (sqlite: Sqlite.Database) => {
  addContainsText(sqlite);
  const plain = statementsBy((order) => plainList(sqlite, order));
  const searches = statementsBy((order) => search(sqlite, order));
  return (workspaceId: string, { filters: { q, ...filters }, sort, page, state }: ScriptListRequest): ScriptScan => {
    const position = page.after ?? orders[sort].first;
    const parameters = { workspaceId, isDeleted: Number(state === 'deleted'), ...position, limit: page.limit, ...filters };
    if (q === null) return { rows: plain[sort].all(parameters).map(toSummary), stoppedAt: null };
    const rows = searches[sort].all({ ...parameters, q });
    const stop = rows.find((row) => row.is_stop === 1);
    return {
      rows: rows.filter((row) => row.is_match === 1).map(toSummary),
      stoppedAt: stop === undefined ? null : toSummary(stop),
    };
  };
};
