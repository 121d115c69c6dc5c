import { fromBase64, toBase64 } from './base64.ts';
import { isSameHash, type Hash, type Sha256 } from './merkle-tree.ts';

/** Ed25519 in the numbering of C2SP signed-note. */
const ed25519 = 1;
const keyIdBytes = 4;
const encoder = new TextEncoder();

export interface NoteKey {
  /** The name under which it signs: no white space, no plus sign. */
  readonly origin: string;
  /** The 32 bytes of an Ed25519 public key. */
  readonly publicKey: Uint8Array;
}

const typedKey = ({ publicKey }: NoteKey): Uint8Array => Uint8Array.of(ed25519, ...publicKey);

/** The id of a key: the first bytes of the hash of its name, its type and its bytes. */
export const idOfKey = (sha256: Sha256, name: string, typed: Uint8Array): Uint8Array =>
  sha256(encoder.encode(`${name}\n`), typed).subarray(0, keyIdBytes);

const keyId = (sha256: Sha256, key: NoteKey): Uint8Array => idOfKey(sha256, key.origin, typedKey(key));

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A verifier key (C2SP signed-note): `name+hash+base64`. */
export const keyLineOf = (sha256: Sha256, name: string, typed: Uint8Array): string =>
  `${name}+${hex(idOfKey(sha256, name, typed))}+${toBase64(typed)}`;

/** The key as verifiers take it (C2SP signed-note): `name+hash+base64`. */
export const verifierKeyOf = (sha256: Sha256, key: NoteKey): string => keyLineOf(sha256, key.origin, typedKey(key));

/** Reads a verifier key of a type; null for what is none, or whose hash is not that of its name and key. */
export const readKeyLine = (sha256: Sha256, line: string, type = ed25519): { name: string; publicKey: Uint8Array } | null => {
  const [, name = '', encoded = ''] = /^([^+\s]+)\+[0-9a-f]{8}\+(\S+)$/.exec(line) ?? [];
  const typed = fromBase64(encoded);
  if (typed[0] !== type || typed.length !== 33 || keyLineOf(sha256, name, typed) !== line) return null;
  return { name, publicKey: typed.subarray(1) };
};

/** A signature line of a note, without the newline at its end. */
export const signatureLineOf = (name: string, id: Uint8Array, signature: Uint8Array): string =>
  `\u2014 ${name} ${toBase64(Uint8Array.of(...id, ...signature))}`;

/** The text of a checkpoint (C2SP tlog-checkpoint): origin, size and root, a line each. */
export const checkpointText = (origin: string, size: number, root: Hash): string => `${origin}\n${size}\n${toBase64(root)}\n`;

/** The root that a checkpoint states, in base64; empty where the text is none. */
export const rootInNote = (note: string): string => note.split('\n', 3)[2] ?? '';

/** The note: the text that was signed, a blank line, and the signature's line. */
export const signedNote = (sha256: Sha256, key: NoteKey, text: string, signature: Uint8Array): string =>
  `${text}\n${signatureLineOf(key.origin, keyId(sha256, key), signature)}\n`;

/** Verifies an Ed25519 signature (RFC 8032). */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** A signature line of a note: the name, and the key id and signature behind it. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface OpenedNote {
  /** The text that was signed, with the newline at its end. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const signatureLine = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/;

/** The signature of a line of a note; null where the line is none. */
export const signatureIn = (line: string): NoteSignature | null => {
  const [, name, encoded] = signatureLine.exec(line) ?? [];
  if (name === undefined || encoded === undefined) return null;
  const bytes = fromBase64(encoded);
  return bytes.length <= keyIdBytes
    ? null
    : { name, keyId: bytes.subarray(0, keyIdBytes), signature: bytes.subarray(keyIdBytes) };
};

/** Opens a signed note (C2SP signed-note); null for what is none. Verifies nothing. */
export const openNote = (note: string): OpenedNote | null => {
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) return null;
  const signatures = note
    .slice(end + 2, -1)
    .split('\n')
    .map(signatureIn);
  return signatures.some((each) => each === null)
    ? null
    : { text: note.slice(0, end + 1), signatures: signatures.filter((each) => each !== null) };
};

/** True if the key signed the note. */
export const isSignedBy = (sha256: Sha256, verify: VerifyEd25519, key: NoteKey, note: string): boolean => {
  const opened = openNote(note);
  const id = keyId(sha256, key);
  const signature = opened?.signatures.find((each) => each.name === key.origin && isSameHash(each.keyId, id))?.signature;
  return opened !== null && signature !== undefined && verify(key.publicKey, encoder.encode(opened.text), signature);
};

/** The signature line of a key in a note, without the newline at its end; empty where it has none. */
export const signedUnder = (sha256: Sha256, key: NoteKey, note: string): string => {
  const id = keyId(sha256, key);
  const found = openNote(note)?.signatures.find((each) => each.name === key.origin && isSameHash(each.keyId, id));
  return found === undefined ? '' : signatureLineOf(found.name, found.keyId, found.signature);
};
