import type { Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import { orFault, type Faults } from '../core/faults.ts';

export interface PruneJobParts {
  /** Removes expired events; returns their number. */
  readonly prune: () => Promise<number>;
  readonly isReady: () => boolean;
  readonly faults: Pick<Faults, 'raise' | 'clear'>;
  readonly log: Logger;
}

/** Retention is counted in days. */
const everyMs = 10 * 60_000;

/** Removes what the retention policy does not let be any longer, now and then until stopped. */
export const startPruning = ({ prune, isReady, faults, log }: PruneJobParts): Repeated =>
  repeat({
    everyMs,
    afterErrorMs: 1_000,
    afterErrorMaxMs: 60_000,
    task: async () => {
      if (!isReady()) return;
      const removed = await tracedJob(
        'prune audit events',
        () => orFault(faults, 'pruning', prune),
        (count) => count > 0,
      );
      if (removed > 0) log.info({ removed }, 'audit events past their retention were removed; their hashes stay');
    },
    onError: (error) => log.warn({ err: error }, 'audit events past their retention could not be removed'),
  });
