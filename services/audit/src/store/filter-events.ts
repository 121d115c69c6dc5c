import { sql, type Fragment } from '@guildhall/db';
import type { AuditFilters } from '../core/trail/audit-events.ts';
import { actionPrefixOf } from '../core/trail/event-filters.ts';

const any = sql.fragment`true`;

/** Filters that an index in the order of the list serves. */
export const indexedFilters = (filters: AuditFilters): Fragment => {
  const { actor, action, resourceType, resourceId, community, result, requestId, from, to } = filters;
  const isOne = action !== undefined && actionPrefixOf(action) === null;
  return sql.fragment`
    ${community === undefined ? any : sql.fragment`community_id = ${community}::uuid`}
    AND ${actor === undefined ? any : sql.fragment`actor_id = ${actor}`}
    AND ${isOne ? sql.fragment`action = ${action}` : any}
    AND ${resourceType === undefined ? any : sql.fragment`resource_type = ${resourceType}`}
    AND ${resourceId === undefined ? any : sql.fragment`resource_id = ${resourceId}`}
    AND ${result === undefined ? any : sql.fragment`result = ${result}`}
    AND ${requestId === undefined ? any : sql.fragment`request_id = ${requestId}`}
    AND ${from === undefined ? any : sql.fragment`occurred_at >= ${from}::timestamptz`}
    AND ${to === undefined ? any : sql.fragment`occurred_at < ${to}::timestamptz`}`;
};

/** Filters for which each event is looked at. */
export const lookingFilters = ({ action, changedPath, text }: AuditFilters): Fragment => {
  const prefix = action === undefined ? null : actionPrefixOf(action);
  const changed = JSON.stringify([{ path: changedPath }]);
  return sql.fragment`
    ${prefix === null ? any : sql.fragment`strpos(action, ${prefix}) = 1`}
    AND ${changedPath === undefined ? any : sql.fragment`changes @> ${changed}::jsonb`}
    AND ${text === undefined ? any : holdsText(text)}`;
};

/** Matches by substring instead of by pattern, so that `%` and `_` are literal. */
const holdsText = (text: string): Fragment => sql.fragment`(
  strpos(lower(action), lower(${text})) > 0 OR strpos(lower(resource_type), lower(${text})) > 0
  OR strpos(lower(resource_id), lower(${text})) > 0 OR strpos(lower(coalesce(resource_name, '')), lower(${text})) > 0)`;

export const allFilters = (filters: AuditFilters): Fragment =>
  sql.fragment`${indexedFilters(filters)} AND ${lookingFilters(filters)}`;
