import type { Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import type { Forwarder, ForwardStep } from '../core/forward/forward-events.ts';

export interface ForwardEventsParts {
  readonly forwarder: Forwarder;
  /** Ends a delivery that is under way. */
  readonly abort: () => void;
  /** False while the database is away: the job waits. */
  readonly isReady: () => boolean;
  readonly onFailure: () => void;
  /** Called after each delivery: whether the receiver answered 410 Gone. */
  readonly onGone: (isGone: boolean) => void;
  /** Called when forwarding stands still, with the reason, and with null when it goes on. */
  readonly onState: (reason: string | null) => void;
  /** A random number from 0 to below 1. */
  readonly random: () => number;
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

/** The pause between two looks for new events, in milliseconds. */
const everyMs = 1_000;
/** The pause after the first failure; each failure in a row doubles it. */
const pauseMsMin = 1_000;
const pauseMsMax = 60_000;
/** The pause after 410 Gone: the receiver wants no more, which may be a mistake of its operator. */
const gonePauseMs = 3_600_000;

/** Exponential backoff with jitter: half of the pause is random, so that what failed together does not come back together. */
const pauseMs = (failures: number, random: number): number =>
  Math.min(pauseMsMax, pauseMsMin * 2 ** (failures - 1)) * (0.5 + random / 2);

/** Forwards the log, batch after batch, until stopped. A failure is logged once, and so is recovery; 410 Gone each time. */
export const startForwardingEvents = (parts: ForwardEventsParts): { stop(): Promise<void> } => {
  const { forwarder, abort, isReady, onFailure, onGone, onState, random, monotonicMs, log } = parts;
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let isStopped = false;

  const failed = (error: unknown): void => {
    if (isStopped) return;
    failures += 1;
    onFailure();
    notBefore = monotonicMs() + pauseMs(failures, random());
    onState(error instanceof Error ? error.message : String(error));
    if (failures === 1) log.warn({ err: error }, 'audit events could not be forwarded; retrying');
  };
  const stepped = (step: ForwardStep): void => {
    onGone(step === 'gone');
    if (step === 'gone') {
      failures += 1;
      notBefore = monotonicMs() + gonePauseMs;
      onState('The receiver wants no more events.');
      log.error('the receiver of audit events answered 410 Gone: retrying every hour; unset FORWARD_URL to stop forwarding');
    }
    if (step !== 'sent' || failures === 0) return;
    onState(null);
    log.info({ failures }, 'audit events are forwarded again');
    failures = 0;
  };
  const maySend = (): boolean => !isStopped && isReady() && monotonicMs() >= notBefore;
  const forwardOnce = (): Promise<ForwardStep> =>
    tracedJob(
      'forward audit events',
      () => forwarder.step(),
      (step) => step === 'sent',
    );
  const sendAll = async (): Promise<void> => {
    for (let step: ForwardStep = 'sent'; step === 'sent' && maySend(); stepped(step)) step = await forwardOnce();
  };
  const running = repeat({
    everyMs,
    task: async () => {
      // A look that fails is no delivery that failed: it must not change when the receiver is asked again.
      if (isReady() && !maySend()) await forwarder.look();
      await sendAll().catch(failed);
    },
    onError: (error) => log.warn({ err: error }, 'the forwarding lag could not be read; retrying'),
  });
  return {
    async stop() {
      isStopped = true;
      abort();
      await running.stop();
      await forwarder
        .release()
        .catch((error: unknown) => log.debug({ err: error }, 'the forwarding lease could not be released; it expires'));
    },
  };
};
