import { countOf, rangesText, unionOf, without, type IndexRanges } from './index-ranges.ts';
import type { LogEntry, LogRange, RemovedEntry } from './log-reader.ts';
import { tellingOf, type Removal } from './removal-telling.ts';

/** Ranges of indexes that come in order. */
const createIndexes = () => {
  const ranges: { from: number; to: number }[] = [];
  return {
    ranges,
    add(index: number): void {
      const last = ranges.at(-1);
      if (last?.to === index) last.to += 1;
      else ranges.push({ from: index, to: index + 1 });
    },
  };
};

/** The ranges that a text names; further ones are counted. */
const namedMax = 5;
const namesOf = (indexes: IndexRanges): string => {
  const named = rangesText(indexes.slice(0, namedMax)).replaceAll(',', ', ');
  return indexes.length > namedMax ? `${named} and ${countOf(indexes.slice(namedMax))} more` : named;
};

/**
 * Compares the events that were removed with what the trail tells of removals ([record 55](../../../../../docs/decisions/0055-told-removals.md)).
 * Leaves come in the order of their indexes.
 */
export const createRemovalCheck = () => {
  const removed: Record<Removal, ReturnType<typeof createIndexes>> = { pruned: createIndexes(), redacted: createIndexes() };
  /** The removals that events of an earlier version tell of: numbers, of anything before the last of them. */
  const inexact = { pruned: 0, redacted: 0, end: 0 };
  let [told, pending]: [IndexRanges, LogRange[]] = [[], []];
  let altered: IndexRanges = [];
  const covered = (): IndexRanges => {
    [told, pending] = [unionOf(told, pending), []];
    return told;
  };
  const takeTelling = (entry: LogEntry): void => {
    const telling = tellingOf(entry);
    if (telling === null) return;
    if (telling.altered.length > 0) altered = unionOf(altered, telling.altered);
    if (telling.isExact) {
      pending.push(...telling.covers);
      if (pending.length > pendingMax) covered();
      return;
    }
    inexact[telling.removal] += telling.count;
    inexact.end = entry.leafIndex;
  };
  /** True if events of an earlier version may have told of these. What told of it may have been pruned itself, where anything was. */
  const mayBeTold = (pruned: IndexRanges, redacted: IndexRanges): boolean => {
    if ((unionOf(pruned, redacted).at(-1)?.to ?? 0) > inexact.end) return false;
    return inexact.pruned > 0 || (pruned.length === 0 && countOf(redacted) <= inexact.redacted);
  };
  return {
    take: (leaf: LogEntry | RemovedEntry): void =>
      'reason' in leaf ? removed[leaf.reason].add(leaf.leafIndex) : takeTelling(leaf),
    /** Returns the removals that no event tells of. */
    untold(): IndexRanges {
      const [pruned, redacted] = [without(removed.pruned.ranges, covered()), without(removed.redacted.ranges, covered())];
      return mayBeTold(pruned, redacted) ? [] : unionOf(pruned, redacted);
    },
    /** Returns the removals of events that were altered before, as the trail tells. */
    altered: (): IndexRanges => without(altered, without(altered, removed.redacted.ranges)),
  };
};

export const redactedAlteredText = (altered: IndexRanges): string =>
  `${countOf(altered)} events were altered before they were redacted, as the trail tells: ${namesOf(altered)}.`;

export const untoldText = (untold: IndexRanges): string =>
  `${countOf(untold)} events were removed, and nothing in the trail tells of it: ${namesOf(untold)}.`;

/** Ranges that are held before they are joined. */
const pendingMax = 10_000;
