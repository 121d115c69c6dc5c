import type { AuditEventMessage } from '@guildhall/contracts';
import { repeat } from '@guildhall/repeat';

export interface FoldedRefusals {
  /**
   * Leaves the first refusal of its kind in the audit trail at once. Those that repeat it within a minute are counted, and
   * one event at the end of the minute says how many they were. Rejects when the first cannot be left there.
   */
  record(refusal: AuditEventMessage, kind?: string): Promise<void>;
  /** Leaves what was counted so far. */
  close(): Promise<void>;
}

export interface FoldRefusalsParts {
  /** Leaves an event in the audit trail. */
  readonly append: (event: AuditEventMessage) => Promise<void>;
  readonly newId: () => string;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonicMs: () => number;
  readonly onError: (error: unknown) => void;
  /** Default: a minute. */
  readonly windowMs?: number;
}

interface Window {
  /** Of the event that tells the count: telling it again changes nothing. */
  id: string;
  /** The newest that was only counted. */
  last: AuditEventMessage | null;
  count: number;
  readonly endsAtMs: number;
}

const windowMsDefault = 60_000;
const lookEveryMs = 500;
/** Kinds that are counted at a time; further ones are left in the trail one by one. */
const windowsMax = 5_000;

/** Who was refused what, from where. */
const kindOf = ({ payload: { actor, action, resource } }: AuditEventMessage): string =>
  JSON.stringify([actor.type, actor.id, actor.ip, action, resource.type, resource.id]);

const withCount = (event: AuditEventMessage, id: string, count: number): AuditEventMessage => ({
  ...event,
  id,
  payload: { ...event.payload, changes: [...(event.payload.changes ?? []), { path: '/count', after: count }] },
});

/** One log-in form that is tried ten thousand times leaves two events a minute, not ten thousand. */
export const foldRefusals = (parts: FoldRefusalsParts): FoldedRefusals => {
  const { append, newId, monotonicMs, onError, windowMs = windowMsDefault } = parts;
  const windows = new Map<string, Window>();

  const leaveCounts = async (isOver: (window: Window) => boolean): Promise<void> => {
    for (const [kind, window] of windows) {
      if (!isOver(window)) continue;
      const { id, last, count } = window;
      if (last !== null) await append(withCount(last, id, count));
      if (window.count === count) windows.delete(kind);
      // Meanwhile there were more: they are told at the next look.
      else Object.assign(window, { id: newId(), count: window.count - count });
    }
  };
  const looking = repeat({
    everyMs: lookEveryMs,
    task: () => leaveCounts(({ endsAtMs }) => endsAtMs <= monotonicMs()),
    onError,
  });
  return {
    record: async (refusal, kind = kindOf(refusal)) => {
      const known = windows.get(kind);
      if (known !== undefined) {
        known.last = refusal;
        known.count += 1;
        return;
      }
      const window: Window = { id: newId(), last: null, count: 0, endsAtMs: monotonicMs() + windowMs };
      if (windows.size < windowsMax) windows.set(kind, window);
      try {
        await append(refusal);
      } catch (error) {
        // Nothing of its kind is in the trail: the next one is a first one again.
        if (windows.get(kind) === window && window.count === 0) windows.delete(kind);
        throw error;
      }
    },
    close: async () => {
      await looking.stop();
      await leaveCounts(() => true).catch(onError);
    },
  };
};
