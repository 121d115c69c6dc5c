import { AsyncLocalStorage } from 'node:async_hooks';

export { steadyMs } from './steady-clock.ts';
export { afterReading, within, withTimeLimit } from './within.ts';

/** A running polling loop. */
export interface Repeated {
  /** Runs the task at once, or as soon as the current run has ended. */
  wake(): void;
  /** Runs the task after `everyMs` at the latest, however long the pause was to be: there will soon be something to do. */
  expectWork(): void;
  /** Starts no further run and waits for the current one. */
  stop(): Promise<void>;
}

export interface RepeatParts {
  /** The pause between the end of one run and the start of the next, in milliseconds. */
  readonly everyMs: number;
  /** The pause after a failed run, in milliseconds; `wake` does not shorten it. Default: `everyMs`. */
  readonly afterErrorMs?: number;
  /**
   * The longest pause while there is nothing to do, in milliseconds: the pause doubles after each run that resolves with false, by chance a little
   * shorter, so that processes do not ask in step. Work and `wake` shorten it again. Default: it stays as it is.
   */
  readonly idleMaxMs?: number;
  /** Exponential backoff: the pause doubles with each further failure in a row, up to this. Default: it stays as it is. */
  readonly afterErrorMaxMs?: number;
  /** One run; false: it found nothing to do. Runs never overlap. The task must limit its own duration. */
  readonly task: () => Promise<void> | Promise<boolean>;
  /** Called for the first of several failed runs in a row. */
  readonly onError: (error: unknown) => void;
  /** Called for the first successful run after a failed one. */
  readonly onRecovered?: () => void;
}

const repeating = new AsyncLocalStorage<true>();

/** True within the task of a polling loop, and within all that the task calls: what runs then is nobody's request. */
export const isRepeating = (): boolean => repeating.getStore() === true;

/** The pause after `idleRuns` runs in a row that found nothing to do. */
const idlePause = (idleRuns: number, everyMs: number, maxMs: number): number => {
  const ms = Math.min(everyMs * 2 ** Math.max(0, idleRuns - 1), maxMs);
  return ms > everyMs ? ms * (1 - idleJitter * Math.random()) : ms;
};

/** The largest part by which chance shortens a pause while there is nothing to do. */
const idleJitter = 0.25;

/** One pause at a time, which can be ended or shortened while it lasts. */
const createPause = () => {
  let endsAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let end: (() => void) | undefined;
  return {
    pause: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        end = (): void => {
          clearTimeout(timer);
          endsAtMs = 0;
          resolve();
        };
        endsAtMs = performance.now() + ms;
        timer = setTimeout(end, ms);
      }),
    end: (): void => end?.(),
    shortenTo: (ms: number): void => {
      if (end === undefined || endsAtMs - performance.now() <= ms) return;
      clearTimeout(timer);
      endsAtMs = performance.now() + ms;
      timer = setTimeout(end, ms);
    },
  };
};

/** A polling loop: runs a task at once and then again after each pause, until it is stopped. */
export const repeat = (parts: RepeatParts): Repeated => {
  const { everyMs, idleMaxMs = everyMs, afterErrorMs = everyMs, afterErrorMaxMs = afterErrorMs } = parts;
  const { task, onError, onRecovered } = parts;
  let isStopped = false;
  let isWoken = false;
  /** The failed runs in a row. */
  let failures = 0;
  /** The runs in a row that found nothing to do. */
  let idleRuns = 0;
  const pausing = createPause();

  const runOnce = async (): Promise<void> => {
    try {
      const hasWorked = await repeating.run(true, task);
      idleRuns = hasWorked === false && !isWoken ? idleRuns + 1 : 0;
      if (failures > 0) onRecovered?.();
      failures = 0;
    } catch (error) {
      if (failures === 0) onError(error);
      failures += 1;
    }
  };
  const run = async (): Promise<void> => {
    for (;;) {
      isWoken = false;
      await runOnce();
      if (isStopped) return;
      if (failures > 0) await pausing.pause(Math.min(afterErrorMs * 2 ** (failures - 1), afterErrorMaxMs));
      else if (!isWoken) await pausing.pause(idlePause(idleRuns, everyMs, idleMaxMs));
      if (isStopped) return;
    }
  };
  const running = run();
  return {
    wake() {
      isWoken = true;
      idleRuns = 0;
      if (failures === 0) pausing.end();
    },
    expectWork() {
      idleRuns = 0;
      if (failures === 0) pausing.shortenTo(everyMs);
    },
    async stop() {
      isStopped = true;
      pausing.end();
      await running;
    },
  };
};
