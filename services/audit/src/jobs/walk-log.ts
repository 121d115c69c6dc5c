import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import type { Walked, WalkParts } from '../core/log/walk.ts';
import type { WalkFault } from '../core/log/walk-faults.ts';

export interface WalkLogParts {
  readonly walk: (pace: WalkParts['pace'], onFault: (fault: WalkFault) => void) => Promise<Walked | null>;
  /** The most leaves that are read in a second. */
  readonly leavesPerSecond: number;
  /** The pause between two walks, in milliseconds. */
  readonly everyMs: number;
  readonly isReady: () => boolean;
  readonly onFault: (fault: WalkFault) => void;
  readonly onWalked: (walked: Walked) => void;
  /** Called when a walk could not read everything. */
  readonly onFailed: (error: unknown) => void;
  readonly log: Logger;
}

/** The longest pause within a walk, in milliseconds, so that closing the service need not wait. */
const pauseMsMax = 100;

/** Walks over the whole log again and again at a bounded rate, until stopped. */
export const startWalkingLog = (parts: WalkLogParts): { wake(): void; stop(): Promise<void> } => {
  const { walk, leavesPerSecond, everyMs, isReady, onFault, onWalked, onFailed, log } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const mayGoOn = (): boolean => !signal.aborted && isReady();
  const pace = async (leaves: number): Promise<boolean> => {
    for (let restMs = (leaves / leavesPerSecond) * 1_000; restMs > 0 && mayGoOn(); restMs -= pauseMsMax)
      await delay(Math.min(restMs, pauseMsMax), undefined, { signal }).catch(() => undefined);
    return mayGoOn();
  };
  const running = repeat({
    everyMs,
    task: async () => {
      if (!isReady()) return;
      const walked = await tracedJob(
        'walk audit log',
        () => walk(pace, onFault),
        (found) => found !== null,
      );
      if (walked !== null) onWalked(walked);
    },
    onError: (error) => {
      onFailed(error);
      log.warn({ err: error }, 'the audit log could not be read from end to end; retrying');
    },
  });
  return {
    wake: running.wake,
    stop: () => {
      stopping.abort();
      return running.stop();
    },
  };
};
