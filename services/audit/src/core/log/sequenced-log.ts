import type { Frontier, Hash } from '@guildhall/tlog';
import type { LoggedEvent } from './leaf.ts';
import type { TileGrowth } from './tiles.ts';

/** The right to append, until it is let go or runs out. */
export interface Lease {
  readonly fencing: number;
  readonly head: Frontier;
}

/** A lease, and which of the events that it was asked for are stored already. */
export interface Claim {
  readonly lease: Lease;
  readonly known: ReadonlySet<string>;
}

/** A leaf on its way into the log. */
export interface NewLeaf {
  readonly event: LoggedEvent;
  readonly hash: Hash;
}

/** One append: from the head that was read to the next one. */
export interface Append<Leaf> {
  readonly lease: Lease;
  readonly leaves: readonly Leaf[];
  readonly next: Frontier;
  readonly tiles: readonly TileGrowth[];
  /** True: the lease is kept for further appends. */
  readonly keepsLease: boolean;
}

/** An event that an older version stored without a place in the log. */
export interface StoredLeaf {
  readonly id: string;
  readonly hash: Hash;
}

export interface PlantedEvent {
  readonly id: string;
  readonly leafIndex: number;
}

/** The log as it is stored. Whoever appends holds the lease; only what names the lease and the size that are still true is written. */
export interface SequencedLog {
  /** The lease, when nobody else holds it; null otherwise. */
  claim(ids: readonly string[]): Promise<Claim | null>;
  /** Returns those of the events that are stored: true for as long as the lease is, or until another process claims the log. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Stores the events with their places, all or none; false when another process has claimed the log since, when the head is not what it was, or when one
   * of the events is there by now. A lease that was let go is as good for as long as nobody has claimed the log. Throws UNPROCESSABLE when the database refuses a value.
   */
  append(append: Append<NewLeaf>): Promise<boolean>;
  /** Stored events without a place, oldest first by (recordedAt, id); none once anything was signed: what comes then was planted. */
  unsequenced(limit: number): Promise<readonly LoggedEvent[]>;
  /** Sequences stored events, all or none; false as for `append`. */
  place(append: Append<StoredLeaf>): Promise<boolean>;
  /** Keeps stored rows that cannot be events of the log as planted ones: they are evidence, and wait no more. */
  setUnplacedAside(ids: readonly string[]): Promise<void>;
  /**
   * Takes their leaf index from rows that stand where the log has not come yet, which somebody planted, and returns them as they
   * were: they stay as evidence, outside the tree, and block nothing.
   */
  setPlantedAside(): Promise<readonly PlantedEvent[]>;
  /** Lets the lease go. */
  release(fencing: number): Promise<void>;
}
