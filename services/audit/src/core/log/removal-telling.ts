import type { Change } from '@guildhall/contracts';
import { belowOf, parseRanges, rangesText, unionOf, type IndexRanges } from './index-ranges.ts';
import type { LogEntry, RemovedEntry } from './log-reader.ts';

export type Removal = RemovedEntry['reason'];

/** The removals that an event of the log tells of. */
export interface RemovalTelling {
  readonly removal: Removal;
  /** The number of events that were about to be removed. */
  readonly count: number;
  /** The leaf indexes of which it tells, all below its own. */
  readonly covers: IndexRanges;
  /** The leaf indexes below its own whose events were altered when they were redacted. */
  readonly altered: IndexRanges;
  /** False for an event of a version that stated numbers alone: `covers` is everything before it. */
  readonly isExact: boolean;
}

const removals: Readonly<Record<string, Removal>> = { 'audit.prune': 'pruned', 'audit.redact': 'redacted' };

const valueAt = (changes: LogEntry['event']['changes'], path: string): unknown => {
  const found: unknown = Array.isArray(changes) ? changes.find((change: Change | null) => change?.path === path) : undefined;
  return (found as Change | undefined)?.after;
};

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Reads what an event tells of removals; null if it tells of none. */
export const tellingOf = ({ leafIndex, event }: Pick<LogEntry, 'leafIndex' | 'event'>): RemovalTelling | null => {
  const removal = event.service === 'audit' ? removals[event.action] : undefined;
  const [count, below, indexes, stated] = ['/count', '/below', '/indexes', '/altered'].map((path) =>
    valueAt(event.changes, path),
  );
  if (removal === undefined || !isIndex(count)) return null;
  const altered = belowOf(parseRanges(stated) ?? [], leafIndex);
  if (below === undefined && indexes === undefined)
    return count === 0 ? null : { removal, count, covers: [{ from: 0, to: leafIndex }], altered, isExact: false };
  const floor = isIndex(below) && below > 0 ? [{ from: 0, to: below }] : [];
  return { removal, count, covers: belowOf(unionOf(floor, parseRanges(indexes) ?? []), leafIndex), altered, isExact: true };
};

/** The changes by which an event states the leaf indexes of what is about to be removed. */
export const indexChanges = (indexes: IndexRanges): readonly Change[] => rangeChanges('/indexes', indexes);

/** The changes by which an event states which of the events that are redacted were altered: their rows go, and this stays. */
export const alteredChanges = (indexes: IndexRanges): readonly Change[] => rangeChanges('/altered', indexes);

const rangeChanges = (path: string, indexes: IndexRanges): readonly Change[] =>
  indexes.length === 0 ? [] : [{ path, after: rangesText(indexes) }];
