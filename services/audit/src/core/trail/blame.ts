import { blamedRemovalsMax, type AuditBlame, type Change } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { omitUndefined, retryCompareAndSwap } from '@guildhall/resources';
import { requireAuditReader, requireCommunityAuditReader } from '../access.ts';
import type { CheckEntry } from '../log/integrity.ts';
import type { AlteredEntry, LogEntry } from '../log/log-reader.ts';
import type { LogProofs } from '../log/proofs.ts';
import { plainUuid } from '../uuid.ts';
import type { AuditEvents, AuditFilters } from './audit-events.ts';

/** The value that is asked about: of a resource, at a JSON Pointer. */
export interface BlamedValue {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly path: string;
  /** Exclusive, by the time of occurrence. */
  readonly to?: string | undefined;
}

export interface BlameStore {
  /** Finds the newest of the newest `lookedAtMax` fitting events that changes the path, what contains it or a part of it. */
  findLast(filters: AuditFilters, path: string): Promise<LogEntry | null>;
  /** Counts the events behind a leaf index of which only the hash is left, the last `max` of them. */
  countRemoved(behind: number, max: number): Promise<AuditBlame['removed']>;
}

export interface Blame {
  /** Throws FORBIDDEN. */
  find(permissions: readonly string[], value: BlamedValue, community?: string): Promise<AuditBlame>;
  /** Asks about a value of one community. Throws NOT_FOUND. */
  findOfCommunity(permissions: readonly string[], communityId: string, value: BlamedValue): Promise<AuditBlame>;
}

export interface BlameParts {
  readonly blame: BlameStore;
  readonly events: Pick<AuditEvents, 'lookedAtEnd'>;
  readonly proofs: Pick<LogProofs, 'receiptOf'>;
  /** False while something is wrong with the log. */
  readonly isLogWhole: () => boolean;
  readonly checkEntry: CheckEntry;
}

/** True if a change of one path changes the value at the other one. */
const overlaps = (changed: string, path: string): boolean =>
  changed === path || path.startsWith(`${changed}/`) || changed.startsWith(`${path}/`);

type Checked = LogEntry | AlteredEntry | null;

type Known = Pick<AuditBlame, 'removed' | 'isLogWhole' | 'searchedSince'>;

const stateOf = (entry: Checked, { removed, isLogWhole, searchedSince }: Known): AuditBlame['state'] => {
  const isSomeRemoved = removed.pruned + removed.redacted > 0;
  if (entry !== null && 'altered' in entry) return 'altered';
  if (entry !== null) return isSomeRemoved || !isLogWhole ? 'uncertain' : 'set';
  if (searchedSince !== null) return 'older';
  if (isSomeRemoved) return 'removed';
  return isLogWhole ? 'untold' : 'uncertain';
};

/** The last change of the event there: they apply in their order. */
const changeIn = (entry: Checked, path: string): Change | null =>
  entry !== null && 'event' in entry ? (entry.event.changes?.findLast((change) => overlaps(change.path, path)) ?? null) : null;

const eventIn = (entry: Checked): AuditBlame['event'] =>
  entry !== null && 'event' in entry ? { ...entry.event, leafIndex: entry.leafIndex } : entry;

type Proof = Pick<AuditBlame, 'proof' | 'receipt'>;

/** The proof of an entry; undefined for an event that was removed since it was read. */
const proofOf = async ({ receiptOf }: BlameParts['proofs'], entry: Checked): Promise<Proof | undefined> => {
  if (entry === null || 'altered' in entry) return { proof: 'none', receipt: null };
  try {
    return { proof: 'proven', receipt: await receiptOf(entry.event.id) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.code === 'SERVICE_UNAVAILABLE') return { proof: 'pending', receipt: null };
    if (error.code === 'CONFLICT') return { proof: 'broken', receipt: null };
    if (error.code === 'NOT_FOUND' || error.code === 'GONE') return undefined;
    throw error;
  }
};

/** Answers who set a value: of bounded cost, however long the history is. */
export const createBlame = ({ blame, events, proofs, isLogWhole, checkEntry }: BlameParts): Blame => {
  const look = async ({ path, resourceType, resourceId, to }: BlamedValue, community: string | undefined) => {
    const filters: AuditFilters = {
      resourceType,
      resourceId,
      result: 'success',
      ...omitUndefined({ to, community }),
    };
    const found = await blame.findLast(filters, path);
    const entry = found === null ? null : checkEntry(found);
    const end = found === null ? await events.lookedAtEnd(filters, { limit: 1, after: null }) : null;
    const proof = await proofOf(proofs, entry);
    if (proof === undefined) return undefined;
    const known = {
      removed: await blame.countRemoved(entry?.leafIndex ?? -1, blamedRemovalsMax),
      isLogWhole: isLogWhole(),
      searchedSince: end?.occurredAt ?? null,
    };
    const answer = { resourceType, resourceId, path, event: eventIn(entry), change: changeIn(entry, path) };
    return { ...answer, state: stateOf(entry, known), ...proof, ...known };
  };
  return {
    async find(permissions, value, community) {
      requireAuditReader(permissions);
      return retryCompareAndSwap(() => look(value, community));
    },
    async findOfCommunity(permissions, communityId, value) {
      const community = plainUuid(communityId);
      requireCommunityAuditReader(permissions, community);
      return retryCompareAndSwap(() => look(value, community));
    },
  };
};
