import type { Hash, TreeNode } from '@guildhall/tlog';

/** Hashes of perfect subtrees that were computed already. They never change: one log's alone belong here. */
export interface KnownNodes {
  get(node: TreeNode): Hash | undefined;
  set(node: TreeNode, hash: Hash): void;
  clear(): void;
}

/** The number of cached nodes: a few megabytes. A log of 1 M leaves has 2 M subtrees, and every proof shares the upper ones. */
const nodesMax = 20_000;

const keyOf = ({ height, index }: TreeNode): string => `${height}/${index}`;

/** Keeps those that were asked for last. */
export const createKnownNodes = (): KnownNodes => {
  const hashes = new Map<string, Hash>();
  const keep = (key: string, hash: Hash): void => {
    hashes.delete(key);
    hashes.set(key, hash);
    const [oldest] = hashes.keys();
    if (hashes.size > nodesMax && oldest !== undefined) hashes.delete(oldest);
  };
  return {
    get: (node) => {
      const hash = hashes.get(keyOf(node));
      if (hash !== undefined) keep(keyOf(node), hash);
      return hash;
    },
    // A copy: a hash that is a piece of a tile would keep all of it.
    set: (node, hash) => keep(keyOf(node), Uint8Array.from(hash)),
    clear: () => hashes.clear(),
  };
};
