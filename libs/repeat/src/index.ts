import { AsyncLocalStorage } from 'node:async_hooks';

export { steadyMs } from './steady-clock.ts';
export { within, withTimeLimit } from './within.ts';

/** A running polling loop. */
export interface Repeated {
  /** Runs the task at once, or as soon as the current run has ended. */
  wake(): void;
  /** Starts no further run and waits for the current one. */
  stop(): Promise<void>;
}

export interface RepeatParts {
  /** The pause between the end of one run and the start of the next, in milliseconds. */
  readonly everyMs: number;
  /** The pause after a failed run, in milliseconds; `wake` does not shorten it. Default: `everyMs`. */
  readonly afterErrorMs?: number;
  /** Exponential backoff: the pause doubles with each further failure in a row, up to this. Default: it stays as it is. */
  readonly afterErrorMaxMs?: number;
  /** One run. Runs never overlap. The task must limit its own duration. */
  readonly task: () => Promise<void>;
  /** Called for the first of several failed runs in a row. */
  readonly onError: (error: unknown) => void;
  /** Called for the first successful run after a failed one. */
  readonly onRecovered?: () => void;
}

const repeating = new AsyncLocalStorage<true>();

/** True within the task of a polling loop, and within all that the task calls: what runs then is nobody's request. */
export const isRepeating = (): boolean => repeating.getStore() === true;

/** A polling loop: runs a task at once and then again after each pause, until it is stopped. */
export const repeat = (parts: RepeatParts): Repeated => {
  const { everyMs, afterErrorMs = everyMs, afterErrorMaxMs = afterErrorMs, task, onError, onRecovered } = parts;
  let isStopped = false;
  let isWoken = false;
  /** The failed runs in a row. */
  let failures = 0;
  let endPause: (() => void) | null = null;

  const runOnce = async (): Promise<void> => {
    try {
      await repeating.run(true, task);
      if (failures > 0) onRecovered?.();
      failures = 0;
    } catch (error) {
      if (failures === 0) onError(error);
      failures += 1;
    }
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        endPause = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      endPause = end;
    });
  const run = async (): Promise<void> => {
    for (;;) {
      isWoken = false;
      await runOnce();
      if (isStopped) return;
      if (failures > 0) await pause(Math.min(afterErrorMs * 2 ** (failures - 1), afterErrorMaxMs));
      else if (!isWoken) await pause(everyMs);
      if (isStopped) return;
    }
  };
  const running = run();
  return {
    wake() {
      isWoken = true;
      if (failures === 0) endPause?.();
    },
    async stop() {
      isStopped = true;
      endPause?.();
      await running;
    },
  };
};
