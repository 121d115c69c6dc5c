import { AuditPayload, type AuditEvent } from '@guildhall/contracts';
import { row, sql, withoutNull, type RowOf } from '@guildhall/db';
import { auditMessage, omitUndefined, type EventContent } from '@guildhall/resources';
import { Type } from 'typebox';
import type { LoggedEvent } from '../core/log/leaf.ts';
import type { LogEntry } from '../core/log/log-reader.ts';
import { auditEvents } from './tables.ts';

const optionalText = Type.Optional(Type.String());
const logged = {
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
};
/** A row of `loggedColumns`. */
export const LoggedRow = row([auditEvents], logged);
/** A row of `eventColumns`. */
export const EventRow = row([auditEvents], { ...logged, leafIndex: Type.Union([Type.Integer(), Type.Null()]) });
/** A row of `loggedColumns`, with its leaf index and its leaf hash in base64. */
export const EntryRow = row(
  [withoutNull(auditEvents, 'leafIndex')],
  { ...logged, leafIndex: Type.Integer() },
  { leafHash: Type.String() },
);

export const toLogged = (found: RowOf<typeof LoggedRow>): LoggedEvent => ({
  id: found.id,
  occurredAt: found.occurredAt,
  recordedAt: found.recordedAt,
  actor: {
    type: found.actorType,
    id: found.actorId,
    ...omitUndefined({ sessionId: found.sessionId, ip: found.ip, userAgent: found.userAgent }),
  },
  action: found.action,
  resource: { type: found.resourceType, id: found.resourceId, ...omitUndefined({ name: found.resourceName }) },
  ...omitUndefined({ communityId: found.communityId }),
  result: found.result,
  ...omitUndefined({ changes: found.changes }),
  requestId: found.requestId,
  service: found.service,
});

/** The event as its service wrote it. */
export const toContent = (found: RowOf<typeof LoggedRow>): EventContent => {
  const { id, occurredAt, recordedAt: _recordedAt, ...payload } = toLogged(found);
  return auditMessage({ id, at: occurredAt }, payload);
};

export const toEvent = (found: RowOf<typeof EventRow>): AuditEvent => ({ ...toLogged(found), leafIndex: found.leafIndex });

export const toEntry = ({ leafIndex, leafHash, ...event }: RowOf<typeof EntryRow>): LogEntry => ({
  leafIndex,
  leafHash,
  event: toLogged(event),
});

export const loggedColumns = sql.fragment`
  id, occurred_at, recorded_at, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id,
  resource_name, community_id, result, changes, request_id, service`;
export const eventColumns = sql.fragment`${loggedColumns}, leaf_index`;
