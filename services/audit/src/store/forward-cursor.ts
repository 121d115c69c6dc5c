import { row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { ForwardCursor, ForwardLease } from '../core/forward/forward-events.ts';
import { logName } from './log-name.ts';
import { forwardCursors } from './tables.ts';

/** A holder that is gone is replaced after this; longer than a delivery may take. */
const leaseSeconds = 20;
/**
 * The lifetime beyond which a lease counts as expired: the clock of the database was set back, or a server with a slower clock
 * took over.
 */
const impossibleSeconds = 300;

const LagRow = uncheckedRow({ events: Type.Integer(), seconds: Type.Number(), isFree: Type.Boolean() });
const LeaseRow = row(
  [forwardCursors],
  { fencing: Type.Integer(), sendingTo: Type.Union([Type.Integer(), Type.Null()]) },
  { cursorId: Type.String(), next: Type.Integer() },
);

const hasEnded = (end: Fragment) => sql.fragment`
  (${end} <= now() OR ${end} > now() + ${impossibleSeconds}::float8 * interval '1 second')`;

const lagQuery = (name: string, holder: string) => sql.type(LagRow)`
  SELECT greatest(head.size - coalesce(cursor.next_leaf_index, 0), 0)::int8 AS events,
         coalesce(greatest(extract(epoch FROM now() - event.recorded_at), 0), 0)::float8 AS seconds,
         (cursor.holder IS NULL OR cursor.holder = ${holder}::uuid OR ${hasEnded(sql.fragment`cursor.expires_at`)}) AS is_free
  FROM audit.log_heads AS head
    LEFT JOIN audit.forward_cursors AS cursor ON cursor.name = ${name}
    LEFT JOIN audit.audit_events AS event ON event.leaf_index = coalesce(cursor.next_leaf_index, 0)
  WHERE head.name = ${logName}`;

const leaseEnd = sql.fragment`now() + ${leaseSeconds}::float8 * interval '1 second'`;

/**
 * Takes the lease with a fencing token, a new one each time, also for the same process: a write of an earlier attempt is
 * refused.
 */
const claimQuery = (name: string, holder: string) => sql.type(LeaseRow)`
  UPDATE audit.forward_cursors
  SET holder = ${holder}::uuid, fencing = fencing + 1, expires_at = ${leaseEnd}, updated_at = now()
  WHERE name = ${name} AND (holder IS NULL OR holder = ${holder}::uuid OR ${hasEnded(sql.fragment`expires_at`)})
  RETURNING id::text AS cursor_id, fencing, next_leaf_index AS next, sending_to`;

const isTrue = (name: string, holder: string, { fencing, next }: ForwardLease) => sql.fragment`
  name = ${name} AND holder = ${holder}::uuid AND fencing = ${fencing}::int8 AND next_leaf_index = ${next}::int8`;

/** `holder` is this process's own, and no other's. */
export const createForwardCursor = (connection: Connection, name: string, holder: string): ForwardCursor => ({
  lag: async () => (await connection.maybeOne(lagQuery(name, holder))) ?? { events: 0, seconds: 0, isFree: true },
  async claim() {
    const claimed = await connection.maybeOne(claimQuery(name, holder));
    if (claimed !== null) return claimed;
    await connection.query(sql.unsafe`
      INSERT INTO audit.forward_cursors (name) VALUES (${name}) ON CONFLICT (name) DO NOTHING`);
    return connection.maybeOne(claimQuery(name, holder));
  },
  async begin(lease, to) {
    const { rowCount } = await connection.query(sql.unsafe`
      UPDATE audit.forward_cursors SET sending_to = ${to}::int8, expires_at = ${leaseEnd}, updated_at = now()
      WHERE ${isTrue(name, holder, lease)}`);
    return rowCount === 1;
  },
  async advance(lease, next) {
    const { rowCount } = await connection.query(sql.unsafe`
      UPDATE audit.forward_cursors SET next_leaf_index = ${next}::int8, sending_to = NULL, expires_at = ${leaseEnd}, updated_at = now()
      WHERE ${isTrue(name, holder, lease)}`);
    return rowCount === 1;
  },
  async release() {
    await connection.query(sql.unsafe`
      UPDATE audit.forward_cursors SET holder = NULL, expires_at = NULL, updated_at = now()
      WHERE name = ${name} AND holder = ${holder}::uuid`);
  },
});
