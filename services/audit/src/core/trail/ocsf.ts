import type { LoggedEvent } from '../log/leaf.ts';
import { activityOf, type OcsfActivity } from './ocsf-activities.ts';
import type { AlteredEntry, LogEntry, RemovedEntry } from '../log/log-reader.ts';
import { omitUndefined } from '@guildhall/resources';

/** The version of the Open Cybersecurity Schema Framework (https://schema.ocsf.io) that events are mapped to. */
export const ocsfVersion = '1.8.0';

type Json = Readonly<Record<string, unknown>>;

const iam = { category_uid: 3, category_name: 'Identity & Access Management' };
const product = { name: 'Guildhall', vendor_name: 'Guildhall', feature: { name: 'audit' } };
const userTypes = {
  user: { type: 'User', type_id: 1 },
  token: { type: 'Service', type_id: 4 },
  system: { type: 'System', type_id: 3 },
};
const severities = { success: ['Informational', 1], denied: ['Medium', 3], failure: ['Low', 2] } as const;

const actorOf = ({ actor: { type, id, sessionId } }: LoggedEvent): Json => ({
  user: { uid: id, ...userTypes[type] },
  ...(sessionId === undefined ? {} : { session: { uid: sessionId } }),
});

const resultOf = ({ result }: LoggedEvent): Json => {
  const [severity, severity_id] = severities[result];
  const isSuccess = result === 'success';
  return {
    severity,
    severity_id,
    status: isSuccess ? 'Success' : 'Failure',
    status_id: isSuccess ? 1 : 2,
    status_detail: result,
  };
};

const originOf = ({ actor: { ip, userAgent } }: LoggedEvent): Json => ({
  ...(ip === undefined ? {} : { src_endpoint: { ip } }),
  ...(userAgent === undefined ? {} : { http_request: { user_agent: userAgent } }),
});

const classOf = ({ classUid, className, activityId, activityName }: OcsfActivity): Json => ({
  ...iam,
  class_uid: classUid,
  class_name: className,
  activity_id: activityId,
  activity_name: activityName,
  type_uid: classUid * 100 + activityId,
  type_name: `${className}: ${activityName}`,
});

/** An entry of the log as an OCSF event of the identity and access management category. What OCSF has no place for is in `unmapped`. */
export const ocsfOf = ({ leafIndex, leafHash, event }: LogEntry): Json => {
  const activity = activityOf(event);
  const { id, occurredAt, recordedAt, action, resource, communityId, changes, requestId, service } = event;
  return {
    ...classOf(activity),
    time: Date.parse(occurredAt),
    message: `${action} ${resource.type} ${resource.name ?? resource.id}`,
    ...resultOf(event),
    metadata: {
      version: ocsfVersion,
      product,
      uid: id,
      correlation_uid: requestId,
      event_code: action,
      log_name: 'audit',
      log_provider: service,
      original_time: occurredAt,
      logged_time: Date.parse(recordedAt),
      sequence: leafIndex,
    },
    actor: actorOf(event),
    ...originOf(event),
    ...activity.subject,
    unmapped: {
      leafHash,
      resource,
      ...omitUndefined({ communityId, changes }),
    },
  };
};

const baseEvent = { category_uid: 0, category_name: 'Uncategorized', class_uid: 0, class_name: 'Base Event' };

/** A leaf without an event that could be passed on, as OCSF's base event. */
const baseEventOf = (
  { leafIndex, leafHash }: Pick<LogEntry, 'leafIndex' | 'leafHash'>,
  { name, time, message, severity, unmapped }: BaseEvent,
): Json => ({
  ...baseEvent,
  activity_id: 99,
  activity_name: name,
  type_uid: 99,
  type_name: `Base Event: ${name}`,
  time: Date.parse(time),
  message: `The audit event at leaf index ${leafIndex} ${message}`,
  severity: severity[0],
  severity_id: severity[1],
  metadata: { version: ocsfVersion, product, log_name: 'audit', sequence: leafIndex },
  unmapped: { leafHash, ...unmapped },
});

interface BaseEvent {
  readonly name: string;
  readonly time: string;
  readonly message: string;
  readonly severity: readonly [name: string, id: number];
  readonly unmapped: Json;
}

/** An event that was altered in the database: nothing of what its row says now is passed on as if it had happened. */
export const ocsfOfAltered = (entry: AlteredEntry): Json =>
  baseEventOf(entry, {
    name: 'Altered',
    time: entry.altered.recordedAt,
    message: 'was altered in the database',
    severity: ['Critical', 5],
    unmapped: { altered: entry.altered },
  });

/** An event whose payload was removed, at the time of its removal. */
export const ocsfOfRemoved = (entry: RemovedEntry): Json =>
  baseEventOf(entry, {
    name: 'Removed',
    time: entry.removedAt,
    message: `was ${entry.reason}`,
    severity: ['Informational', 1],
    unmapped: { removed: entry.reason },
  });
