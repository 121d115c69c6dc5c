/** The three-way comparison of a document: as it was when both sides were last equal, as it is here, as it is in the shared database. */

/** A document as one side has it. */
export interface SyncSide {
  /** Null where this side has none, or does not say which version was deleted. */
  readonly version: number | null;
  /** A text that is equal exactly for equal fields; null: deleted, or never there. */
  readonly state: string | null;
}

/** A document as both sides last had it. */
export interface SyncBase {
  readonly ownVersion: number;
  readonly sharedVersion: number;
  readonly state: string | null;
}

export type SyncAction = 'push' | 'pull' | 'delete' | 'conflict' | 'nothing';

export type SyncReason =
  | 'unchanged'
  | 'changed-alike'
  | 'new-here'
  | 'new-there'
  | 'changed-here'
  | 'changed-there'
  | 'restored-here'
  | 'restored-there'
  | 'deleted-here'
  | 'deleted-there'
  | 'changed-differently'
  | 'deleted-here-changed-there'
  | 'changed-here-deleted-there';

export interface PlannedRow {
  readonly action: SyncAction;
  readonly reason: SyncReason;
}

export interface ThreeSides {
  /** Null for a document that both sides never had together. */
  readonly base: SyncBase | null;
  readonly mine: SyncSide;
  readonly theirs: SyncSide;
}

/** The reasons of what goes from one side to the other. */
const reasonsOf = (place: 'here' | 'there') =>
  ({ new: `new-${place}`, changed: `changed-${place}`, restored: `restored-${place}`, deleted: `deleted-${place}` }) as const;

type Reasons = ReturnType<typeof reasonsOf>;

const oneSided = (base: SyncBase | null, state: string | null, action: 'push' | 'pull', reasons: Reasons): PlannedRow => {
  if (state === null) return { action: 'delete', reason: reasons.deleted };
  if (base === null) return { action, reason: reasons.new };
  return { action, reason: base.state === null ? reasons.restored : reasons.changed };
};

const twoSided = (mine: string | null, theirs: string | null): PlannedRow => {
  if (mine === null) return { action: 'conflict', reason: 'deleted-here-changed-there' };
  if (theirs === null) return { action: 'conflict', reason: 'changed-here-deleted-there' };
  return { action: 'conflict', reason: 'changed-differently' };
};

/**
 * Plans what a synchronisation does with one document. What one side alone changed goes to the other; what both changed alike is
 * nothing; what both changed differently is a conflict. A side changed what it has under another version than that of the base, with
 * other fields: never by a time.
 */
export const planRow = ({ base, mine, theirs }: ThreeSides): PlannedRow => {
  const before = base?.state ?? null;
  const isChangedHere = mine.version !== base?.ownVersion && mine.state !== before;
  const isChangedThere = theirs.version !== base?.sharedVersion && theirs.state !== before;
  if (mine.state === theirs.state) {
    return { action: 'nothing', reason: isChangedHere || isChangedThere ? 'changed-alike' : 'unchanged' };
  }
  if (isChangedHere && isChangedThere) return twoSided(mine.state, theirs.state);
  if (isChangedHere) return oneSided(base, mine.state, 'push', reasonsOf('here'));
  return isChangedThere ? oneSided(base, theirs.state, 'pull', reasonsOf('there')) : { action: 'nothing', reason: 'unchanged' };
};
