import { AuditPayload } from '@guildhall/contracts';
import { row, sql, withoutNull, type RowOf } from '@guildhall/db';
import { auditMessage, omitUndefined, type EventContent } from '@guildhall/resources';
import { Type } from 'typebox';
import type { LoggedEvent } from '../core/log/leaf.ts';
import type { LogEntry } from '../core/log/log-reader.ts';
import { logName } from './log-name.ts';
import { readableTime } from './readable-time.ts';
import { auditEvents } from './tables.ts';

const optionalText = Type.Optional(Type.String());
/** The properties of a logged event's row. */
export const loggedProperties = {
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
  // Whatever stands there: an event that is not as it was written is shown as altered, and is no failure to read.
  changes: Type.Optional(Type.Unknown()),
  requestId: Type.String(),
  service: Type.String(),
};
/** A row of `loggedColumns`. */
export const LoggedRow = row([auditEvents], loggedProperties);
const tables = [withoutNull(auditEvents, 'leafIndex')] as const;
const entryProperties = { ...loggedProperties, leafIndex: Type.Integer() };
/** A row of `entryColumns`. */
export const EntryRow = row(tables, entryProperties, { leafHash: Type.String() });
/** A row of `entryColumns`, with the place of the ask that it answers. */
export const PlacedEntryRow = row(tables, entryProperties, { leafHash: Type.String(), place: Type.Integer() });

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
  ...omitUndefined({ changes: found.changes as LoggedEvent['changes'] }),
  requestId: found.requestId,
  service: found.service,
});

/** The event as its service wrote it. */
export const toContent = (found: RowOf<typeof LoggedRow>): EventContent => {
  const { id, occurredAt, recordedAt: _recordedAt, ...payload } = toLogged(found);
  return auditMessage({ id, at: occurredAt }, payload);
};

export const toEntry = (found: RowOf<typeof EntryRow>): LogEntry => ({
  leafIndex: found.leafIndex,
  leafHash: found.leafHash,
  event: toLogged(found),
});

/** A time of recording that no ISO 8601 text can say becomes another one, and so the event an altered one. */
export const loggedColumns = sql.fragment`
  id, occurred_at, ${readableTime(sql.fragment`recorded_at`)} AS recorded_at, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id,
  resource_name, community_id, result, changes, request_id, service`;
/** An event with its leaf index, and its leaf hash in base64: empty where somebody took it away. */
export const entryColumns = sql.fragment`
  ${loggedColumns}, leaf_index, coalesce(encode(leaf_hash, 'base64'), '') AS leaf_hash`;
/**
 * Rows that the log has placed. Any other row was written by hand, or waits to be sequenced: it is no event. The sum keeps the planner from
 * seeing a range, which it takes for a narrow one where it does not know its end, and for which it would read the whole log.
 */
export const inTree = sql.fragment`
  leaf_index >= 0 AND leaf_index + 0 < (SELECT head.size FROM audit.log_heads AS head WHERE head.name = ${logName})`;
