import { sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { PlantedRows } from '../core/log/repair.ts';
import type { OutsideRows } from '../core/log/walk.ts';
import { logName } from './log-name.ts';

const OutsideRow = uncheckedRow({ count: Type.Integer(), firstId: Type.Union([Type.String(), Type.Null()]) });

/**
 * Rows that the log did not place: beyond its size, below 0, or without a leaf index, unless the log is about to take up what a version
 * without a log stored.
 */
const isOutside = sql.fragment`(
  event.leaf_index < 0 OR event.leaf_index >= head.size
  OR (event.leaf_index IS NULL AND (event.leaf_hash IS NOT NULL OR EXISTS (SELECT 1 FROM audit.checkpoints))))`;

const IdRow = uncheckedRow({ id: Type.String() });

/** The ids of the first of them, in their order. */
const outsideIds = (limit: number) => sql.fragment`
  SELECT event.id FROM audit.log_heads AS head JOIN audit.audit_events AS event ON ${isOutside}
  WHERE head.name = ${logName} ORDER BY event.id LIMIT ${limit}`;

/** The rows that the log did not place, for whoever repairs it. */
export const createPlantedRows = (connection: Connection): PlantedRows => ({
  list: async (limit) => (await connection.any(sql.type(IdRow)`${outsideIds(limit)}`)).map(({ id }) => id),
  count: async () => (await findOutsideRows(connection))?.count ?? 0,
  remove: async (ids) => {
    const asked = sql.array([...ids], 'uuid');
    const { rowCount } = await connection.query(sql.unsafe`
      DELETE FROM audit.audit_events
      WHERE id IN (
        SELECT event.id FROM audit.log_heads AS head JOIN audit.audit_events AS event ON ${isOutside}
        WHERE head.name = ${logName} AND event.id = ANY(${asked}))`);
    return rowCount;
  },
});

/** Counts them in one statement, so that an append meanwhile counts wholly or not at all. */
export const findOutsideRows = async (connection: Connection): Promise<OutsideRows | null> => {
  const { count, firstId } = await connection.one(sql.type(OutsideRow)`
    SELECT count(*)::int8 AS count, min(event.id::text) AS first_id
    FROM audit.log_heads AS head JOIN audit.audit_events AS event ON ${isOutside}
    WHERE head.name = ${logName}`);
  return firstId === null ? null : { count, firstId };
};
