import type { AuditEventMessage } from '@guildhall/contracts';
import { repeat } from '@guildhall/repeat';
import { networkOf } from '@guildhall/resources';

export interface FoldedRefusals {
  /**
   * Stores a denial, with deduplication: the first of its kind goes into the audit trail at once. Repetitions within a minute are counted, and one event at
   * the end of the minute holds their number. Rejects when the first one cannot be stored.
   */
  record(refusal: AuditEventMessage, kind?: string): Promise<void>;
  /** Stores the counts so far. */
  close(): Promise<void>;
}

export interface FoldRefusalsParts {
  /** Stores an event in the audit trail. */
  readonly append: (event: AuditEventMessage) => Promise<void>;
  readonly newId: () => string;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonicMs: () => number;
  readonly onError: (error: unknown) => void;
  /** Default: a minute. */
  readonly windowMs?: number;
}

/** Refusals of one kind within a minute. */
interface Window {
  /** The actor and the action: the kinds that share them have a bound. */
  readonly group: string;
  /** The id of the event with the count: storing it again changes nothing. */
  id: string;
  /** The newest repetition. */
  last: AuditEventMessage | null;
  count: number;
  readonly endsAtMs: number;
}

const windowMsDefault = 60_000;
/** Kinds of one actor and action that are counted apart within a minute; further ones are counted together. */
const kindsPerGroupMax = 10;
const pollEveryMs = 500;
/** Kinds that are counted at a time; denials of further kinds are stored one by one. */
const windowsMax = 5_000;

/** The actor of a refusal: a caller who changes the address within a /64 network is the same one. */
const whoOf = ({ type, id, ip }: AuditEventMessage['payload']['actor']) => [type, id, ip === undefined ? null : networkOf(ip)];

/** The default kind: actor, network, action and resource. */
const kindOf = ({ payload: { actor, action, resource } }: AuditEventMessage): string =>
  JSON.stringify([whoOf(actor), action, resource.type, resource.id]);

/** Actor, network and action, whatever the resource. */
const groupOf = ({ payload: { actor, action } }: AuditEventMessage): string => JSON.stringify([whoOf(actor), action]);

const withCount = (event: AuditEventMessage, id: string, count: number): AuditEventMessage => ({
  ...event,
  id,
  payload: { ...event.payload, changes: [...(event.payload.changes ?? []), { path: '/count', after: count }] },
});

/** Deduplicates denials: a log-in form that is tried ten thousand times a minute leaves two events, not ten thousand. */
export const foldRefusals = (parts: FoldRefusalsParts): FoldedRefusals => {
  const { append, newId, monotonicMs, onError, windowMs = windowMsDefault } = parts;
  const windows = new Map<string, Window>();

  const kindsIn = (group: string): number => windows.values().reduce((sum, each) => sum + Number(each.group === group), 0);

  const storeCounts = async (isOver: (window: Window) => boolean): Promise<void> => {
    for (const [kind, window] of windows) {
      if (!isOver(window)) continue;
      const { id, last, count } = window;
      if (last !== null) await append(withCount(last, id, count));
      if (window.count === count) windows.delete(kind);
      // More were counted while the event was stored: the next poll stores them.
      else Object.assign(window, { id: newId(), count: window.count - count });
    }
  };
  const poller = repeat({
    everyMs: pollEveryMs,
    task: () => storeCounts(({ endsAtMs }) => endsAtMs <= monotonicMs()),
    onError,
  });
  return {
    record: async (refusal, ownKind = kindOf(refusal)) => {
      const group = groupOf(refusal);
      const kind = windows.has(ownKind) || kindsIn(group) < kindsPerGroupMax ? ownKind : group;
      const known = windows.get(kind);
      if (known !== undefined) {
        known.last = refusal;
        known.count += 1;
        return;
      }
      const window: Window = { group, id: newId(), last: null, count: 0, endsAtMs: monotonicMs() + windowMs };
      if (windows.size < windowsMax) windows.set(kind, window);
      try {
        await append(refusal);
      } catch (error) {
        // None of its kind is in the trail: the next one is a first one again.
        if (windows.get(kind) === window && window.count === 0) windows.delete(kind);
        throw error;
      }
    },
    close: async () => {
      await poller.stop();
      await storeCounts(() => true).catch(onError);
    },
  };
};
