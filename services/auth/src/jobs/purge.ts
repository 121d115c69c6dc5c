import type { Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';

export interface PurgeStep {
  readonly what: string;
  /** Removes at most `max` rows that ended before a time; returns how many. */
  run(before: Date, max: number): Promise<number>;
}

export interface PurgeParts {
  readonly steps: readonly PurgeStep[];
  readonly now: () => Date;
  readonly log: Logger;
}

const everyMs = 10 * 60_000;
const batchRows = 500;
/** The most batches in one round; a full batch is followed by the next. */
const batchesMax = 20;
/** Ended rows are kept for a day: sessions that the gateway must refuse, used codes that explain a refusal. */
const keepMs = 24 * 3_600_000;

/** Removes rows that ended a day ago, in bounded batches. Returns their number. */
export const createPurgeRound =
  ({ steps, now, log }: PurgeParts) =>
  async (): Promise<number> => {
    let all = 0;
    const before = new Date(now().getTime() - keepMs);
    for (const { what, run } of steps) {
      let removed = 0;
      for (let batch = 0; batch < batchesMax; batch += 1) {
        const count = await run(before, batchRows);
        removed += count;
        if (count < batchRows) break;
      }
      if (removed > 0) log.info({ what, removed }, 'purged');
      all += removed;
    }
    return all;
  };

export const startPurging = (parts: PurgeParts): Repeated => {
  const purge = createPurgeRound(parts);
  return repeat({
    everyMs,
    task: async () => void (await tracedJob('purge', purge, (removed) => removed > 0)),
    onError: (error) => parts.log.debug({ err: error }, 'expired rows could not be purged'),
  });
};
