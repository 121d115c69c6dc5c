import * as ed25519 from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { fromBase64, isSame, joined, textBytes, toHex } from './bytes.ts';
import { hashLeaf, rootOfPath, type TreeHead } from './merkle.ts';

ed25519.hashes.sha512 = sha512;

/** The reasons why a receipt does not hold. */
export type ProofFault = 'receipt' | 'key' | 'signature' | 'path';

export class BrokenProof extends Error {
  readonly fault: ProofFault;
  constructor(fault: ProofFault) {
    super(fault);
    this.fault = fault;
  }
}

interface Receipt {
  readonly eventText: string;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly note: string;
}

/** Reads a proof after C2SP tlog-proof whose extra data is the canonical JSON of the event. Throws BrokenProof. */
const readReceipt = (text: string): Receipt => {
  const end = text.indexOf('\n\n');
  const [first, extra = '', position = '', ...hashes] = text.slice(0, Math.max(0, end)).split('\n');
  const [, encoded = ''] = /^extra (\S+)$/.exec(extra) ?? [];
  const [, index = ''] = /^index (0|[1-9]\d{0,15})$/.exec(position) ?? [];
  if (first !== 'c2sp.org/tlog-proof@v1' || encoded === '' || index === '') throw new BrokenProof('receipt');
  const eventText = new TextDecoder('utf-8', { fatal: true }).decode(fromBase64(encoded));
  return { eventText, index: Number(index), path: hashes.map(fromBase64), note: text.slice(end + 2) };
};

interface VerifierKey {
  readonly name: string;
  readonly id: string;
  readonly publicKey: Uint8Array;
}

/** Reads `name+hash+base64(0x01 ‖ key)` of C2SP signed-note. Throws BrokenProof where the hash is not that of the key. */
const readKey = (text: string): VerifierKey => {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const typed = fromBase64(encoded);
  const isOurs = toHex(sha256(joined(textBytes(`${name}\n`), typed))).slice(0, 8) === id;
  if (name === '' || typed.length !== 33 || typed[0] !== 1 || !isOurs) throw new BrokenProof('key');
  return { name, id, publicKey: typed.slice(1) };
};

/** The tree that a checkpoint signs. Throws BrokenProof where the key did not sign it. */
const readCheckpoint = (note: string, { name, id, publicKey }: VerifierKey): TreeHead => {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split('\n');
  const signatures = lines.filter((line) => line.startsWith(`— ${name} `)).map((line) => fromBase64(line.split(' ')[2] ?? ''));
  const own = signatures.find((bytes) => toHex(bytes.slice(0, 4)) === id);
  if (own === undefined || !ed25519.verify(own.slice(4), textBytes(text), publicKey)) throw new BrokenProof('signature');
  const [, size = '', root = ''] = text.split('\n');
  return { size: Number(size), root: fromBase64(root) };
};

export interface Proven {
  readonly eventText: string;
  readonly index: number;
  readonly head: TreeHead;
  readonly leafHash: string;
}

/** Verifies a receipt with the key of the log: leaf, path and signature, all computed here. Throws BrokenProof. */
export const verifyReceipt = (text: string, keyText: string): Proven => {
  const { eventText, index, path, note } = readReceipt(text);
  const head = readCheckpoint(note, readKey(keyText));
  const leaf = hashLeaf(eventText);
  const root = rootOfPath(leaf, { index, size: head.size, path });
  if (root === null || !isSame(root, head.root)) throw new BrokenProof('path');
  return { eventText, index, head, leafHash: toHex(leaf) };
};
