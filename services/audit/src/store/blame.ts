import { sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { BlameStore } from '../core/trail/blame.ts';
import { lookedAtMax } from '../core/trail/event-filters.ts';
import { entryColumns, EntryRow, inTree, loggedColumns, toEntry } from './event-rows.ts';
import { indexedFilters } from './filter-events.ts';

const RemovedRow = uncheckedRow({ pruned: Type.Integer(), redacted: Type.Integer() });

/** The condition that an event changes a path, what contains it or a part of it. Whatever stands in the row is no failure to read. */
const changesPath = (path: string) => sql.fragment`EXISTS (
  SELECT 1
  FROM jsonb_array_elements(CASE WHEN jsonb_typeof(changes) = 'array' THEN changes ELSE '[]'::jsonb END) AS change (value)
  WHERE change.value->>'path' = ${path}::text
     OR strpos(${path}::text, (change.value->>'path') || '/') = 1
     OR strpos(change.value->>'path', ${path}::text || '/') = 1)`;

export const createBlameStore = (connection: Connection): BlameStore => ({
  async findLast(filters, path) {
    const found = await connection.maybeOne(sql.type(EntryRow)`
      SELECT ${entryColumns}
      FROM (
        SELECT ${loggedColumns}, leaf_index, leaf_hash
        FROM audit.audit_events
        WHERE ${inTree} AND ${indexedFilters(filters)}
        ORDER BY occurred_at DESC, id DESC
        LIMIT ${lookedAtMax}
      ) AS looked_at
      WHERE ${changesPath(path)}
      ORDER BY occurred_at DESC, id DESC
      LIMIT 1`);
    return found === null ? null : toEntry(found);
  },
  countRemoved: (behind, max) =>
    connection.one(sql.type(RemovedRow)`
      SELECT count(*) FILTER (WHERE gone.reason = 'pruned') AS pruned, count(*) FILTER (WHERE gone.reason = 'redacted') AS redacted
      FROM (
        SELECT reason FROM audit.removed_events WHERE leaf_index > ${behind}::int8 ORDER BY leaf_index DESC LIMIT ${max}
      ) AS gone`),
});
