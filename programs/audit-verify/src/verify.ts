import { createCheck, type Check, type Verdict } from './check.ts';
import { ForgedCheckpoint, readCheckpoint, type Checkpoint, type VerifierKey } from './checkpoint.ts';
import { findingBetween, findingOfLog, type Finding } from './finding.ts';
import { InputError } from './input-error.ts';
import { readEntry, readHeader, type Header } from './read-export.ts';
import { readLines } from './read-lines.ts';
import { noTiles, readTiles } from './tiles.ts';

export interface Note {
  readonly file: string;
  readonly text: string;
}

export interface VerifyParts {
  readonly lines: AsyncIterable<Buffer>;
  readonly checkpoint: Note;
  /** Older checkpoints, in any order. */
  readonly older: readonly Note[];
  readonly keys: readonly VerifierKey[];
  readonly tiles: string | null;
  readonly isYoungerAllowed: boolean;
  /** Called from time to time with the number of events read. */
  readonly onProgress: (events: number) => void;
}

export interface Answer {
  /** The checkpoint; null if it is not to be trusted. */
  readonly checkpoint: Checkpoint | null;
  readonly older: readonly Checkpoint[];
  readonly verdict: Verdict;
  /** Remarks for the reader of the report. */
  readonly remarks: readonly string[];
}

const none = { pruned: 0, redacted: 0 };
const unproven = (finding: Finding): Verdict => ({ finding, provenUpTo: 0, removed: none, told: none, vague: 0, younger: 0 });

const findRollback = (checkpoint: Checkpoint, older: readonly Checkpoint[]): Finding | null => {
  const largest = Math.max(0, ...older.map(({ size }) => size));
  if (largest <= checkpoint.size) return null;
  const reason = `A kept checkpoint knew ${largest} events, this one knows ${checkpoint.size}.`;
  return findingBetween('rolled-back', checkpoint.size, largest - 1, reason);
};

const progressEvery = 10_000;

interface Checkpoints {
  readonly checkpoint: Checkpoint;
  readonly older: readonly Checkpoint[];
}

const readCheckpoints = ({ checkpoint: note, older: notes, keys }: VerifyParts): Checkpoints => {
  const checkpoint = readCheckpoint(note.text, keys, note.file);
  const older = notes.map(({ text, file }) => readCheckpoint(text, keys, file));
  const stranger = older.find(({ origin }) => origin !== checkpoint.origin);
  if (stranger === undefined) return { checkpoint, older };
  throw new InputError(`The checkpoints are of two logs, ${checkpoint.origin} and ${stranger.origin}.`);
};

const requireOrigin = (origin: string, header: Header): void => {
  if (header.origin === null || header.origin === origin) return;
  throw new InputError(`The export is of the log ${header.origin}, the checkpoint of ${origin}.`);
};

const readEvents = async ({ lines: chunks, onProgress }: VerifyParts, origin: string, check: Check): Promise<void> => {
  let isBegun = false;
  let events = 0;
  for await (const lines of readLines(chunks)) {
    for (const line of lines) {
      if (isBegun) {
        check.take(readEntry(line));
        events += 1;
        if (events % progressEvery === 0) onProgress(events);
      } else {
        requireOrigin(origin, readHeader(line));
        isBegun = true;
      }
    }
  }
  if (!isBegun) throw new InputError('The export is empty.');
};

const compare = async (parts: VerifyParts, { checkpoint, older }: Checkpoints): Promise<Answer> => {
  const rollback = findRollback(checkpoint, older);
  if (rollback !== null) return { checkpoint, older, verdict: unproven(rollback), remarks: [] };
  const { hashes, fault, remarks } = parts.tiles === null ? noTiles : readTiles(parts.tiles, checkpoint);
  const check = createCheck({ checkpoint, older, hashes, isYoungerAllowed: parts.isYoungerAllowed });
  await readEvents(parts, checkpoint.origin, check);
  const verdict = check.verdict();
  // Of tiles that differ from what was signed nothing can be said before the events are known to be right.
  const finding = verdict.finding ?? (fault === null ? null : findingOfLog('hashes', fault));
  return { checkpoint, older, verdict: { ...verdict, finding }, remarks };
};

/** Verifies an export, from its first line to its last, against the checkpoints. Throws InputError. */
export const verifyExport = async (parts: VerifyParts): Promise<Answer> => {
  try {
    return await compare(parts, readCheckpoints(parts));
  } catch (error) {
    if (!(error instanceof ForgedCheckpoint)) throw error;
    return { checkpoint: null, older: [], verdict: unproven(findingOfLog('forged', error.message)), remarks: [] };
  }
};
