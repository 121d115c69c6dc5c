import type { Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import { orFault, type Faults } from '../core/faults.ts';
import type { Sequencer } from '../core/log/sequence.ts';

export interface SequenceStoredParts {
  readonly sequencer: Pick<Sequencer, 'sequenceStored'>;
  /** False while the database is away: the job waits. */
  readonly isReady: () => boolean;
  readonly faults: Pick<Faults, 'raise' | 'clear'>;
  readonly log: Logger;
}

const everyMs = 2_000;
/** While there are none: only a process of an older version stores events without a place. */
const idleMaxMs = 6_000;

/**
 * Sequences the events that a version without a log stored, before anything is signed, a batch at a time between the events that
 * arrive. Runs until stopped, as the database may become another one.
 */
export const startSequencingStored = ({ sequencer, isReady, faults, log }: SequenceStoredParts): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const task = async (): Promise<boolean> => {
    let placed = 0;
    while (isReady() && !stopping.signal.aborted) {
      const sequence = () => orFault(faults, 'sequencing', () => sequencer.sequenceStored());
      const count = await tracedJob('sequence stored events', sequence, (events) => events > 0);
      if (count === 0) break;
      placed += count;
    }
    if (placed > 0)
      log.info(
        { events: placed },
        'events that a version without a log stored now have their place in the audit log, or were set aside as planted',
      );
    return placed > 0 || !isReady();
  };
  const running = repeat({
    everyMs,
    idleMaxMs,
    task,
    onError: (error) => log.warn({ err: error }, 'stored events could not be sequenced in the audit log; retrying'),
  });
  return {
    stop: () => {
      stopping.abort();
      return running.stop();
    },
  };
};
