import type { AuditEvent, AuditEventMessage } from '@guildhall/contracts';
import { canonicalJson } from '@guildhall/resources';
import { type Hash, type Sha256, leafHash } from '@guildhall/tlog';
import { plainUuid } from '../uuid.ts';

/** An event as the log hashes it: everything except its leaf index. */
export type LoggedEvent = Omit<AuditEvent, 'leafIndex'>;

const encoder = new TextEncoder();

/** The text that a leaf is the hash of. Throws UNPROCESSABLE for an event that has no canonical JSON. */
export const leafTextOf = (event: LoggedEvent): string => canonicalJson(event);

export const leafHashOf = (sha256: Sha256, event: LoggedEvent): Hash => leafHash(sha256, encoder.encode(leafTextOf(event)));

/** The bounds of the time of an event, which the table enforces. */
const earliestMs = Date.UTC(1970, 0, 1);
const latestMs = Date.UTC(9999, 11, 31);

/**
 * A time as it is stored and answered: UTC, in milliseconds, what is finer cut off. A leap second is the first moment of the
 * next minute. What the table refuses, or nobody can read, stays as it is, so that the table says so.
 */
const plainTime = (text: string): string => {
  const leap = /^(.*:\d\d:)60(.*)$/.exec(text);
  const time = leap === null ? Date.parse(text) : Date.parse(`${leap[1]}59${leap[2]}`) + 1_000;
  return time >= earliestMs && time < latestMs ? new Date(time).toISOString() : text;
};

/** The event that a message becomes, to the letter as the database gives it back: whatever is written in several ways is written in one. */
export const eventOfMessage = ({ id, occurredAt, payload }: AuditEventMessage, recordedAt: string): LoggedEvent => {
  const { actor, communityId, ...rest } = payload;
  return {
    id: plainUuid(id),
    occurredAt: plainTime(occurredAt),
    recordedAt,
    ...rest,
    actor: actor.sessionId === undefined ? actor : { ...actor, sessionId: plainUuid(actor.sessionId) },
    ...(communityId === undefined ? {} : { communityId: plainUuid(communityId) }),
  };
};
