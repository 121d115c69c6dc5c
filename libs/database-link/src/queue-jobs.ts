import type { Logger } from '@guildhall/http';

/** A consumer or relay that works on one queue until it is closed. */
export interface QueueJob {
  close(): Promise<void>;
}

export interface QueueJobs {
  /**
   * Calls `start` with the address of each queue that is configured, once the job on the previous queue is closed.
   * Returns a function that returns the job that runs now, or null.
   */
  add<Job extends QueueJob>(start: (queueUrl: string) => Job): () => Job | null;
  /** Moves every job to another queue; null stops them. */
  moveTo(queueUrl: string | null): void;
  close(): Promise<void>;
}

/** Keeps jobs running on the queue that is configured at the moment, and moves them when it changes. */
export const createQueueJobs = (first: string | null, log: Logger): QueueJobs => {
  const moves: ((queueUrl: string | null) => void)[] = [];
  let current = first;
  let settled: Promise<unknown> = Promise.resolve();

  const closed = async (job: QueueJob | null): Promise<void> =>
    job?.close().catch((error: unknown) => log.warn({ err: error }, 'a job on the previous queue could not be closed cleanly'));

  return {
    add: <Job extends QueueJob>(start: (queueUrl: string) => Job) => {
      let job = current === null ? null : start(current);
      const restart = async (before: Promise<unknown>, former: Job | null, queueUrl: string | null): Promise<void> => {
        await before;
        await closed(former);
        // The queue may have changed again while the previous job was closing: only the newest address is used.
        if (queueUrl !== null && queueUrl === current) job ??= start(queueUrl);
      };
      moves.push((queueUrl) => {
        const former = job;
        job = null;
        settled = restart(settled, former, queueUrl);
      });
      return () => job;
    },
    moveTo: (queueUrl) => {
      if (queueUrl === current) return;
      current = queueUrl;
      for (const move of moves) move(queueUrl);
    },
    close: async () => {
      current = null;
      for (const move of moves) move(null);
      await settled;
    },
  };
};
