import { sha256 } from '@noble/hashes/sha2.js';
import { isSame, joined, textBytes } from './bytes.ts';

/** The hash of a leaf (RFC 9162, section 2.1.1). */
export const hashLeaf = (text: string): Uint8Array => sha256(joined(Uint8Array.of(0), textBytes(text)));

const hashChildren = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(joined(Uint8Array.of(1), left, right));

const half = (number: number): number => Math.floor(number / 2);

/** The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2); null where its path has another length than such a leaf's. */
export const rootOfPath = (
  leaf: Uint8Array,
  { index, size, path }: { readonly index: number; readonly size: number; readonly path: readonly Uint8Array[] },
): Uint8Array | null => {
  if (index >= size) return null;
  let [node, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      root = hashChildren(sibling, root);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else root = hashChildren(root, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : null;
};

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Verifies that the later tree begins with all leaves of the earlier one (RFC 9162, section 2.1.4.2). */
export const extendsTree = (earlier: TreeHead, later: TreeHead, proof: readonly Uint8Array[]): boolean => {
  if (earlier.size === later.size) return isSame(earlier.root, later.root);
  if (earlier.size > later.size) return false;
  if (earlier.size === 0) return true;
  const isWhole = Number.isInteger(Math.log2(earlier.size));
  const [first, ...rest] = isWhole ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [before, after] = [hashChildren(sibling, before), hashChildren(sibling, after)];
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else after = hashChildren(after, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSame(before, earlier.root) && isSame(after, later.root);
};
