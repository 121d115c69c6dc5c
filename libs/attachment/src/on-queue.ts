import type { Logger } from '@guildhall/http';

/** What works on a queue until it is closed. */
export interface QueueJob {
  close(): Promise<void>;
}

export interface QueueJobs {
  /** `start` is called with each queue's address; what it started for the one before is closed first. Answers the job that runs. */
  add<Job extends QueueJob>(start: (queueUrl: string) => Job): () => Job | null;
  /** Works on another queue from now on, or on none. */
  moveTo(queueUrl: string | null): void;
  close(): Promise<void>;
}

/** Jobs that follow the queue wherever it is. */
export const createQueueJobs = (first: string | null, log: Logger): QueueJobs => {
  const moves: ((queueUrl: string | null) => void)[] = [];
  let current = first;
  let settled: Promise<unknown> = Promise.resolve();

  const closed = async (job: QueueJob | null): Promise<void> =>
    job?.close().catch((error: unknown) => log.warn({ err: error }, 'work on the former queue did not end in order'));

  return {
    add: <Job extends QueueJob>(start: (queueUrl: string) => Job) => {
      let job = current === null ? null : start(current);
      const follow = async (before: Promise<unknown>, former: Job | null, queueUrl: string | null): Promise<void> => {
        await before;
        await closed(former);
        // Meanwhile it may have moved on: the last word counts.
        if (queueUrl !== null && queueUrl === current) job ??= start(queueUrl);
      };
      moves.push((queueUrl) => {
        const former = job;
        job = null;
        settled = follow(settled, former, queueUrl);
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
