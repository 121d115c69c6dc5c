import type { LogEntry, RemovedEntry } from './log-reader.ts';

type Removal = RemovedEntry['reason'];

const tellers: Readonly<Record<string, Removal>> = { 'audit.prune': 'pruned', 'audit.redact': 'redacted' };

/** The number of events whose removal an event announces. */
const toldBy = ({ event }: LogEntry): number => {
  const told = event.changes?.find(({ path }) => path === '/count')?.after;
  return typeof told === 'number' ? told : 0;
};

/** Compares the events that were removed with what the trail tells of removals. */
export const createRemovalCount = () => {
  const removed = { pruned: 0, redacted: 0 };
  const told = { pruned: 0, redacted: 0 };
  return {
    take(leaf: LogEntry | RemovedEntry): void {
      if ('reason' in leaf) {
        removed[leaf.reason] += 1;
        return;
      }
      const removal = leaf.event.service === 'audit' ? tellers[leaf.event.action] : undefined;
      if (removal !== undefined) told[removal] += toldBy(leaf);
    },
    /**
     * Says what was removed without being told of; null if there is nothing. What tells of a removal may have been pruned itself,
     * but never all of it: the last pruning is told of by an event that is younger than what it removed.
     */
    untold(): string | null {
      const wasPruned = removed.pruned > 0;
      const reasons = (['pruned', 'redacted'] as const).filter((each) =>
        wasPruned ? each === 'pruned' && told.pruned === 0 : removed[each] > told[each],
      );
      if (reasons.length === 0) return null;
      return reasons.map((each) => `${removed[each]} events were ${each}, but the trail tells of ${told[each]}.`).join(' ');
    },
  };
};
