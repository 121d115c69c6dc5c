import type { AlteredEntry, LogEntry, LogReader } from '../core/log/log-reader.ts';

/** Entries that follow a leaf index, and the leaf index to go on from. */
export interface EntriesAfter {
  readonly entries: readonly (LogEntry | AlteredEntry)[];
  readonly next: number;
}

/**
 * A bounded buffer of the newest entries of the log, read once for all listeners. An entry stays for `bufferedMs` at most,
 * because it may be redacted meanwhile.
 */
export interface TailBuffer {
  /** The number of leaves read so far. */
  size(): number;
  /** At most `limit` entries from this leaf index on; null when the buffer does not reach back so far. */
  after(position: number, limit: number): EntriesAfter | null;
  /**
   * Reads the next entries of the log. `more`: there were some; `nothing`: there were none; `shorter`: the log has fewer
   * leaves than before, so it is another log.
   */
  readOn(): Promise<'more' | 'nothing' | 'shorter'>;
  /** Empties the buffer and goes on from this size. */
  reset(size: number): void;
}

/** Leaves that one statement reads. */
const readLeavesMax = 500;
const bufferedEntriesMax = 1_000;

export interface TailBufferParts {
  readonly log: Pick<LogReader, 'size' | 'read'>;
  readonly monotonicMs: () => number;
  /** The lifetime of an entry, in milliseconds. */
  readonly bufferedMs: number;
}

interface BufferedEntry {
  readonly entry: LogEntry | AlteredEntry;
  readonly expiresAtMs: number;
}

export const createTailBuffer = ({ log, monotonicMs, bufferedMs }: TailBufferParts): TailBuffer => {
  let buffered: readonly BufferedEntry[] = [];
  /** The buffer is complete from this leaf index to `size`, apart from removed events. */
  let first = 0;
  let size = 0;

  const dropBefore = (index: number): void => {
    const lastDropped = buffered[index - 1];
    if (lastDropped !== undefined) first = lastDropped.entry.leafIndex + 1;
    buffered = buffered.slice(index);
  };
  const dropExpired = (): void => {
    const nowMs = monotonicMs();
    const index = buffered.findIndex(({ expiresAtMs }) => expiresAtMs > nowMs);
    dropBefore(index === -1 ? buffered.length : index);
  };
  return {
    size: () => size,
    after(position, limit) {
      dropExpired();
      if (position < first) return null;
      const entries = buffered
        .map(({ entry }) => entry)
        .filter(({ leafIndex }) => leafIndex >= position)
        .slice(0, limit);
      const last = entries.length === limit ? entries.at(-1) : undefined;
      return { entries, next: last === undefined ? size : last.leafIndex + 1 };
    },
    async readOn() {
      dropExpired();
      const from = size;
      const end = await log.size();
      if (end <= from) return end < from && from === size ? 'shorter' : 'nothing';
      const to = Math.min(end, from + readLeavesMax);
      const entries = await log.read({}, { from, to }, readLeavesMax);
      // Another call read on, or the buffer was reset, during the read: these entries do not follow the buffer any more.
      if (from !== size) return 'nothing';
      const expiresAtMs = monotonicMs() + bufferedMs;
      buffered = [...buffered, ...entries.map((entry) => ({ entry, expiresAtMs }))];
      dropBefore(Math.max(0, buffered.length - bufferedEntriesMax));
      size = to;
      return 'more';
    },
    reset: (to) => {
      buffered = [];
      first = to;
      size = to;
    },
  };
};
