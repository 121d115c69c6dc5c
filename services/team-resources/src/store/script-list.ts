import { bytesPerSearchPageMax, scriptsPerSearchPageMax, type ScriptSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, withoutNull, type Connection, type Fragment, type RowOf } from '@guildhall/db';
import type { ScriptFilters, ScriptListRequest, ScriptStore } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import { textColumns, textRow } from './document-versions.ts';
import { createdByName, creatorJoin, isInState, timestamp, visibleRows } from './fragments.ts';
import { gatherLists, type Value } from './gathered-rows.ts';
import { partial } from './rows.ts';
import { scripts } from './tables.ts';

/** The lists of scripts: filtered, sorted, searched in name and text. */

export const storedScripts = withoutNull(scripts, 'sizeBytes', 'sha256', 'tags');

/** The columns of `scriptSummaryColumns`. */
export const scriptSummaryRow = {
  id: Type.String(),
  workspaceId: Type.String(),
  name: Type.String(),
  language: Type.String(),
  description: Type.String(),
  tags: Type.Array(Type.String()),
  ...textRow,
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};

/** The columns of a script without its text, of `table`. */
export const scriptSummaryColumns = (table: Fragment): Fragment => sql.fragment`
  ${table}.id, ${table}.workspace_id, ${table}.name, ${table}.language, ${table}.description, ${table}.tags,
  ${textColumns(table, sql.fragment`content`)}, ${table}.created_by, ${table}.version, ${table}.created_at, ${table}.updated_at`;

/** Left-joined to the CTE `access`: one row without a script means that the list is empty. */
const listed = partial(scriptSummaryRow);
const computed = {
  isMatch: Type.Optional(Type.Boolean()),
  isStop: Type.Optional(Type.Boolean()),
  createdByName: Type.String(),
};
const ListedRow = row([leftJoined(storedScripts)], listed, computed);
const PlacedRow = row([leftJoined(storedScripts)], listed, { ...computed, place: Type.Integer() });

/** Who saved the last version of the script `s`. */
const lastSaver = sql.fragment`(
  SELECT saved.created_by FROM team.script_versions AS saved WHERE saved.script_id = s.id ORDER BY saved.version DESC LIMIT 1)`;

const any = sql.fragment`true`;

/** The conditions of all filters but `q`. */
const passesFilters = ({ language, tag, changedSince, changedBy }: ScriptFilters): Fragment => sql.fragment`
  ${language === null ? any : sql.fragment`s.language = ${language}`}
  AND ${tag === null ? any : sql.fragment`s.tags @> ${JSON.stringify([tag])}::jsonb`}
  AND ${changedSince === null ? any : sql.fragment`s.updated_at >= ${timestamp(changedSince)}`}
  AND ${changedBy === null ? any : sql.fragment`${lastSaver} = ${changedBy}`}`;

const orderOf = (table: Fragment, sort: ScriptListRequest['sort']): Fragment => {
  if (sort === 'name') return sql.fragment`lower(${table}.name), ${table}.id`;
  return sort === 'newest'
    ? sql.fragment`${table}.created_at DESC, ${table}.id DESC`
    : sql.fragment`${table}.updated_at DESC, ${table}.id DESC`;
};

/** A list that a statement reads: a request, and its values or the columns that they are in where one statement reads many lists. */
interface ReadList extends Omit<ScriptListRequest, 'page'> {
  readonly userId: Value;
  readonly workspaceId: Value;
  readonly limit: number;
  /** The last row of the page before; null for the first page. */
  readonly after: { readonly key: Value; readonly id: Value } | null;
}

const afterPage = ({ sort, after }: ReadList): Fragment => {
  if (after === null) return sql.fragment`true`;
  if (sort === 'name') return sql.fragment`(lower(s.name), s.id) > (lower(${after.key}::text), ${after.id}::uuid)`;
  const column = sort === 'newest' ? sql.fragment`s.created_at` : sql.fragment`s.updated_at`;
  return sql.fragment`(${column}, s.id) < (${timestamp(after.key)}, ${after.id}::uuid)`;
};

/**
 * The scripts of the workspace, and the column that their order begins with. A column of a workspace is compared as a range: the planner expects
 * a share of the table then, and reads them by an index in their order. With `=` it expects the scripts of a workspace of average size, which
 * it would sort: all of them, also where a workspace has a million.
 */
const inWorkspace = ({ workspaceId, sort }: ReadList): { readonly condition: Fragment; readonly order: Fragment } => {
  if (typeof workspaceId !== 'object' || workspaceId === null)
    return { condition: sql.fragment`s.workspace_id = ${workspaceId}::uuid`, order: sql.fragment`` };
  return {
    condition: sql.fragment`s.workspace_id >= ${workspaceId}::uuid AND s.workspace_id <= ${workspaceId}::uuid`,
    order: sort === 'name' ? sql.fragment`s.workspace_id,` : sql.fragment`s.workspace_id DESC,`,
  };
};

/** The next scripts of a list, in its order: those after the page before, that pass all filters but `q`. */
const nextScripts = (list: ReadList, limit: number): Fragment => {
  const { condition, order } = inWorkspace(list);
  return sql.fragment`
    FROM team.scripts AS s
    WHERE ${condition} AND ${isInState(sql.fragment`s`, list.state, 'script:delete')}
      AND ${passesFilters(list.filters)} AND ${afterPage(list)}
    ORDER BY ${order} ${orderOf(sql.fragment`s`, list.sort)} LIMIT ${limit}`;
};

/** The page of a list without `q`. */
const plainPage = (list: ReadList): Fragment => sql.fragment`
  SELECT ${scriptSummaryColumns(sql.fragment`s`)}, true AS is_match, false AS is_stop
  ${nextScripts(list, list.limit)}`;

/** The next scripts whose texts a search may read, by their sizes, with their places; the last of them, where others are left out, is `is_stop`. */
const scannedScripts = (list: ReadList): Fragment => sql.fragment`
  SELECT within.id, within.place, within.place = max(within.place) OVER () AND within.place < within.candidates AS is_stop
  FROM (
    SELECT candidate.id, count(*) OVER () AS candidates,
           row_number() OVER (ORDER BY ${orderOf(sql.fragment`candidate`, list.sort)}) AS place,
           sum(candidate.size_bytes) OVER (ORDER BY ${orderOf(sql.fragment`candidate`, list.sort)}) AS bytes
    FROM (
      SELECT s.id, s.name, s.created_at, s.updated_at, COALESCE(s.size_bytes, octet_length(s.content)::int8) AS size_bytes
      ${nextScripts(list, scriptsPerSearchPageMax + 1)}
    ) AS candidate
  ) AS within
  WHERE within.place = 1 OR (within.place <= ${scriptsPerSearchPageMax} AND within.bytes <= ${bytesPerSearchPageMax})`;

/** The page of a search: the matches among the scripts that it may read, and the last of those, where others are left out. */
const searchedPage = (list: ReadList, q: string): Fragment => sql.fragment`
  SELECT ${scriptSummaryColumns(sql.fragment`s`)}, outcome.is_match, scanned.is_stop
  FROM (${scannedScripts(list)}) AS scanned
  JOIN team.scripts AS s ON s.id = scanned.id
  CROSS JOIN LATERAL (
    SELECT strpos(lower(s.name), lower(${q}::text)) > 0 OR strpos(lower(s.content), lower(${q}::text)) > 0 AS is_match
  ) AS outcome
  WHERE outcome.is_match OR scanned.is_stop
  ORDER BY scanned.place LIMIT ${list.limit}`;

/** The statement of a list: no row without access. */
const selectList = (list: ReadList): Fragment => sql.fragment`
  WITH access AS (${workspaceAccess(list.userId, list.workspaceId, 'script:read')})
  SELECT listed.id, listed.workspace_id, listed.name, listed.language, listed.description, listed.tags, listed.size_bytes,
         listed.sha256, listed.created_by, listed.version, listed.created_at, listed.updated_at, listed.is_match, listed.is_stop,
         ${createdByName}
  FROM access
  LEFT JOIN LATERAL (${list.filters.q === null ? plainPage(list) : searchedPage(list, list.filters.q)}) AS listed ON true
  ${creatorJoin(sql.fragment`listed`)}
  ORDER BY ${orderOf(sql.fragment`listed`, list.sort)}`;

type ListedScript = RowOf<typeof ListedRow>;

/** Reads lists without a filter; those of one order that are asked for at a time, by one statement. */
const createUnfilteredLists = (connection: Connection) => {
  const lists = new Map<string, ReturnType<typeof gatherLists<ListedScript>>>();
  const listsOf = ({ filters, state, sort, page: { limit, after } }: ScriptListRequest) => {
    const isFirst = after === null;
    const key = `${sort} ${limit} ${isFirst}`;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const made = gatherLists(connection, {
      columns: ['user_id', 'workspace_id', 'after_key', 'after_id'],
      select: (userId = null, workspaceId = null, afterKey = null, afterId = null) =>
        selectList({ filters, state, sort, limit, userId, workspaceId, after: isFirst ? null : { key: afterKey, id: afterId } }),
      order: orderOf(sql.fragment`found`, sort),
      FoundRow: ListedRow,
      PlacedRow,
    });
    lists.set(key, made);
    return made;
  };
  return (userId: string, workspaceId: string, request: ScriptListRequest): Promise<readonly ListedScript[]> =>
    listsOf(request)([userId, workspaceId, request.page.after?.key ?? null, request.page.after?.id ?? null]);
};

const isUnfiltered = ({ filters, state }: ScriptListRequest): boolean =>
  state === null && Object.values(filters).every((filter) => filter === null);

export const listScripts = (connection: Connection): ScriptStore['list'] => {
  const readUnfiltered = createUnfilteredLists(connection);
  return async (userId, workspaceId, request) => {
    const { page, ...rest } = request;
    const found = isUnfiltered(request)
      ? await readUnfiltered(userId, workspaceId, request)
      : await connection.any(sql.type(ListedRow)`${selectList({ ...rest, ...page, userId, workspaceId })}`);
    const visible = visibleRows<ScriptSummary & { readonly isMatch: boolean; readonly isStop: boolean }>(found);
    if (visible === undefined) return undefined;
    const summaryOf = ({ isMatch: _isMatch, isStop: _isStop, ...script }: (typeof visible)[number]) => script;
    const stop = visible.find(({ isStop }) => isStop);
    return {
      rows: visible.filter(({ isMatch }) => isMatch).map(summaryOf),
      stoppedAt: stop === undefined ? null : summaryOf(stop),
    };
  };
};
