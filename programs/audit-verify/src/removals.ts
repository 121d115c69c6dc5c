import { addIndex, below, joined, minus, parseRanges, rangesText, sizeOf, type Range } from './ranges.ts';

export const removals = ['pruned', 'redacted'] as const;
export type Removal = (typeof removals)[number];

/** The removals that an event tells of. */
export interface Telling {
  readonly removal: Removal;
  readonly count: number;
  /** The indexes of which it tells, all below its own; null for an event of a version that stated a number alone. */
  readonly covers: readonly Range[] | null;
  /** The indexes below its own whose events were altered when they were redacted. */
  readonly altered: readonly Range[];
}

const actions: Readonly<Record<string, Removal>> = { 'audit.prune': 'pruned', 'audit.redact': 'redacted' };

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads what an event of audit's own tells of removals, which it states as changes: `/count`, how many; `/below`, the index below which
 * nothing is left; `/indexes`, further indexes, as `7,10-12`; `/altered`, those of redacted events that had been altered before.
 */
export const tellingOf = ({ action, service, changes }: Json, index: number): Telling | null => {
  const removal = typeof action === 'string' && service === 'audit' ? actions[action] : undefined;
  if (removal === undefined || !Array.isArray(changes)) return null;
  const stated = (path: string): unknown =>
    ((changes as unknown[]).find((change) => (change as Json | null)?.['path'] === path) as Json | undefined)?.['after'];
  const [count, floor, indexes] = [stated('/count'), stated('/below'), stated('/indexes')];
  if (typeof count !== 'number') return null;
  const altered = below(parseRanges(stated('/altered')), index);
  if (floor === undefined && indexes === undefined) return count > 0 ? { removal, count, covers: null, altered } : null;
  const all = [...(typeof floor === 'number' && floor > 0 ? [{ from: 0, to: floor }] : []), ...parseRanges(indexes)];
  return { removal, count, covers: below(joined(all), index), altered };
};

interface Leaf {
  readonly index: number;
  readonly removed: Removal | null;
  readonly tellsOf: Telling | null;
}

/** The ranges that a text names; the rest is counted. */
const namedMax = 5;

const namesOf = (indexes: readonly Range[]): string => {
  const more = sizeOf(indexes.slice(namedMax));
  return rangesText(indexes.slice(0, namedMax)) + (more === 0 ? '' : ` and ${more} more`);
};

const untoldText = (indexes: readonly Range[]): string =>
  `${sizeOf(indexes)} events were removed, and nothing in the trail tells of it: ${namesOf(indexes)}.`;

const alteredText = (indexes: readonly Range[]): string =>
  `${sizeOf(indexes)} events were altered before they were redacted, as the trail tells: ${namesOf(indexes)}.`;

/** Ranges that are held before they are joined. */
const pendingMax = 10_000;

/** Follows removed leaves and what tells of them, in the order of the log. */
export const createRemovals = () => {
  const removed = { pruned: 0, redacted: 0 };
  const told = { pruned: 0, redacted: 0 };
  const gone: Record<Removal, Range[]> = { pruned: [], redacted: [] };
  const vague = { pruned: 0, redacted: 0, end: 0 };
  let covered: readonly Range[] = [];
  let altered: readonly Range[] = [];
  const takeTelling = ({ removal, count, covers, altered: stated }: Telling, index: number): void => {
    told[removal] += count;
    if (stated.length > 0) altered = joined([...altered, ...stated]);
    if (covers !== null) {
      covered = [...covered, ...covers];
      if (covered.length > pendingMax) covered = joined(covered);
      return;
    }
    vague[removal] += count;
    vague.end = index;
  };
  /**
   * True if events of an earlier version, which state numbers alone, may tell of these: of what comes before them, as many as they say; more
   * only where something was pruned, as what told of it may have been pruned itself.
   */
  const mayBeTold = (pruned: readonly Range[], redacted: readonly Range[]): boolean =>
    [...pruned, ...redacted].every(({ to }) => to <= vague.end) &&
    (vague.pruned > 0 || (pruned.length === 0 && sizeOf(redacted) <= vague.redacted));
  return {
    take({ index, removed: removal, tellsOf }: Leaf): void {
      if (removal !== null) {
        removed[removal] += 1;
        addIndex(gone[removal], index);
      }
      if (tellsOf !== null) takeTelling(tellsOf, index);
    },
    judge() {
      covered = joined(covered);
      const [pruned, redacted] = [minus(gone.pruned, covered), minus(gone.redacted, covered)];
      const open = joined([...pruned, ...redacted]);
      const untold = mayBeTold(pruned, redacted) ? null : untoldText(open);
      const redactedAltered = minus(altered, minus(altered, gone.redacted));
      const alteredBefore = redactedAltered.length === 0 ? null : alteredText(redactedAltered);
      return { removed, told, vague: untold === null ? sizeOf(open) : 0, untold, alteredBefore };
    },
  };
};
