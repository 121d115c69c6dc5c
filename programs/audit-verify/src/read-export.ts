import { canonicalJson } from './canonical-json.ts';
import { fromBase64 } from './base64.ts';
import { inexactNumber } from './exact-numbers.ts';
import { InputError } from './input-error.ts';
import { hashBytes, hashLeaf } from './merkle.ts';
import { nameGivenTwice } from './names-once.ts';
import type { Line } from './read-lines.ts';
import { removals, tellingOf, type Removal, type Telling } from './removals.ts';

/** An event of the log, from one line of an export. */
export interface Entry {
  readonly line: number;
  readonly index: number;
  readonly leafHash: Buffer;
  /** The leaf hash computed from the event; null if its payload was removed. */
  readonly computed: Buffer | null;
  readonly removed: Removal | null;
  /** The removals that this event tells of; null if it tells of none. */
  readonly tellsOf: Telling | null;
  readonly id: string | null;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads an object that can be read in one way alone. Throws InputError. */
export const readObject = ({ number, text }: Line): Json => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`Line ${number} is not JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`Line ${number} is not an object.`);
  }
  // What JSON.stringify writes can be read in one way alone: most lines were written by it.
  if (JSON.stringify(value) !== text) requireOneReading({ number, text });
  return value as Json;
};

const requireOneReading = ({ number, text }: Line): void => {
  const twice = nameGivenTwice(text);
  if (twice !== null) throw new InputError(`Line ${number} gives the name ${JSON.stringify(twice)} twice.`);
  const inexact = inexactNumber(text);
  if (inexact !== null)
    throw new InputError(`Line ${number} holds the number ${inexact.slice(0, 60)}, which no leaf holds as it is written.`);
};

const readRemoval = (value: unknown, line: number): Removal | null => {
  if (value === undefined) return null;
  const removal = removals.find((each) => each === value);
  if (removal === undefined) throw new InputError(`Line ${line} was removed in a way that is not known here.`);
  return removal;
};

const hashOf = (event: Json, line: number): Buffer => {
  try {
    return hashLeaf(canonicalJson(event));
  } catch (cause) {
    throw new InputError(`Line ${line} ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
};

/** Stands for a leaf hash that somebody took away: no event has it. */
const noHash = Buffer.alloc(hashBytes);

/**
 * The content of a row that the service itself found altered, which it exports as `altered`; null for any other line. It is
 * judged here like every other line, whatever the service says of it.
 */
const withinAltered = ({ altered, ...others }: Json): Json | null =>
  typeof altered === 'object' && altered !== null && !Array.isArray(altered) && Object.keys(others).length === 0
    ? (altered as Json)
    : null;

/** Parses the event of a line. Throws InputError. */
export const readEntry = (line: Line): Entry => {
  const { leafIndex, leafHash: encoded, ...said } = readObject(line);
  const content = withinAltered(said) ?? said;
  const leafHash = content !== said && encoded === '' ? noHash : typeof encoded === 'string' ? fromBase64(encoded) : null;
  if (typeof leafIndex !== 'number' || !Number.isSafeInteger(leafIndex) || leafIndex < 0 || leafHash?.length !== hashBytes) {
    throw new InputError(`Line ${line.number} is not an event with its leafIndex and leafHash.`);
  }
  const { removed: removedText, ...event } = content;
  const removed = readRemoval(removedText, line.number);
  const isBare = removed !== null && Object.keys(event).length === 0;
  const id = event['id'];
  return {
    line: line.number,
    index: leafIndex,
    leafHash,
    // What is said beside a removal is said by nobody who can be held to it: no leaf was made of it.
    computed: isBare ? null : hashOf(content, line.number),
    removed,
    tellsOf: removed === null ? tellingOf(event, leafIndex) : null,
    id: typeof id === 'string' ? id : null,
  };
};

export interface Header {
  readonly size: number;
  /** The origin of the log in its checkpoints; null if it had not signed one yet. */
  readonly origin: string | null;
}

/** Reads the header, the first line of an export. Throws InputError unless it is the header of an export of the whole log. */
export const readHeader = (line: Line): Header => {
  const { format, version, size, origin, filters } = readObject(line);
  if (format !== 'guildhall-audit-export' || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new InputError('The export does not begin with its header.');
  }
  if (version !== 1) throw new InputError(`The export is of version ${String(version)}; only version 1 is known here.`);
  if (filters !== undefined) throw new InputError('The export was narrowed by filters: only one of all events can be proven.');
  return { size, origin: typeof origin === 'string' ? origin : null };
};
