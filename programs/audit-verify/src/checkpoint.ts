import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { fromBase64 } from './base64.ts';
import { InputError } from './input-error.ts';
import { hashBytes } from './merkle.ts';

/** A key that may sign checkpoints: a C2SP signed-note verifier key for Ed25519. */
export interface VerifierKey {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly publicKey: KeyObject;
}

/** A C2SP tlog-checkpoint: the root hash of the log at one size. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  /** The given keys whose signature is valid. */
  readonly signedBy: readonly string[];
  /** The names under the signatures of keys that were not given. */
  readonly notChecked: readonly string[];
}

/** A checkpoint that carries the name of a key that did not sign it. */
export class ForgedCheckpoint extends Error {}

const ed25519 = 0x01;
const keyIdBytes = 4;
const signaturesMax = 100;

const keyId = (name: string, typed: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'hex').slice(0, 2 * keyIdBytes);

/** Reads `name+hexhash+base64(0x01 ‖ public key)`. Throws InputError. */
export const readVerifierKey = (text: string): VerifierKey => {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const typed = fromBase64(encoded);
  if (name === '' || typed === null || typed.length !== 1 + hashBytes || typed[0] !== ed25519) {
    throw new InputError('The key is not an Ed25519 verifier key: name+hash+base64.');
  }
  if (keyId(name, typed) !== id) throw new InputError(`The key is damaged: its hash is ${keyId(name, typed)}, not ${id}.`);
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') },
    format: 'jwk',
  });
  return { name, id, publicKey };
};

interface Signature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}

const readSignature = (line: string, file: string): Signature => {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (name === '' || bytes === null || bytes.length <= keyIdBytes) {
    throw new InputError(`${file} is not a signed note: one of its signatures cannot be read.`);
  }
  return { name, id: bytes.subarray(0, keyIdBytes).toString('hex'), bytes: bytes.subarray(keyIdBytes) };
};

const readBody = (text: string, file: string): Omit<Checkpoint, 'signedBy' | 'notChecked'> => {
  const [origin = '', sizeText = '', rootText = ''] = text.split('\n');
  const root = fromBase64(rootText);
  const size = /^(0|[1-9]\d*)$/.test(sizeText) ? Number(sizeText) : Number.NaN;
  if (origin === '' || !Number.isSafeInteger(size) || root?.length !== hashBytes) {
    throw new InputError(`${file} is not a checkpoint: origin, size and root, each in a line.`);
  }
  return { origin, size, root };
};

/**
 * Reads a checkpoint and verifies its signatures. Throws InputError if it is not a checkpoint or none of the keys signed it;
 * ForgedCheckpoint if a signature under the name and id of a key is invalid.
 */
export const readCheckpoint = (note: string, keys: readonly VerifierKey[], file: string): Checkpoint => {
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) throw new InputError(`${file} is not a signed note: text, an empty line, signatures.`);
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > signaturesMax) throw new InputError(`${file} has more than ${signaturesMax} signatures.`);
  const signatures = lines.map((line) => readSignature(line, file));
  const signedBy = keys.filter(({ name, id, publicKey }) => {
    const signature = signatures.find((each) => each.name === name && each.id === id);
    if (signature === undefined) return false;
    if (verify(null, Buffer.from(text), publicKey, signature.bytes)) return true;
    throw new ForgedCheckpoint(`${file} is forged or was altered: the signature under the name ${name} does not hold.`);
  });
  if (signedBy.length === 0) {
    const names = keys.map(({ name, id }) => `${name}+${id}`).join(', ');
    throw new InputError(
      `${file} is not signed by ${names}, but by ${signatures.map(({ name, id }) => `${name}+${id}`).join(', ')}.`,
    );
  }
  const notChecked = signatures.filter((each) => !signedBy.some(({ name, id }) => each.name === name && each.id === id));
  return { ...readBody(text, file), signedBy: signedBy.map(({ name }) => name), notChecked: notChecked.map(({ name }) => name) };
};
