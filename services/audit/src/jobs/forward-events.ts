import { repeat, type Logger } from '@guildhall/http';
import type { Forwarder, ForwardStep } from '../core/forward/forward-events.ts';

export interface ForwardEventsParts {
  readonly forwarder: Forwarder;
  /** Ends a delivery that is under way. */
  readonly abort: () => void;
  /** While false nothing is sent: the database is away. */
  readonly isReady: () => boolean;
  readonly onFailure: () => void;
  /** From 0 to below 1. */
  readonly chance: () => number;
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

/** How soon what was stored is sent. */
const everyMs = 1_000;
/** The pause after the first failure; each failure in a row doubles it. */
const pauseMsMin = 1_000;
const pauseMsMax = 60_000;

/** Half of it is chance, so that what failed together does not come back together. */
const pauseMs = (failures: number, chance: number): number =>
  Math.min(pauseMsMax, pauseMsMin * 2 ** (failures - 1)) * (0.5 + chance / 2);

/** Forwards the log, batch after batch, until stopped or until the receiver wants no more. A failure is said once, and its end. */
export const startForwardingEvents = (parts: ForwardEventsParts): { stop(): Promise<void> } => {
  const { forwarder, abort, isReady, onFailure, chance, monotonicMs, log } = parts;
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let isGone = false;
  let isStopped = false;

  const failed = (error: unknown): void => {
    if (isStopped) return;
    failures += 1;
    onFailure();
    notBefore = monotonicMs() + pauseMs(failures, chance());
    if (failures === 1) log.warn({ err: error }, 'the audit trail cannot be forwarded; trying on');
  };
  const stepped = (step: ForwardStep): void => {
    if (step === 'gone') {
      isGone = true;
      log.error('the receiver of the audit trail answered 410 Gone: nothing is forwarded until the service is started again');
    }
    if (step !== 'sent' || failures === 0) return;
    log.info({ failures }, 'the audit trail is forwarded again');
    failures = 0;
  };
  const maySend = (): boolean => !isStopped && !isGone && isReady() && monotonicMs() >= notBefore;
  const task = async (): Promise<void> => {
    if (isReady() && !maySend()) await forwarder.look();
    for (let step: ForwardStep = 'sent'; step === 'sent' && maySend(); stepped(step)) step = await forwarder.step();
  };
  const running = repeat({
    everyMs,
    task: () => task().catch(failed),
    onError: (error) => log.error({ err: error }, 'forwarding failed in a way that nobody thought of'),
  });
  return {
    async stop() {
      isStopped = true;
      abort();
      await running.stop();
      await forwarder.release().catch((error: unknown) => log.debug({ err: error }, 'the lease of forwarding ends by itself'));
    },
  };
};
