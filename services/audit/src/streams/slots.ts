import { AppError } from '@guildhall/errors';
import type { StreamReader } from '../core/trail/follow-events.ts';

export interface SlotLimits {
  readonly slotsMax: number;
  /** The share of one user. */
  readonly slotsPerUserMax: number;
  /** The number of slots reserved for readers of the whole trail. */
  readonly reservedSlots: number;
  /** The detail of the answer when no slot is free, and when the user's share is taken. */
  readonly allTaken: (slots: number) => string;
  readonly shareTaken: (slots: number) => string;
  readonly retryAfterSeconds: number;
}

/** A counting semaphore with a share for each user, so that one member does not take the slots of all. */
export interface Slots {
  /**
   * Takes a slot and returns a function that releases it; a second call changes nothing. Throws RATE_LIMITED if the share of
   * the user is taken, SERVICE_UNAVAILABLE if all slots are.
   */
  take(reader: StreamReader): () => void;
}

export const createSlots = (limits: SlotLimits): Slots => {
  const { slotsMax, slotsPerUserMax, reservedSlots, retryAfterSeconds } = limits;
  const takenBy = new Map<string, number>();
  let taken = 0;
  /** The number of taken slots of users who may not read the whole trail. */
  let takenUnreserved = 0;

  const count = ({ userId, readsWholeTrail }: StreamReader, change: 1 | -1): void => {
    const own = (takenBy.get(userId) ?? 0) + change;
    if (own === 0) takenBy.delete(userId);
    else takenBy.set(userId, own);
    taken += change;
    if (!readsWholeTrail) takenUnreserved += change;
  };
  const requireFreeSlot = ({ readsWholeTrail }: StreamReader): void => {
    const open = readsWholeTrail ? slotsMax : slotsMax - reservedSlots;
    if (taken < slotsMax && (readsWholeTrail || takenUnreserved < open)) return;
    throw new AppError('SERVICE_UNAVAILABLE', limits.allTaken(open), { retryAfterSeconds });
  };
  return {
    take(reader) {
      if ((takenBy.get(reader.userId) ?? 0) >= slotsPerUserMax)
        throw new AppError('RATE_LIMITED', limits.shareTaken(slotsPerUserMax), { retryAfterSeconds });
      requireFreeSlot(reader);
      count(reader, 1);
      let isTaken = true;
      return () => {
        if (isTaken) count(reader, -1);
        isTaken = false;
      };
    },
  };
};
