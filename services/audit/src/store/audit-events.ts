import { AuditPayload, type AuditEvent, type AuditEventMessage } from '@guildhall/contracts';
import { row, sql, type Connection } from '@guildhall/db';
import { Type, type Static } from 'typebox';
import type { AuditEvents, AuditFilters, PageRequest } from '../core/audit-events.ts';
import { refusedValues } from './refused-values.ts';

const optionalText = Type.Optional(Type.String());
const EventColumns = Type.Object({
  id: Type.String(),
  occurredAt: Type.String(),
  recordedAt: Type.String(),
  actorType: AuditPayload.properties.actor.properties.type,
  actorId: Type.String(),
  sessionId: optionalText,
  ip: optionalText,
  userAgent: optionalText,
  action: Type.String(),
  resourceType: Type.String(),
  resourceId: Type.String(),
  resourceName: optionalText,
  communityId: optionalText,
  result: AuditPayload.properties.result,
  changes: AuditPayload.properties.changes,
  requestId: Type.String(),
  service: Type.String(),
});
const EventRow = row(EventColumns);
const IdRow = row(Type.Object({ id: Type.String() }));
const RecordedRow = row(Type.Object({ stored: Type.Integer() }));
const CountRow = row(Type.Object({ stored: Type.Integer(), lastRecordedAt: Type.Union([Type.String(), Type.Null()]) }));

/** What is absent stays absent. */
const present = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const toEvent = (found: Static<typeof EventColumns>): AuditEvent => ({
  id: found.id,
  occurredAt: found.occurredAt,
  recordedAt: found.recordedAt,
  actor: {
    type: found.actorType,
    id: found.actorId,
    ...present({ sessionId: found.sessionId, ip: found.ip, userAgent: found.userAgent }),
  },
  action: found.action,
  resource: { type: found.resourceType, id: found.resourceId, ...present({ name: found.resourceName }) },
  ...present({ communityId: found.communityId }),
  result: found.result,
  ...present({ changes: found.changes }),
  requestId: found.requestId,
  service: found.service,
});

/** What a message becomes: each column with its type and its value. */
const recordedColumns: readonly (readonly [type: string, value: (message: AuditEventMessage) => string | null])[] = [
  ['uuid', ({ id }) => id],
  ['text', ({ payload }) => payload.actor.type],
  ['text', ({ payload }) => payload.actor.id],
  ['uuid', ({ payload }) => payload.actor.sessionId ?? null],
  ['text', ({ payload }) => payload.actor.ip ?? null],
  ['text', ({ payload }) => payload.actor.userAgent ?? null],
  ['text', ({ payload }) => payload.action],
  ['text', ({ payload }) => payload.resource.type],
  ['text', ({ payload }) => payload.resource.id],
  ['text', ({ payload }) => payload.resource.name ?? null],
  ['uuid', ({ payload }) => payload.communityId ?? null],
  ['text', ({ payload }) => payload.result],
  ['text', ({ payload }) => (payload.changes === undefined ? null : JSON.stringify(payload.changes))],
  ['text', ({ payload }) => payload.requestId],
  ['text', ({ payload }) => payload.service],
  ['timestamptz', ({ occurredAt }) => occurredAt],
];

const tuplesOf = (messages: readonly AuditEventMessage[]) =>
  sql.unnest(
    messages.map((message) => recordedColumns.map(([, valueIn]) => valueIn(message))),
    recordedColumns.map(([type]) => type),
  );

/** Several rows hold the count, so that two batches at once seldom wait for each other. */
const countRows = 8;
const countRowOf = ({ id }: AuditEventMessage): number => Number.parseInt(id.slice(-2), 16) % countRows || 0;

/**
 * In the order of their ids, so that two batches with the same events never wait for each other in a circle. Times are kept
 * in milliseconds, which is what cursors hold.
 */
const recordQuery = (messages: readonly AuditEventMessage[], countRow: number, at: string) => sql.type(RecordedRow)`
  WITH stored AS (
    INSERT INTO audit.audit_events
      (id, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id, resource_name, community_id,
       result, changes, request_id, service, occurred_at, recorded_at)
    SELECT told.id, told.actor_type, told.actor_id, told.session_id, told.ip, told.user_agent, told.action, told.resource_type,
           told.resource_id, told.resource_name, told.community_id, told.result, told.changes::jsonb, told.request_id,
           told.service, date_trunc('milliseconds', told.occurred_at), ${at}::timestamptz
    FROM ${tuplesOf(messages)} AS told
      (id, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id, resource_name, community_id,
       result, changes, request_id, service, occurred_at)
    ORDER BY told.id
    ON CONFLICT (id) DO NOTHING
    RETURNING id
  ), counted AS (
    INSERT INTO audit.event_counts AS known (id, stored, last_recorded_at)
    SELECT ${countRow}::int2, count(*), ${at}::timestamptz FROM stored HAVING count(*) > 0
    ON CONFLICT (id) DO UPDATE
    SET stored = known.stored + excluded.stored, updated_at = now(),
        last_recorded_at = greatest(known.last_recorded_at, excluded.last_recorded_at)
  )
  SELECT count(*)::int8 AS stored FROM stored`;

const columns = sql.fragment`
  id, occurred_at, recorded_at, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id,
  resource_name, community_id, result, changes, request_id, service`;

const listQuery = (filters: AuditFilters, { limit, after }: PageRequest) => {
  const { actor, action, resourceType, resourceId, community, result, requestId, from, to } = filters;
  const any = sql.fragment`true`;
  return sql.type(EventRow)`
    SELECT ${columns}
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

export const createAuditEvents = (connection: Connection): AuditEvents => ({
  async record(messages, recordedAt) {
    const [first] = messages;
    if (first === undefined) return 0;
    const { stored } = await refusedValues(connection.one(recordQuery(messages, countRowOf(first), recordedAt)));
    return stored;
  },
  list: async (filters, page) => (await connection.any(listQuery(filters, page))).map(toEvent),
  async find(id) {
    const found = await connection.maybeOne(sql.type(EventRow)`SELECT ${columns} FROM audit.audit_events WHERE id = ${id}::uuid`);
    return found === null ? null : toEvent(found);
  },
  async missing(ids) {
    const rows = await connection.any(sql.type(IdRow)`
      SELECT asked.id FROM unnest(${sql.array([...ids], 'uuid')}) AS asked (id)
      WHERE NOT EXISTS (SELECT 1 FROM audit.audit_events AS event WHERE event.id = asked.id)
        AND NOT EXISTS (SELECT 1 FROM audit.rejected_events AS rejected WHERE rejected.id = asked.id)`);
    return rows.map(({ id }) => id);
  },
  count: () =>
    connection.one(sql.type(CountRow)`
      SELECT coalesce(sum(stored), 0)::int8 AS stored, max(last_recorded_at) AS last_recorded_at FROM audit.event_counts`),
});
