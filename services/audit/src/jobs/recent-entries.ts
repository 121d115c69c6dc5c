import type { LogEntry, LogReader } from '../core/read-log.ts';

/** The last entries of the log, read once for all who follow it. */
export interface RecentEntries {
  /** How far the log was read. */
  size(): number;
  /** Entries from this leaf index on, at most `limit`; null when they are not held any more. */
  behind(position: number, limit: number): readonly LogEntry[] | null;
  /** Reads what is new, some of it; answers whether there was anything. */
  advance(): Promise<boolean>;
  /** Forgets all and begins at this size. */
  restart(size: number): void;
}

const advancedEntriesMax = 500;
const heldEntriesMax = 1_000;

export const createRecentEntries = (log: LogReader): RecentEntries => {
  let held: readonly LogEntry[] = [];
  let size = 0;
  return {
    size: () => size,
    behind: (position, limit) => {
      const first = size - held.length;
      return position < first ? null : held.slice(position - first, position - first + limit);
    },
    async advance() {
      const from = size;
      const entries = await log.read({}, { from, to: from + advancedEntriesMax }, advancedEntriesMax);
      // Started anew meanwhile: these are not what follows.
      if (from !== size || entries.length === 0) return false;
      held = [...held, ...entries].slice(-heldEntriesMax);
      size += entries.length;
      return true;
    },
    restart: (to) => {
      held = [];
      size = to;
    },
  };
};
