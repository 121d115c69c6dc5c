import { type Sha256, toBase64 } from '@guildhall/tlog';
import { leafHashOf } from './leaf.ts';
import type { AlteredEntry, LogEntry, LogReader } from './log-reader.ts';

/** Compares an event with its leaf hash before it is shown: one SHA-256. What does not hold comes out as altered. */
export type CheckEntry = (entry: LogEntry) => LogEntry | AlteredEntry;

export interface CheckEntryParts {
  readonly sha256: Sha256;
  /** Called for each altered event, each time that it is read. */
  readonly onAltered: (entry: AlteredEntry) => void;
}

/** The leaf hash that an event has by its content, in base64; null for one without a canonical form. */
export const contentHashOf = (sha256: Sha256, event: LogEntry['event']): string | null => {
  try {
    return toBase64(leafHashOf(sha256, event));
  } catch {
    return null;
  }
};

/** True if the leaf hash is that of the event. An event without a canonical form has none. */
export const holdsLeafHash = (sha256: Sha256, { leafHash, event }: LogEntry): boolean =>
  contentHashOf(sha256, event) === leafHash;

export const createCheckEntry =
  ({ sha256, onAltered }: CheckEntryParts): CheckEntry =>
  (entry) => {
    if (holdsLeafHash(sha256, entry)) return entry;
    const { leafIndex, leafHash, event } = entry;
    const altered = { leafIndex, leafHash, altered: event };
    onAltered(altered);
    return altered;
  };

/** The reader of a log whose entries are checked as they are read. */
export const createCheckedReader = (log: LogReader<LogEntry>, checkEntry: CheckEntry): LogReader => ({
  ...log,
  read: async (...given) => (await log.read(...given)).map(checkEntry),
});
