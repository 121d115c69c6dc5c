import type { EventKind } from '@guildhall/contracts';
import { repeat, type Repeated } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import type { RelayParts } from './relay-parts.ts';
import { eventDigest } from './signed-batch.ts';

const defaults = { sweepEveryMs: 5_000, confirmAfterSeconds: 10 };
/** The longest pause before a destination that is away is asked again, as a multiple of the interval: 30 s by default. */
const backoffMax = 6;
const confirmedAtOnceMax = 1_000;

/** Confirms the published events of one kind with their destination at an interval, with growing pauses while it is away. */
export const confirmRepeatedly = (parts: RelayParts, kind: EventKind): Repeated => {
  const { isReady, log, sweepEveryMs: everyMs = defaults.sweepEveryMs } = parts;
  const confirm = (): Promise<number> =>
    tracedJob(
      `confirm ${kind}`,
      () => confirmOldest(parts, kind),
      (events) => events > 0,
    );
  return repeat({
    everyMs,
    afterErrorMaxMs: backoffMax * everyMs,
    task: async () => {
      while (isReady() && (await confirm()) === confirmedAtOnceMax);
    },
    onError: (error) => log.warn({ err: error, kind }, 'published events cannot be confirmed; they stay in the outbox'),
    onRecovered: () => log.info({ kind }, 'published events are confirmed again'),
  });
};

/**
 * The age from which published events are confirmed, in seconds. Events newer than the oldest waiting job may still be in
 * the queue, for a long time after an outage; confirming them too would publish them again and fill the queue further.
 */
const confirmAgeSeconds = async (
  { publisher, confirmAfterSeconds = defaults.confirmAfterSeconds }: RelayParts,
  kind: EventKind,
): Promise<number> => confirmAfterSeconds + (await publisher.oldestWaitingSeconds(kind));

/** Confirms the oldest published events of a kind with its destination. Returns their number. */
const confirmOldest = async (parts: RelayParts, kind: EventKind): Promise<number> => {
  const { outbox, confirm, log } = parts;
  const events = await outbox.publishedBefore(kind, await confirmAgeSeconds(parts, kind), confirmedAtOnceMax);
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
