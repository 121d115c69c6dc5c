export interface Repeated {
  /** Runs the task as soon as the current run, if any, is over. */
  nudge(): void;
  /** Starts no further run and waits for the one under way. */
  stop(): Promise<void>;
}

export interface RepeatParts {
  /** The pause between the end of one run and the start of the next. */
  readonly everyMs: number;
  /** One run. It is never started while another is under way. It bounds its own time. */
  readonly task: () => Promise<void>;
  /** Told of every run that throws; the next one follows as usual. */
  readonly onError: (error: unknown) => void;
}

/** Runs a task again and again, the first time at once, until stopped. */
export const repeat = ({ everyMs, task, onError }: RepeatParts): Repeated => {
  let isStopped = false;
  let isNudged = false;
  let wake: () => void = () => {};

  const pause = async (): Promise<void> => {
    if (isNudged || isStopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  };
  const run = async (): Promise<void> => {
    while (!isStopped) {
      isNudged = false;
      await task().catch(onError);
      await pause();
    }
  };
  const running = run();
  return {
    nudge() {
      isNudged = true;
      wake();
    },
    async stop() {
      isStopped = true;
      wake();
      await running;
    },
  };
};
