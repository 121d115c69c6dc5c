import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { extendsTree, hashLeaf, rootOfPath, type TreeHead } from '../src/proof/merkle.ts';

/** The definitions of RFC 9162, section 2.1, as they stand there: recursive, over all leaves. */
const sha = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const leaf = (text: string): Uint8Array => sha(Uint8Array.of(0), Buffer.from(text));
const splitOf = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));
const rootOf = (leaves: readonly string[]): Uint8Array => {
  const [only = ''] = leaves;
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leaf(only);
  const split = splitOf(leaves.length);
  return sha(Uint8Array.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
};
const pathOf = (index: number, leaves: readonly string[]): readonly Uint8Array[] => {
  if (leaves.length < 2) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - split, right), rootOf(left)];
};
const subproof = (size: number, leaves: readonly string[], isWhole: boolean): readonly Uint8Array[] => {
  if (size === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return size <= split
    ? [...subproof(size, left, isWhole), rootOf(right)]
    : [...subproof(size - split, right, false), rootOf(left)];
};

const sizesMax = 17;
const leaves = Array.from({ length: sizesMax }, (_, index) => `event ${index}`);
const sizes = leaves.map((_, index) => index + 1);
const headOf = (size: number): TreeHead => ({ size, root: rootOf(leaves.slice(0, size)) });
const bytes = (root: Uint8Array | null): Uint8Array | null => (root === null ? null : Uint8Array.from(root));
/** The proof with one bit of one hash other than it was. */
const spoilt = (proof: readonly Uint8Array[], at: number): readonly Uint8Array[] =>
  proof.map((hash, index) => (index === at ? hash.map((byte, place) => (place === 5 ? byte ^ 1 : byte)) : hash));

describe('an inclusion proof', () => {
  test.each(sizes)('of every leaf leads to the root of a tree of %i', (size) => {
    const tree = leaves.slice(0, size);
    const root = bytes(rootOf(tree));
    for (const [index, text] of tree.entries()) {
      const path = pathOf(index, tree);
      expect(bytes(rootOfPath(hashLeaf(text), { index, size, path }))).toEqual(root);
      for (const at of path.keys())
        expect(bytes(rootOfPath(hashLeaf(text), { index, size, path: spoilt(path, at) }))).not.toEqual(root);
      expect(bytes(rootOfPath(hashLeaf('another event'), { index, size, path }))).not.toEqual(root);
    }
  });

  test('of another length, or for a leaf beyond the tree, leads nowhere', () => {
    const path = pathOf(3, leaves);
    const leafHash = hashLeaf('event 3');
    expect(rootOfPath(leafHash, { index: 3, size: sizesMax, path: path.slice(1) })).toBeNull();
    expect(rootOfPath(leafHash, { index: 3, size: sizesMax, path: [...path, leafHash] })).toBeNull();
    expect(rootOfPath(leafHash, { index: sizesMax, size: sizesMax, path })).toBeNull();
  });
});

describe('a consistency proof', () => {
  test.each(sizes)('from every smaller tree holds for a tree of %i, and not with one bit changed', (size) => {
    const later = headOf(size);
    for (const smaller of sizes.filter((one) => one < size)) {
      const earlier = headOf(smaller);
      const proof = subproof(smaller, leaves.slice(0, size), true);
      expect(extendsTree(earlier, later, proof)).toBe(true);
      for (const at of proof.keys()) expect(extendsTree(earlier, later, spoilt(proof, at))).toBe(false);
      expect(extendsTree({ ...earlier, root: leaf('forged') }, later, proof)).toBe(false);
      expect(extendsTree(earlier, { ...later, root: leaf('forged') }, proof)).toBe(false);
    }
  });

  test('is not needed from nothing and between equal trees, and never holds backwards', () => {
    expect(extendsTree({ size: 0, root: sha() }, headOf(5), [])).toBe(true);
    expect(extendsTree(headOf(5), headOf(5), [])).toBe(true);
    expect(extendsTree(headOf(5), { ...headOf(5), root: leaf('forged') }, [])).toBe(false);
    expect(extendsTree(headOf(5), headOf(4), [])).toBe(false);
    expect(extendsTree(headOf(5), headOf(8), [])).toBe(false);
  });
});
