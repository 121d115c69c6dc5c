import { toBase64 } from './base64.ts';
import { isSameHash, type Sha256 } from './merkle-tree.ts';
import { idOfKey, keyLineOf, openNote, signatureLineOf, type NoteSignature, type VerifyEd25519 } from './signed-note.ts';

/** Ed25519 cosignatures in the numbering of C2SP signed-note. */
export const ed25519Cosignature = 4;
const timestampBytes = 8;
const encoder = new TextEncoder();

/** The key of a witness: its name, and the 32 bytes of an Ed25519 public key. */
export interface WitnessKey {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

const typedKey = ({ publicKey }: WitnessKey): Uint8Array => Uint8Array.of(ed25519Cosignature, ...publicKey);

const idOf = (sha256: Sha256, key: WitnessKey): Uint8Array => idOfKey(sha256, key.name, typedKey(key));

/** The key as verifiers take it (C2SP signed-note): `name+hash+base64`. */
export const witnessKeyText = (sha256: Sha256, key: WitnessKey): string => keyLineOf(sha256, key.name, typedKey(key));

/** The bytes that a witness signs (C2SP tlog-cosignature): that it saw this checkpoint at this time, in seconds since 1970. */
export const cosignedMessage = (checkpointText: string, seconds: number): Uint8Array =>
  encoder.encode(`cosignature/v1\ntime ${seconds}\n${checkpointText}`);

/** The signature line of a witness, without the newline at its end. */
export const cosignatureLine = (sha256: Sha256, key: WitnessKey, seconds: number, signature: Uint8Array): string => {
  const timestamp = new Uint8Array(timestampBytes);
  new DataView(timestamp.buffer).setBigUint64(0, BigInt(seconds));
  return signatureLineOf(key.name, idOf(sha256, key), Uint8Array.of(...timestamp, ...signature));
};

/** The time of a cosignature in seconds since 1970, if the witness made it over this checkpoint; null otherwise. */
export const cosignedAt = (
  sha256: Sha256,
  verify: VerifyEd25519,
  key: WitnessKey,
  checkpointText: string,
  { name, keyId, signature }: NoteSignature,
): number | null => {
  if (name !== key.name || !isSameHash(keyId, idOf(sha256, key)) || signature.length <= timestampBytes) return null;
  const bytes = Uint8Array.from(signature);
  const seconds = Number(new DataView(bytes.buffer).getBigUint64(0));
  return verify(key.publicKey, cosignedMessage(checkpointText, seconds), bytes.subarray(timestampBytes)) ? seconds : null;
};

/** The checkpoint of a note: origin, size and root in base64; null for what is none (C2SP tlog-checkpoint). */
export const checkpointIn = (note: string): { origin: string; size: number; root: string; text: string } | null => {
  const opened = openNote(note);
  const [origin = '', sizeText = '', root = ''] = opened?.text.split('\n') ?? [];
  const size = /^(0|[1-9]\d{0,15})$/.test(sizeText) ? Number(sizeText) : Number.NaN;
  if (opened === null || origin === '' || !Number.isSafeInteger(size) || !isHash(root)) return null;
  return { origin, size, root, text: opened.text };
};

const isHash = (text: string): boolean => /^[A-Za-z0-9+/]{43}=$/.test(text);

/** The root of the empty tree, in base64. */
export const emptyRoot = (sha256: Sha256): string => toBase64(sha256());
