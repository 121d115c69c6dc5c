import type { LogEntry, LogReader } from '../core/read-log.ts';

/** What follows a leaf index, and the one that comes next. */
export interface Following {
  readonly entries: readonly LogEntry[];
  readonly next: number;
}

/** The last entries of the log, read once for all who follow it. */
export interface RecentEntries {
  /** How far the log was read. */
  size(): number;
  /** Entries from this leaf index on, at most `limit`; null when they are not held any more. */
  following(position: number, limit: number): Following | null;
  /** Reads what is new, some of it; answers whether there was anything, or that the log is shorter than it was: it is another one. */
  advance(): Promise<'more' | 'nothing' | 'shorter'>;
  /** Forgets all and begins at this size. */
  restart(size: number): void;
}

const advancedLeavesMax = 500;
const heldEntriesMax = 1_000;

export const createRecentEntries = (log: LogReader): RecentEntries => {
  let held: readonly LogEntry[] = [];
  /** Everything from here to `size` is held, but for what was removed. */
  let first = 0;
  let size = 0;
  return {
    size: () => size,
    following(position, limit) {
      if (position < first) return null;
      const entries = held.filter(({ leafIndex }) => leafIndex >= position).slice(0, limit);
      const last = entries.length === limit ? entries.at(-1) : undefined;
      return { entries, next: last === undefined ? size : last.leafIndex + 1 };
    },
    async advance() {
      const from = size;
      const end = await log.size();
      if (end <= from) return end < from && from === size ? 'shorter' : 'nothing';
      const to = Math.min(end, from + advancedLeavesMax);
      const entries = await log.read({}, { from, to }, advancedLeavesMax);
      // Somebody else read on meanwhile, or it began anew: these are not what follows.
      if (from !== size) return 'nothing';
      const all = [...held, ...entries];
      held = all.slice(-heldEntriesMax);
      if (held.length < all.length) first = held[0]?.leafIndex ?? to;
      size = to;
      return 'more';
    },
    restart: (to) => {
      held = [];
      first = to;
      size = to;
    },
  };
};
