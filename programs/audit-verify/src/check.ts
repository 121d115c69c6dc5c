import type { Checkpoint } from './checkpoint.ts';
import {
  findingAt,
  findingBetween,
  findingOfLog,
  suspectContent,
  suspectGap,
  suspectRepetition,
  type Finding,
  type LogHashes,
  type Suspicion,
} from './finding.ts';
import { createTree } from './merkle.ts';
import type { Entry } from './read-export.ts';
import { createRemovals, type Removal } from './removals.ts';

export interface CheckParts {
  readonly checkpoint: Checkpoint;
  /** Checkpoints that were kept elsewhere, none of them larger than the checkpoint. */
  readonly older: readonly Checkpoint[];
  readonly hashes: LogHashes | null;
  /** True: events beyond the checkpoint are counted instead of reported as added. */
  readonly isYoungerAllowed: boolean;
}

export interface Verdict {
  /** The first difference; null if the export is complete and unchanged. */
  readonly finding: Finding | null;
  /** The number of events, from the first on, that are proven to be those of the log. */
  readonly provenUpTo: number;
  readonly removed: Readonly<Record<Removal, number>>;
  /** The number of removals, by kind, that the remaining events announce. */
  readonly told: Readonly<Record<Removal, number>>;
  /** The number of removals of which only numbers tell that an earlier version stated: they may be others. */
  readonly vague: number;
  /** The number of events beyond the checkpoint. */
  readonly younger: number;
}

export interface Check {
  /** Takes the lines of an export in order. */
  take(entry: Entry): void;
  verdict(): Verdict;
}

/** Compares the growing tree with each of the checkpoints as the events reach its size. */
const createMilestones = (checkpoints: readonly Checkpoint[]) => {
  const tree = createTree();
  const bySize = Map.groupBy(checkpoints, ({ size }) => size);
  let agreed = 0;
  let disagreed: Finding | null = null;
  const compare = (): void => {
    const here = bySize.get(tree.size());
    if (here === undefined || disagreed !== null) return;
    if (here.every(({ root }) => root.equals(tree.root()))) {
      agreed = tree.size();
      return;
    }
    const reason = `The root of the first ${tree.size()} events is not the one that was signed.`;
    disagreed = findingBetween('different', agreed, Math.max(agreed, tree.size() - 1), reason);
  };
  compare();
  return {
    push(leafHash: Buffer): void {
      tree.push(leafHash);
      compare();
    },
    size: () => tree.size(),
    agreed: () => agreed,
    disagreed: (): Finding | null => disagreed,
  };
};

const suspect = (entry: Entry, expected: number, hashes: LogHashes | null): Suspicion | null => {
  const { index, computed, leafHash } = entry;
  if (index > expected) return suspectGap(entry, expected);
  if (index < expected) return suspectRepetition(entry);
  const genuine = hashes?.at(index) ?? leafHash;
  const isGenuine = leafHash.equals(genuine) && (computed === null || computed.equals(genuine));
  return isGenuine ? null : suspectContent(entry, genuine, hashes);
};

/** Compares the events of an export with the checkpoints. Its memory does not grow with the number of events. */
export const createCheck = ({ checkpoint, older, hashes, isYoungerAllowed }: CheckParts): Check => {
  const { size } = checkpoint;
  const milestones = createMilestones([checkpoint, ...older]);
  const removals = createRemovals();
  let expected = 0;
  let firstYounger: Entry | null = null;
  let suspicion: Suspicion | null = null;
  let suspectedAt = Number.POSITIVE_INFINITY;

  /** Follows the leaf hashes that the export states, as far as they are in order: they may be right where an event is not. */
  const follow = ({ index, leafHash }: Entry): void => {
    if (index === milestones.size() && index < size) milestones.push(leafHash);
  };
  const take = (entry: Entry): void => {
    follow(entry);
    if (suspicion !== null) return suspicion.hear(entry);
    suspicion = suspect(entry, expected, expected < size ? hashes : null);
    if (suspicion !== null) {
      suspectedAt = expected;
      return;
    }
    if (expected >= size) firstYounger ??= entry;
    removals.take(entry);
    expected += 1;
  };
  const findEnd = (): Finding | null => {
    if (expected < size) {
      return findingBetween('missing', expected, size - 1, `The export ends after ${expected} of ${size} events.`);
    }
    if (firstYounger === null || isYoungerAllowed) return null;
    return findingAt(
      'added',
      firstYounger,
      size,
      expected - 1,
      `The checkpoint ends at ${size} events: it was added, or is younger.`,
    );
  };
  const verdict = (): Verdict => {
    const { untold, alteredBefore, ...numbers } = removals.judge();
    const seen = earliest(milestones.disagreed(), suspicion?.found() ?? findEnd(), suspectedAt);
    const ofRemovals = untold === null ? null : findingOfLog('untold', `${untold} ${untoldAdvice}`);
    const finding = seen ?? ofRemovals ?? (alteredBefore === null ? null : findingOfLog('altered', alteredBefore));
    const isKnown = hashes !== null || milestones.agreed() > suspectedAt;
    const provenUpTo = finding !== null && isKnown ? Math.min(finding.index ?? 0, size) : milestones.agreed();
    return { finding, provenUpTo, ...numbers, younger: Math.max(0, expected - size) };
  };
  return { take, verdict };
};

/**
 * Chooses the finding to report: a difference that lies wholly before a direct finding comes first; otherwise the direct
 * finding is the more exact.
 */
const earliest = (different: Finding | null, seen: Finding | null, suspectedAt: number): Finding | null => {
  if (different === null || seen === null) return different ?? seen;
  return (different.to ?? 0) < Math.min(suspectedAt, seen.index ?? 0) ? different : seen;
};

const untoldAdvice = 'If they were removed after the checkpoint was taken, take a younger one and an export that reaches it.';
