import { AppError } from '@guildhall/errors';
import { type Hash, type Sha256, appendLeaves } from '@guildhall/tlog';
import type { Append, Claim, Lease, NewLeaf, PlantedEvent, SequencedLog, StoredLeaf } from './sequenced-log.ts';
import { createTileGrowths } from './tiles.ts';

export interface LogWriterParts {
  readonly log: SequencedLog;
  readonly sha256: Sha256;
  /** Waits for a short, random time: another process has the lease. */
  readonly pause: () => Promise<void>;
  /** Called for rows that somebody planted ahead of the log, and that were set aside. */
  readonly onPlanted: (planted: readonly PlantedEvent[]) => void;
}

/** Appends to the log under its lease. It must be called by one caller at a time. */
export interface LogWriter {
  /** Stores the events that are not stored yet, in this order; returns their ids. Throws UNPROCESSABLE, SERVICE_UNAVAILABLE. */
  append(leaves: readonly NewLeaf[]): Promise<Set<string>>;
  /** Sequences stored events; false if another process did meanwhile. */
  place(leaves: readonly StoredLeaf[]): Promise<boolean>;
  /** Lets the lease go, if there is one. */
  letGo(): Promise<void>;
}

/** The number of appends in a row after which another process gets its turn. */
const appendsPerLease = 16;
/** The number of appends with a claim, after another process was met, before one is tried without again. */
const claimsAfterMeeting = 16;
/** The number of attempts to take the lease: together longer than the lease of a holder that is gone. */
const claimsMax = 400;
/** The number of attempts of an append when the log has moved on meanwhile. */
const triesMax = 5;

const busy = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'Other processes have been writing to the audit log for too long.', {
    retryAfterSeconds: 1,
  });

type StepOf = <Leaf extends { readonly hash: Hash }>(lease: Lease, leaves: readonly Leaf[], keepsLease: boolean) => Append<Leaf>;

/** One append, with the head and the tiles that follow from it. */
const createStepOf =
  (sha256: Sha256): StepOf =>
  (lease, leaves, keepsLease) => {
    const growths = createTileGrowths();
    const hashes = leaves.map(({ hash }) => hash);
    const next = appendLeaves(sha256, lease.head, hashes, growths.add);
    return { lease, leaves, next, tiles: growths.within(next.size), keepsLease };
  };

const createLeaseHolder = ({ log, pause }: LogWriterParts) => {
  /** The lease to write under, and the fencing number that the database may still hold for this process. */
  let lease: Lease | null = null;
  let fencing: number | null = null;
  let appends = 0;
  /** The head as the last append left it, free for anyone: while nobody has claimed it since, the next append needs no claim. */
  let left: Lease | null = null;
  let claimsDue = 0;

  const claimAnew = async (ids: readonly string[]): Promise<Claim> => {
    // Whoever has had its turn leaves others the time to ask.
    if (appends >= appendsPerLease) await pause();
    for (let asked = 0; asked < claimsMax; asked += 1) {
      const claimed = await log.claim(ids);
      if (claimed !== null) return claimed;
      await pause();
    }
    throw busy();
  };
  return {
    mayKeep: (): boolean => appends + 1 < appendsPerLease,
    /** Under the lease that is held, or a new one; without any where nobody is known to have claimed the log since the last append. */
    async claim(ids: readonly string[]): Promise<Claim> {
      const current = lease ?? left;
      if (current !== null) return { lease: current, known: await log.known(ids) };
      const claimed = await claimAnew(ids);
      lease = claimed.lease;
      fencing = lease.fencing;
      appends = 0;
      return claimed;
    },
    /** Takes a step. Unless it is certain that it was taken, the head is read anew before the next. */
    async step<Leaf>(step: Append<Leaf>, write: (step: Append<Leaf>) => Promise<boolean>): Promise<boolean> {
      const isUnclaimed = lease === null;
      if (isUnclaimed) appends = 0;
      [lease, left, fencing] = [null, null, step.lease.fencing];
      const isWritten = await write(step);
      if (!isWritten && isUnclaimed) claimsDue = claimsAfterMeeting;
      if (!isWritten) return false;
      appends += 1;
      const next = { ...step.lease, head: step.next };
      if (step.keepsLease) lease = next;
      else {
        fencing = null;
        if (claimsDue === 0 && appends < appendsPerLease) left = next;
        claimsDue = Math.max(0, claimsDue - 1);
      }
      return true;
    },
    async letGo(): Promise<void> {
      const held = fencing;
      lease = null;
      fencing = null;
      if (held !== null) await log.release(held).catch(() => undefined);
    },
  };
};

export const createLogWriter = (parts: LogWriterParts, hasMore: () => boolean): LogWriter => {
  const { log, sha256, onPlanted } = parts;
  const stepOf = createStepOf(sha256);
  const holder = createLeaseHolder(parts);

  const tryAppend = async (leaves: readonly NewLeaf[]): Promise<Set<string> | null> => {
    const { lease, known } = await holder.claim(leaves.map(({ event }) => event.id));
    const fresh = new Map<string, NewLeaf>();
    for (const leaf of leaves) if (!known.has(leaf.event.id) && !fresh.has(leaf.event.id)) fresh.set(leaf.event.id, leaf);
    if (fresh.size === 0) return new Set();
    const step = stepOf(lease, [...fresh.values()], hasMore() && holder.mayKeep());
    return (await holder.step(step, log.append)) ? new Set(fresh.keys()) : null;
  };

  const writer: LogWriter = {
    async append(leaves) {
      for (let tried = 0; tried < triesMax; tried += 1) {
        const stored = await tryAppend(leaves);
        if (stored !== null) return stored;
      }
      const planted = await log.setPlantedAside();
      if (planted.length === 0) throw busy();
      onPlanted(planted);
      return writer.append(leaves);
    },
    async place(leaves) {
      const { lease } = await holder.claim([]);
      return holder.step(stepOf(lease, leaves, false), log.place);
    },
    letGo: holder.letGo,
  };
  return writer;
};
