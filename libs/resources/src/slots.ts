import { AppError } from '@guildhall/errors';

export interface SlotLimits {
  readonly slotsMax: number;
  /** The share of one holder. */
  readonly slotsPerHolderMax: number;
  /** The number of slots kept for privileged holders. Default: none. */
  readonly reservedSlots?: number;
  /** The detail of the answer when no slot is free, and when the holder's share is taken. */
  readonly allTaken: (slots: number) => string;
  readonly shareTaken: (slots: number) => string;
  readonly retryAfterSeconds: number;
}

/** A holder of slots: a user, or the network of an address where nobody is signed in. */
export interface SlotHolder {
  readonly id: string;
  /** True if the holder may take the reserved slots. */
  readonly isPrivileged?: boolean;
}

/** A counting semaphore with a share for each holder (a bulkhead), so that one user does not take the slots of all. */
export interface Slots {
  /**
   * Takes a slot and returns a function that releases it; a second call changes nothing. Throws RATE_LIMITED if the share of
   * the holder is taken, SERVICE_UNAVAILABLE if all slots are.
   */
  take(holder: SlotHolder): () => void;
}

export const createSlots = (limits: SlotLimits): Slots => {
  const { slotsMax, slotsPerHolderMax, reservedSlots = 0, retryAfterSeconds } = limits;
  const takenBy = new Map<string, number>();
  let taken = 0;
  let takenUnprivileged = 0;

  const count = ({ id, isPrivileged = false }: SlotHolder, change: 1 | -1): void => {
    const own = (takenBy.get(id) ?? 0) + change;
    if (own === 0) takenBy.delete(id);
    else takenBy.set(id, own);
    taken += change;
    if (!isPrivileged) takenUnprivileged += change;
  };
  const requireFreeSlot = ({ isPrivileged = false }: SlotHolder): void => {
    const open = isPrivileged ? slotsMax : slotsMax - reservedSlots;
    if (taken < slotsMax && (isPrivileged || takenUnprivileged < open)) return;
    throw new AppError('SERVICE_UNAVAILABLE', limits.allTaken(open), { retryAfterSeconds });
  };
  return {
    take(holder) {
      if ((takenBy.get(holder.id) ?? 0) >= slotsPerHolderMax)
        throw new AppError('RATE_LIMITED', limits.shareTaken(slotsPerHolderMax), { retryAfterSeconds });
      requireFreeSlot(holder);
      count(holder, 1);
      let isTaken = true;
      return () => {
        if (isTaken) count(holder, -1);
        isTaken = false;
      };
    },
  };
};
