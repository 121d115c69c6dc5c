import { isAppError } from '@guildhall/errors';
import { canonicalJson } from './canonical-json.ts';

/** An event as an outbox or the audit trail holds it. */
export interface EventContent {
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly payload: unknown;
}

/**
 * The text that two processes compare an event by, as its digest: the same however the event was written on its way (order
 * of keys, capitals in UUIDs, a time zone). The text of an event without canonical JSON is its JSON as it came, with its keys in order.
 */
export const eventTextOf = ({ id, kind, occurredAt, payload }: EventContent): string => {
  try {
    return canonicalJson({ id: id.toLowerCase(), kind, occurredAt: Date.parse(occurredAt), payload: plainIds(payload) });
  } catch (error) {
    if (isAppError(error))
      return `not canonical: ${JSON.stringify({ id: id.toLowerCase(), kind, occurredAt, payload }, inOrder)}`;
    throw error;
  }
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const plain = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** The payload with the UUIDs that audit stores as such in small letters. */
const plainIds = (payload: unknown): unknown => {
  if (!isFields(payload)) return payload;
  const { communityId, actor } = payload;
  return {
    ...payload,
    ...(communityId === undefined ? {} : { communityId: plain(communityId) }),
    ...(isFields(actor) && actor['sessionId'] !== undefined ? { actor: { ...actor, sessionId: plain(actor['sessionId']) } } : {}),
  };
};

/** A replacer of JSON.stringify that writes the keys of every object in order. */
const inOrder = (_key: string, value: unknown): unknown =>
  isFields(value)
    ? Object.fromEntries(
        Object.keys(value)
          .toSorted()
          .map((key) => [key, value[key]]),
      )
    : value;
