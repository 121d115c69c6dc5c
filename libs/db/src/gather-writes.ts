import { gather, type GatherLimits } from './gather.ts';

export interface GatherWriteParts<Write> {
  /** Makes a write by its plain statement. False, having changed nothing, if it cannot be made. */
  readonly one: (write: Write) => Promise<boolean>;
  /** Makes of many writes those that can be made, by one statement. Returns their places, counted from 1. */
  readonly many: (writes: readonly Write[]) => Promise<readonly { readonly place: number }[]>;
  /** A text that is the same for two writes that one statement cannot make: of one row, or under one key. */
  readonly conflictOf: (write: Write) => string;
}

/**
 * Makes a write that gathers as `gather` does: the writes of one turn of the event loop, and those that wait for a statement in flight, are one
 * statement, which is one transaction. What it does not make, and all of it if it fails, is tried by the plain statement of each, so that every
 * caller gets the refusal or error that is theirs. An AppError (the outcome is unknown, or too many wait) is the answer to all: nothing is made twice.
 */
export const gatherWrites = <Write>(
  { one, many, conflictOf }: GatherWriteParts<Write>,
  limits?: GatherLimits,
): ((write: Write) => Promise<boolean>) => {
  /** The writes that wait, by their conflicts. */
  const waiting = new Map<string, Write>();
  const endWait = (write: Write): void => {
    const conflict = conflictOf(write);
    if (waiting.get(conflict) === write) waiting.delete(conflict);
  };
  const gathered = gather<Write, { readonly isMade: boolean }>(
    {
      one: async (write) => {
        endWait(write);
        return { isMade: await one(write) };
      },
      many: async (writes) => {
        writes.forEach(endWait);
        return (await many(writes)).map(({ place }) => ({ place, isMade: true }));
      },
      keyOf: conflictOf,
    },
    limits,
  );
  return async (write) => {
    const conflict = conflictOf(write);
    if (waiting.has(conflict)) return await one(write);
    waiting.set(conflict, write);
    try {
      return (await gathered(write))?.isMade ?? (await one(write));
    } finally {
      endWait(write);
    }
  };
};
