import { isSameHash, nodeHash, rootOf, type Hash, type Sha256, type TreeNode } from './merkle-tree.ts';

/** Leaves from `from` on, before `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** A proof as a plan: each of its hashes is the root of these perfect subtrees, largest first. */
export type ProofPlan = readonly (readonly TreeNode[])[];

/** The largest power of two that is smaller than `count`, which is at least 2. */
const splitOf = (count: number): number => {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
};

/** The perfect subtrees that leaves which begin at the start of a subtree consist of. */
export const perfectSubtrees = ({ from, to }: Range): readonly TreeNode[] => {
  const nodes: TreeNode[] = [];
  let at = from;
  while (at < to) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= to) height += 1;
    nodes.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return nodes;
};

/** The audit path of RFC 6962, section 2.1.1, from the leaf upwards. `index` is below `size`. */
export const planInclusion = (index: number, size: number): ProofPlan => {
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.toReversed().map(perfectSubtrees);
};

/** The consistency proof of RFC 6962, section 2.1.2. 0 ≤ `first` ≤ `second`; empty where there is nothing to prove. */
export const planConsistency = (first: number, second: number): ProofPlan => {
  if (first === 0) return [];
  const ranges: Range[] = [];
  let [from, to] = [0, second];
  while (first !== to) {
    const middle = from + splitOf(to - from);
    if (first <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  if (from > 0) ranges.push({ from, to });
  return ranges.toReversed().map(perfectSubtrees);
};

/** The proof's hashes, given the hash of each perfect subtree that its plan names. */
export const carryOut = (sha256: Sha256, plan: ProofPlan, hashOf: (node: TreeNode) => Hash): readonly Hash[] =>
  plan.map((nodes) => rootOf(sha256, nodes.map(hashOf)));

export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leaf: Hash;
  readonly root: Hash;
  readonly path: readonly Hash[];
}

const half = (value: number): number => Math.floor(value / 2);

/** Verifies an inclusion proof: true if the leaf stands at its index in the tree with this root (RFC 9162, section 2.1.3.2). */
export const verifyInclusion = (sha256: Sha256, { index, size, leaf, root, path }: Inclusion): boolean => {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSameHash(hash, root);
};

export interface Consistency {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Hash;
  readonly secondRoot: Hash;
  readonly path: readonly Hash[];
}

interface Climb {
  readonly at: number;
  readonly last: number;
  readonly seed: Hash;
}

/** Follows a consistency proof from its first hash up to both roots (RFC 9162, section 2.1.4.2); null for one of another length. */
const climb = (sha256: Sha256, from: Climb, rest: readonly Hash[]): { readonly older: Hash; readonly newer: Hash } | null => {
  let { at, last } = from;
  let [older, newer] = [from.seed, from.seed];
  for (const hash of rest) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      [older, newer] = [nodeHash(sha256, hash, older), nodeHash(sha256, hash, newer)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      newer = nodeHash(sha256, newer, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? { older, newer } : null;
};

/**
 * Verifies a consistency proof: true if the tree of the second root extends that of the first (RFC 9162, section 2.1.4.2).
 * Every tree extends the empty one.
 */
export const verifyConsistency = (sha256: Sha256, proof: Consistency): boolean => {
  const { first, second, firstRoot, secondRoot, path } = proof;
  if (!Number.isSafeInteger(first) || first < 0 || first > second) return false;
  if (first === second) return path.length === 0 && isSameHash(firstRoot, secondRoot);
  if (first === 0) return path.length === 0 && isSameHash(firstRoot, sha256());
  let [at, last] = [first - 1, second - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  // A first tree that is perfect stands for itself; otherwise the proof begins with its last perfect subtree.
  const [seed, ...rest] = at === 0 ? [firstRoot, ...path] : path;
  const roots = seed === undefined ? null : climb(sha256, { at, last, seed }, rest);
  return roots !== null && isSameHash(roots.older, firstRoot) && isSameHash(roots.newer, secondRoot);
};

/**
 * The roots of both trees that a consistency proof leads to, whatever they were said to be; null where the proof does not state
 * them: a first tree that is perfect stands for itself and is no part of the proof.
 */
export const rootsOfConsistency = (
  sha256: Sha256,
  first: number,
  second: number,
  path: readonly Hash[],
): { readonly older: Hash; readonly newer: Hash } | null => {
  if (!Number.isSafeInteger(first) || first < 1 || first >= second) return null;
  let [at, last] = [first - 1, second - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  const [seed, ...rest] = path;
  return at === 0 || seed === undefined ? null : climb(sha256, { at, last, seed }, rest);
};
