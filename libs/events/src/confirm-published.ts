import type { EventKind } from '@guildhall/contracts';
import { repeat } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import type { RelayParts, WaitingMessage } from './relay-parts.ts';
import { eventDigest } from './signed-batch.ts';

const defaults = { sweepEveryMs: 5_000, confirmAfterSeconds: 10 };
/** The longest pause before a destination that is away is asked again, as a multiple of the interval: 30 s by default. */
const backoffMax = 6;
/** The longest pause while there is nothing to confirm, as a multiple of the interval: 30 s by default. It finds what another process published that is gone. */
const idleMax = 6;
/** Both sides read and hash each event again: a thousand at once kept what was published meanwhile waiting for 200 ms. */
const confirmedAtOnceMax = 100;

export interface Confirming {
  /** Events of this kind were published: they are confirmed as soon as they are old enough. */
  onPublished(): void;
  stop(): Promise<void>;
}

/** Confirms the published events of one kind with their destination at an interval, with growing pauses while it is away or nothing is published. */
export const confirmRepeatedly = (parts: RelayParts, kind: EventKind): Confirming => {
  const {
    isReady,
    log,
    sweepEveryMs: everyMs = defaults.sweepEveryMs,
    confirmAfterSeconds = defaults.confirmAfterSeconds,
  } = parts;
  let publishedAt = Number.NEGATIVE_INFINITY;
  /** True while events that this process published cannot all have been confirmed. */
  const isExpecting = (): boolean => performance.now() - publishedAt <= confirmAfterSeconds * 1_000 + everyMs;
  const confirm = (): Promise<number> =>
    tracedJob(
      `confirm ${kind}`,
      () => confirmOldest(parts, kind),
      (events) => events > 0,
    );
  const confirming = repeat({
    everyMs,
    idleMaxMs: idleMax * everyMs,
    afterErrorMaxMs: backoffMax * everyMs,
    task: async () => {
      let [count, last] = [0, 0];
      do {
        last = isReady() ? await confirm() : 0;
        count += last;
      } while (last === confirmedAtOnceMax);
      return count > 0 || isExpecting();
    },
    onError: (error) => log.warn({ err: error, kind }, 'published events cannot be confirmed; they stay in the outbox'),
    onRecovered: () => log.info({ kind }, 'published events are confirmed again'),
  });
  return {
    onPublished: () => {
      if (!isExpecting()) confirming.wake();
      publishedAt = performance.now();
    },
    stop: confirming.stop,
  };
};

/**
 * Reads the oldest published events that are due to be confirmed. Events newer than the oldest waiting job may still be in the queue, for a long
 * time after an outage; confirming them too would publish them again and fill the queue further. The queue is asked only when there is something
 * to confirm.
 */
const readDue = async (parts: RelayParts, kind: EventKind): Promise<readonly WaitingMessage[]> => {
  const { outbox, publisher, confirmAfterSeconds = defaults.confirmAfterSeconds } = parts;
  if ((await outbox.publishedBefore(kind, confirmAfterSeconds, 1)).length === 0) return [];
  const waitedSeconds = await publisher.oldestWaitingSeconds(kind);
  return outbox.publishedBefore(kind, confirmAfterSeconds + waitedSeconds, confirmedAtOnceMax);
};

/** Confirms the oldest published events of a kind with its destination. Returns their number. */
const confirmOldest = async (parts: RelayParts, kind: EventKind): Promise<number> => {
  const { outbox, confirm, log } = parts;
  const events = await readDue(parts, kind);
  if (events.length === 0) return 0;
  const asked = events.map((event) => ({ id: event.id, digest: eventDigest(event) }));
  const { missing, altered } = await confirm(kind, asked);
  if (missing.length > 0)
    log.warn({ kind, count: missing.length }, 'published events are missing at their destination; publishing them again');
  if (altered.length > 0)
    log.error({ kind, ids: altered }, 'the destination holds other events under these ids; the true ones stay in the outbox');
  const unconfirmed = new Set([...missing, ...altered]);
  await outbox.republish([...unconfirmed]);
  await outbox.remove(events.map(({ id }) => id).filter((id) => !unconfirmed.has(id)));
  return events.length;
};
