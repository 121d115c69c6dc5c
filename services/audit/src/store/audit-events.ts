import { row, sql, type Connection } from '@guildhall/db';
import { Type, type Static } from 'typebox';
import type { AuditEvents, AuditFilters, PageRequest, StoredCount } from '../core/audit-events.ts';
import { eventColumns, EventRow, toEvent } from './event-rows.ts';
import { logName } from './log-name.ts';

const IdRow = row(Type.Object({ id: Type.String() }));
const timeOrNull = Type.Union([Type.String(), Type.Null()]);
const Count = Type.Object({
  size: Type.Integer(),
  lastRecordedAt: timeOrNull,
  unsequenced: Type.Integer(),
  oldestUnsequencedAt: timeOrNull,
  checkpointSize: Type.Union([Type.Integer(), Type.Null()]),
  checkpointSignedAt: timeOrNull,
});
const CountRow = row(Count);

const listQuery = (filters: AuditFilters, { limit, after }: PageRequest) => {
  const { actor, action, resourceType, resourceId, community, result, requestId, from, to } = filters;
  const any = sql.fragment`true`;
  return sql.type(EventRow)`
    SELECT ${eventColumns}
    FROM audit.audit_events
    WHERE ${community === undefined ? any : sql.fragment`community_id = ${community}::uuid`}
      AND ${actor === undefined ? any : sql.fragment`actor_id = ${actor}`}
      AND ${action === undefined ? any : sql.fragment`action = ${action}`}
      AND ${resourceType === undefined ? any : sql.fragment`resource_type = ${resourceType}`}
      AND ${resourceId === undefined ? any : sql.fragment`resource_id = ${resourceId}`}
      AND ${result === undefined ? any : sql.fragment`result = ${result}`}
      AND ${requestId === undefined ? any : sql.fragment`request_id = ${requestId}`}
      AND ${from === undefined ? any : sql.fragment`occurred_at >= ${from}::timestamptz`}
      AND ${to === undefined ? any : sql.fragment`occurred_at < ${to}::timestamptz`}
      AND ${after === null ? any : sql.fragment`(occurred_at, id) < (${after.occurredAt}::timestamptz, ${after.id}::uuid)`}
    ORDER BY occurred_at DESC, id DESC
    LIMIT ${limit + 1}`;
};

/** Those without a place are counted one by one: there are none but after an upgrade. */
const countQuery = sql.type(CountRow)`
  SELECT coalesce(head.size, 0)::int8 AS size, head.last_recorded_at, unplaced.unsequenced, unplaced.oldest_unsequenced_at,
         signed.size AS checkpoint_size, signed.created_at AS checkpoint_signed_at
  FROM (SELECT count(*)::int8 AS unsequenced, min(recorded_at) AS oldest_unsequenced_at
        FROM audit.audit_events WHERE leaf_index IS NULL) AS unplaced
  LEFT JOIN (SELECT size, last_recorded_at FROM audit.log_heads WHERE name = ${logName}) AS head ON true
  LEFT JOIN (SELECT size, created_at FROM audit.checkpoints ORDER BY size DESC LIMIT 1) AS signed ON true`;

const toCount = (found: Static<typeof Count>): StoredCount => ({
  lastRecordedAt: found.lastRecordedAt,
  size: found.size,
  unsequenced: found.unsequenced,
  oldestUnsequencedAt: found.oldestUnsequencedAt,
  checkpoint:
    found.checkpointSize === null || found.checkpointSignedAt === null
      ? null
      : { size: found.checkpointSize, signedAt: found.checkpointSignedAt },
});

export const createAuditEvents = (connection: Connection): Omit<AuditEvents, 'record'> => ({
  list: async (filters, page) => (await connection.any(listQuery(filters, page))).map(toEvent),
  async find(id) {
    const found = await connection.maybeOne(
      sql.type(EventRow)`SELECT ${eventColumns} FROM audit.audit_events WHERE id = ${id}::uuid`,
    );
    return found === null ? null : toEvent(found);
  },
  async missing(ids) {
    const rows = await connection.any(sql.type(IdRow)`
      SELECT asked.id FROM unnest(${sql.array([...ids], 'uuid')}) AS asked (id)
      WHERE NOT EXISTS (SELECT 1 FROM audit.audit_events AS event WHERE event.id = asked.id)
        AND NOT EXISTS (SELECT 1 FROM audit.rejected_events AS rejected WHERE rejected.id = asked.id)`);
    return rows.map(({ id }) => id);
  },
  count: async () => toCount(await connection.one(countQuery)),
});
