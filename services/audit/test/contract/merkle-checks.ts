import { createHash, createPublicKey, verify } from 'node:crypto';
import type { ConsistencyProof, InclusionProof } from '@guildhall/contracts';
import { expect } from 'vitest';

/** A verifier of the log after its specifications; it shares no code with the service. */

export const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
export const leafOf = (event: object): Buffer => sha256(Buffer.of(0), Buffer.from(sortedJson(event)));
const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

/** Enough of RFC 8785 for the events of this test. */
const sortedJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${sortedJson(field)}`).join(',')}}`;
};

/** MTH of RFC 6962, as it is defined. */
export const rootOf = (leaves: readonly Buffer[]): Buffer => {
  if (leaves.length < 2) return leaves[0] ?? sha256();
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
};

interface ReadCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}

/** Reads a signed note by its specification (C2SP signed-note, tlog-checkpoint), and throws when it is not signed by the key. */
export const readCheckpoint = (note: string, verifierKey: string): ReadCheckpoint => {
  const [name = '', keyHash = '', key64 = ''] = verifierKey.trim().split('+');
  const typed = Buffer.from(verifierKey.trim().slice(name.length + keyHash.length + 2), 'base64');
  expect(key64).not.toBe('');
  expect(typed[0]).toBe(1);
  expect(
    sha256(Buffer.from(`${name}\n`), typed)
      .subarray(0, 4)
      .toString('hex'),
  ).toBe(keyHash);
  const end = note.lastIndexOf('\n\n') + 1;
  const [text, signatures] = [note.slice(0, end), note.slice(end + 1)];
  const [, signer, signature64 = ''] = /^— (\S+) (\S+)\n$/.exec(signatures) ?? [];
  const signature = Buffer.from(signature64, 'base64');
  expect([signer, signature.subarray(0, 4).toString('hex')]).toEqual([name, keyHash]);
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') },
    format: 'jwk',
  });
  if (!verify(null, Buffer.from(text), publicKey, signature.subarray(4))) throw new Error('The signature does not hold.');
  const [origin = '', size = '', root = '', ...rest] = text.split('\n');
  expect(rest).toEqual(['']);
  return { origin, size: Number(size), root };
};

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). */
export const rootByPath = ({ leafIndex, treeSize, leafHash, path }: InclusionProof): string => {
  let [at, last] = [leafIndex, treeSize - 1];
  let hash: Buffer = Buffer.from(leafHash, 'base64');
  for (const sibling of path.map((text) => Buffer.from(text, 'base64'))) {
    if (at % 2 === 1 || at === last) {
      hash = nodeOf(sibling, hash);
      while (at % 2 === 0 && at > 0) [at, last] = [at >> 1, last >> 1];
    } else hash = nodeOf(hash, sibling);
    [at, last] = [at >> 1, last >> 1];
  }
  return hash.toString('base64');
};

/** Fails unless the path of a consistency proof leads from the one root and to the other (RFC 9162, 2.1.4.2). */
export const checkConsistency = ({ from, to, fromRoot, toRoot, path }: ConsistencyProof): void => {
  if (from === 0 || from === to) {
    expect(path).toEqual([]);
    return;
  }
  const hashes = path.map((text) => Buffer.from(text, 'base64'));
  // A perfect tree is its own first subtree, and is not told again.
  if (Number.isInteger(Math.log2(from))) hashes.unshift(Buffer.from(fromRoot, 'base64'));
  let [at, last] = [from - 1, to - 1];
  while (at % 2 === 1) [at, last] = [at >> 1, last >> 1];
  const [start = Buffer.of(), ...rest]: Buffer[] = hashes;
  let older: Buffer = start;
  let newer: Buffer = start;
  for (const hash of rest) {
    expect(last).not.toBe(0);
    if (at % 2 === 1 || at === last) {
      older = nodeOf(hash, older);
      newer = nodeOf(hash, newer);
      while (at % 2 === 0 && at > 0) [at, last] = [at >> 1, last >> 1];
    } else newer = nodeOf(newer, hash);
    [at, last] = [at >> 1, last >> 1];
  }
  expect([last, older.toString('base64'), newer.toString('base64')]).toEqual([0, fromRoot, toRoot]);
};
