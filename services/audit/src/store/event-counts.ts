import { sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { CountedBy, CountFilters, EventCounts } from '../core/trail/count-events.ts';
import { inTree } from './event-rows.ts';
import { allFilters } from './filter-events.ts';

const CountRow = uncheckedRow({ key: Type.String(), count: Type.Integer() });

/** Stops counting at the limit, which bounds the cost. */
const counted = (filters: CountFilters, limit: number) => sql.fragment`(
  SELECT action, occurred_at FROM audit.audit_events WHERE ${inTree} AND ${allFilters(filters)} LIMIT ${limit}) AS counted`;

const countQuery = (filters: CountFilters, by: CountedBy, limit: number) =>
  by === 'day'
    ? sql.type(CountRow)`
        SELECT (occurred_at AT TIME ZONE 'UTC')::date::text AS key, count(*)::int8 AS count
        FROM ${counted(filters, limit)} GROUP BY 1 ORDER BY 1`
    : sql.type(CountRow)`
        SELECT action AS key, count(*)::int8 AS count
        FROM ${counted(filters, limit)} GROUP BY action ORDER BY count(*) DESC, action`;

export const createEventCounts = (connection: Connection): EventCounts => ({
  count: async (filters, by, limit) => [...(await connection.any(countQuery(filters, by, limit)))],
});
