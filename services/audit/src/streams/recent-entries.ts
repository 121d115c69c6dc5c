import type { LogEntry, LogReader } from '../core/log/log-reader.ts';

/** What follows a leaf index, and the one that comes next. */
export interface Following {
  readonly entries: readonly LogEntry[];
  readonly next: number;
}

/** The last entries of the log, read once for all who follow it, and held for a moment only: they may be redacted meanwhile. */
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

export interface RecentEntriesParts {
  readonly log: LogReader;
  readonly monotonicMs: () => number;
  /** How long an entry is held. */
  readonly heldMs: number;
}

interface Held {
  readonly entry: LogEntry;
  readonly untilMs: number;
}

export const createRecentEntries = ({ log, monotonicMs, heldMs }: RecentEntriesParts): RecentEntries => {
  let held: readonly Held[] = [];
  /** Everything from here to `size` is held, but for what was removed. */
  let first = 0;
  let size = 0;

  const keepFrom = (index: number): void => {
    const lastGone = held[index - 1];
    if (lastGone !== undefined) first = lastGone.entry.leafIndex + 1;
    held = held.slice(index);
  };
  const forget = (): void => {
    const nowMs = monotonicMs();
    const index = held.findIndex(({ untilMs }) => untilMs > nowMs);
    keepFrom(index === -1 ? held.length : index);
  };
  return {
    size: () => size,
    following(position, limit) {
      forget();
      if (position < first) return null;
      const entries = held
        .map(({ entry }) => entry)
        .filter(({ leafIndex }) => leafIndex >= position)
        .slice(0, limit);
      const last = entries.length === limit ? entries.at(-1) : undefined;
      return { entries, next: last === undefined ? size : last.leafIndex + 1 };
    },
    async advance() {
      forget();
      const from = size;
      const end = await log.size();
      if (end <= from) return end < from && from === size ? 'shorter' : 'nothing';
      const to = Math.min(end, from + advancedLeavesMax);
      const entries = await log.read({}, { from, to }, advancedLeavesMax);
      // Somebody else read on meanwhile, or it began anew: these are not what follows.
      if (from !== size) return 'nothing';
      const untilMs = monotonicMs() + heldMs;
      held = [...held, ...entries.map((entry) => ({ entry, untilMs }))];
      keepFrom(Math.max(0, held.length - heldEntriesMax));
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
