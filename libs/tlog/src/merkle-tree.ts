/**
 * The Merkle tree of a transparency log: RFC 6962, section 2.1 (RFC 9162 has the same with SHA-256). Sizes and indexes are whole numbers below
 * 2^53; nothing here counts in 32 bits.
 */
export type Hash = Uint8Array;
/** SHA-256 of the parts one behind the other. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Hash;

export const hashBytes = 32;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const leafHash = (sha256: Sha256, leaf: Uint8Array): Hash => sha256(leafPrefix, leaf);
export const nodeHash = (sha256: Sha256, left: Hash, right: Hash): Hash => sha256(nodePrefix, left, right);

/** A perfect subtree: of 2^height leaves, the `index`th of that height. */
export interface TreeNode {
  readonly height: number;
  readonly index: number;
}

/** A tree as far as appending and its root need it: the roots of its perfect subtrees, largest first. */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Hash[];
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] };

/** The number of perfect subtrees of a tree: the number of ones in its size as a binary number. */
export const subtreesOf = (size: number): number => {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
};

/** Appends leaves, and tells of every perfect subtree that they complete, leaves included, in the order of completion. */
export const appendLeaves = (
  sha256: Sha256,
  frontier: Frontier,
  leaves: readonly Hash[],
  onNode: (node: TreeNode, hash: Hash) => void = () => undefined,
): Frontier => {
  const hashes = [...frontier.hashes];
  let size = frontier.size;
  for (const leaf of leaves) {
    let hash = leaf;
    let node: TreeNode = { height: 0, index: size };
    onNode(node, hash);
    while (node.index % 2 === 1) {
      const left = hashes.pop();
      if (left === undefined) throw new Error('The frontier has fewer hashes than its size says.');
      hash = nodeHash(sha256, left, hash);
      node = { height: node.height + 1, index: (node.index - 1) / 2 };
      onNode(node, hash);
    }
    hashes.push(hash);
    size += 1;
  }
  return { size, hashes };
};

/** The root of a tree whose perfect subtrees, largest first, have these roots; of an empty tree SHA-256 of nothing. */
export const rootOf = (sha256: Sha256, hashes: readonly Hash[]): Hash => {
  const last = hashes.at(-1);
  if (last === undefined) return sha256();
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(sha256, left, right), last);
};

export const isSameHash = (one: Hash, other: Hash): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
