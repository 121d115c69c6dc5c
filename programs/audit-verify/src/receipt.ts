import { isUtf8 } from 'node:buffer';
import { fromBase64 } from './base64.ts';
import { ForgedCheckpoint, readCheckpoint, type Checkpoint, type VerifierKey } from './checkpoint.ts';
import { InputError } from './input-error.ts';
import { hashBytes, hashLeaf, rootOfPath } from './merkle.ts';
import { readObject } from './read-export.ts';
import type { Note } from './verify.ts';

/** A receipt as it stands in its file: a proof after C2SP tlog-proof whose extra data is the canonical JSON of the event. */
interface Receipt {
  readonly eventText: string;
  readonly index: number;
  readonly path: readonly Buffer[];
  readonly note: string;
}

export interface ReceiptAnswer {
  /** The checkpoint; null if it is not to be trusted. */
  readonly checkpoint: Checkpoint | null;
  readonly index: number;
  /** The event as the receipt has it. It is proven only if `fault` is null. */
  readonly eventText: string;
  /** Why the receipt does not hold; null if it does. */
  readonly fault: string | null;
}

const pathMax = 64;
const firstLine = 'c2sp.org/tlog-proof@v1';

const readBytes = (text: string, what: string, file: string): Buffer => {
  const bytes = fromBase64(text);
  if (bytes === null) throw new InputError(`${file} is damaged: ${what} is not base64.`);
  return bytes;
};

const readReceipt = ({ file, text }: Note): Receipt => {
  const end = text.indexOf('\n\n');
  const [first, extra = '', position = '', ...hashes] = text.slice(0, Math.max(0, end)).split('\n');
  if (first !== firstLine) throw new InputError(`${file} is not a receipt: it does not begin with ${firstLine}.`);
  const [, encoded] = /^extra (\S+)$/.exec(extra) ?? [];
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(position) ?? [];
  if (encoded === undefined || index === undefined || !Number.isSafeInteger(Number(index)) || hashes.length > pathMax)
    throw new InputError(`${file} is not a receipt: extra, index, a path and a checkpoint.`);
  const event = readBytes(encoded, 'its event', file);
  const path = hashes.map((line) => readBytes(line, 'a hash of its path', file));
  if (path.some(({ length }) => length !== hashBytes))
    throw new InputError(`${file} is damaged: a hash of its path is no SHA-256.`);
  if (!isUtf8(event)) throw new InputError(`${file} is damaged: its event is not UTF-8.`);
  return { eventText: event.toString('utf8'), index: Number(index), path, note: text.slice(end + 2) };
};

/**
 * Verifies a receipt with the keys of the log alone, without database and network. Throws InputError for what is no receipt, or signed by
 * none of the keys.
 */
export const verifyReceipt = (file: Note, keys: readonly VerifierKey[]): ReceiptAnswer => {
  const { eventText, index, path, note } = readReceipt(file);
  try {
    const checkpoint = readCheckpoint(note, keys, file.file);
    const root = rootOfPath(hashLeaf(eventText), { index, size: checkpoint.size, path });
    // Only what the hash vouches for is read as an event.
    const isProven = root?.equals(checkpoint.root) === true;
    if (isProven) readObject({ number: 2, text: eventText });
    const fault = isProven
      ? null
      : `The event at index ${index} does not lead to the root that was signed: the receipt was altered.`;
    return { checkpoint, index, eventText, fault };
  } catch (error) {
    if (!(error instanceof ForgedCheckpoint)) throw error;
    return { checkpoint: null, index, eventText, fault: error.message };
  }
};
