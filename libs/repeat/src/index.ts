export interface Repeated {
  /** Runs the task as soon as the current run, if any, is over. */
  nudge(): void;
  /** Starts no further run and waits for the one under way. */
  stop(): Promise<void>;
}

export interface RepeatParts {
  /** The pause between the end of one run and the start of the next, in milliseconds. */
  readonly everyMs: number;
  /** The pause after a run that threw; a nudge does not shorten it. The usual one where not given. */
  readonly afterErrorMs?: number;
  /** One run. It is never started while another is under way. It bounds its own time. */
  readonly task: () => Promise<void>;
  /** Told of the first of a row of runs that throw. */
  readonly onError: (error: unknown) => void;
  /** Told of the first run that succeeds after that. */
  readonly onRecovered?: () => void;
}

/** Runs a task again and again, the first time at once, until stopped. */
export const repeat = ({ everyMs, afterErrorMs = everyMs, task, onError, onRecovered }: RepeatParts): Repeated => {
  let isStopped = false;
  let isNudged = false;
  let isFailing = false;
  let wake: (() => void) | null = null;

  const runOnce = async (): Promise<void> => {
    try {
      await task();
      if (isFailing) onRecovered?.();
      isFailing = false;
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
    }
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        wake = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      wake = end;
    });
  const run = async (): Promise<void> => {
    for (;;) {
      isNudged = false;
      await runOnce();
      if (isStopped) return;
      if (isFailing || !isNudged) await pause(isFailing ? afterErrorMs : everyMs);
      if (isStopped) return;
    }
  };
  const running = run();
  return {
    nudge() {
      isNudged = true;
      if (!isFailing) wake?.();
    },
    async stop() {
      isStopped = true;
      wake?.();
      await running;
    },
  };
};
