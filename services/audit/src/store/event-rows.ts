import { AuditPayload, type AuditEvent } from '@guildhall/contracts';
import { row, sql } from '@guildhall/db';
import { Type, type Static } from 'typebox';
import type { LoggedEvent } from '../core/log/leaf.ts';
import type { LogEntry } from '../core/log/log-reader.ts';

const optionalText = Type.Optional(Type.String());
export const LoggedColumns = Type.Object({
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
const EventColumns = Type.Object({ ...LoggedColumns.properties, leafIndex: Type.Union([Type.Integer(), Type.Null()]) });
const EntryColumns = Type.Object({ ...LoggedColumns.properties, leafIndex: Type.Integer(), leafHash: Type.String() });
/** A row of `loggedColumns`. */
export const LoggedRow = row(LoggedColumns);
/** A row of `eventColumns`. */
export const EventRow = row(EventColumns);
/** A row of `loggedColumns`, with its leaf index and its leaf hash in base64. */
export const EntryRow = row(EntryColumns);

/** Leaves out fields that are undefined. */
const present = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

export const toLogged = (found: Static<typeof LoggedColumns>): LoggedEvent => ({
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

export const toEvent = (found: Static<typeof EventColumns>): AuditEvent => ({ ...toLogged(found), leafIndex: found.leafIndex });

export const toEntry = ({ leafIndex, leafHash, ...event }: Static<typeof EntryColumns>): LogEntry => ({
  leafIndex,
  leafHash,
  event: toLogged(event),
});

export const loggedColumns = sql.fragment`
  id, occurred_at, recorded_at, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id,
  resource_name, community_id, result, changes, request_id, service`;
export const eventColumns = sql.fragment`${loggedColumns}, leaf_index`;
