import { toBase64 } from './base64.ts';
import type { Hash, Sha256 } from './merkle-tree.ts';

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

const keyId = (sha256: Sha256, key: NoteKey): Uint8Array =>
  sha256(encoder.encode(`${key.origin}\n`), typedKey(key)).subarray(0, keyIdBytes);

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The key as verifiers take it (C2SP signed-note): `name+hash+base64`. */
export const verifierKeyOf = (sha256: Sha256, key: NoteKey): string =>
  `${key.origin}+${hex(keyId(sha256, key))}+${toBase64(typedKey(key))}`;

/** The text of a checkpoint (C2SP tlog-checkpoint): origin, size and root, a line each. */
export const checkpointText = (origin: string, size: number, root: Hash): string => `${origin}\n${size}\n${toBase64(root)}\n`;

/** The note: the text that was signed, a blank line, and the signature's line. */
export const signedNote = (sha256: Sha256, key: NoteKey, text: string, signature: Uint8Array): string =>
  `${text}\n— ${key.origin} ${toBase64(Uint8Array.of(...keyId(sha256, key), ...signature))}\n`;
