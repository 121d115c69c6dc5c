import type { Entry } from './read-export.ts';

/**
 * The kind of a difference. `different`: the first difference lies between `index` and `to`. `rolled-back`: an older
 * checkpoint has more events than the log has now. `forged`: a checkpoint was not signed by the key that it names. `hashes`: a
 * tile does not hold the hashes that the events lead to. `untold`: something was removed that the trail does not tell of.
 */
export type FindingKind =
  | 'altered'
  | 'missing'
  | 'added'
  | 'repeated'
  | 'reordered'
  | 'different'
  | 'rolled-back'
  | 'forged'
  | 'hashes'
  | 'untold';

export interface Finding {
  readonly kind: FindingKind;
  /** The first index concerned; null if no event is. */
  readonly index: number | null;
  /** The last index concerned. */
  readonly to: number | null;
  /** The line of the export in which it was found. */
  readonly line: number | null;
  readonly eventId: string | null;
  readonly reason: string;
}

/** The leaf hashes of the log, read from its tiles and proven by the root of the checkpoint. */
export interface LogHashes {
  at(index: number): Buffer;
  /** The first index with this hash; null if there is none. */
  find(hash: Uint8Array): number | null;
}

/** A difference whose kind is known only after later lines are read. */
export interface Suspicion {
  hear(entry: Entry): void;
  found(): Finding;
}

export const findingAt = (kind: FindingKind, at: Entry, index: number, to: number, reason: string): Finding => ({
  kind,
  index,
  to,
  line: at.line,
  eventId: at.id,
  reason,
});

export const findingBetween = (kind: FindingKind, index: number, to: number, reason: string): Finding => ({
  kind,
  index,
  to,
  line: null,
  eventId: null,
  reason,
});

/** A difference that concerns no single event. */
export const findingOfLog = (kind: FindingKind, reason: string): Finding => ({
  kind,
  index: null,
  to: null,
  line: null,
  eventId: null,
  reason,
});

/** Suspects a gap: the line has a larger index than expected. The skipped events are missing, unless they come later. */
export const suspectGap = (entry: Entry, expected: number): Suspicion => {
  let to = entry.index - 1;
  let movedTo: Entry | null = null;
  return {
    hear(later) {
      if (later.index === expected) movedTo ??= later;
      else if (later.index > expected && later.index <= to) to = later.index - 1;
    },
    found: () =>
      movedTo === null
        ? findingAt('missing', entry, expected, to, `After index ${expected - 1} comes ${entry.index}.`)
        : findingAt(
            'reordered',
            movedTo,
            expected,
            expected,
            `It comes after index ${entry.index}, which stands in line ${entry.line}.`,
          ),
  };
};

export const suspectRepetition = (entry: Entry): Suspicion => ({
  hear: () => undefined,
  found: () => findingAt('repeated', entry, entry.index, entry.index, 'The index was already there.'),
});

/**
 * Suspects the content: the line does not have the hash of the log at its index, because it was altered, or events were moved,
 * removed or inserted.
 */
export const suspectContent = (entry: Entry, genuine: Buffer, hashes: LogHashes | null): Suspicion => {
  const { index } = entry;
  const claimed = entry.computed ?? entry.leafHash;
  let genuineAt: number | null = null;
  let claimedAt: number | null = null;
  const hear = (later: Entry): void => {
    const held = later.computed ?? later.leafHash;
    if (genuineAt === null && held.equals(genuine)) genuineAt = later.index;
    if (claimedAt === null && later.leafHash.equals(claimed)) claimedAt = later.index;
  };
  const found = (): Finding => {
    const belongsAt = claimed.equals(genuine) ? null : (hashes?.find(claimed) ?? claimedAt);
    if (belongsAt !== null && belongsAt < index) {
      return findingAt('repeated', entry, index, index, `It is the event of index ${belongsAt} once more.`);
    }
    if (belongsAt !== null && (genuineAt !== null || hashes === null)) {
      return findingAt('reordered', entry, index, index, `It holds the event that belongs at index ${belongsAt}.`);
    }
    if (belongsAt !== null) {
      return findingAt(
        'missing',
        entry,
        index,
        belongsAt - 1,
        `In its place stands the event that belongs at index ${belongsAt}.`,
      );
    }
    if (hashes !== null && genuineAt !== null) {
      return findingAt(
        'added',
        entry,
        index,
        genuineAt - 1,
        `The log does not know it; what belongs here comes at index ${genuineAt}.`,
      );
    }
    return findingAt('altered', entry, index, index, alterationOf(entry, genuine, hashes !== null));
  };
  return { hear, found };
};

const alterationOf = ({ computed, leafHash }: Entry, genuine: Buffer, isProven: boolean): string => {
  if (computed === null) return 'Its leaf hash is not the one in the log.';
  if (isProven && computed.equals(genuine)) return 'The event is the one in the log, the leaf hash beside it is not.';
  if (isProven && computed.equals(leafHash))
    return 'It is not the event in the log; the leaf hash beside it was altered with it.';
  return 'It is not what its leaf hash was made of.';
};
