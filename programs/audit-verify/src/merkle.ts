import { hash } from 'node:crypto';

export const hashBytes = 32;

const sha256 = (data: string | Uint8Array): Buffer => hash('sha256', data, 'buffer');

/** The hash of a leaf (RFC 9162, section 2.1.1); a text is encoded as UTF-8. */
export const hashLeaf = (text: string): Buffer => sha256(`\0${text}`);

const hashChildren = (left: Uint8Array, right: Uint8Array): Buffer => {
  const node = Buffer.allocUnsafe(1 + 2 * hashBytes);
  node[0] = 1;
  node.set(left, 1);
  node.set(right, 1 + hashBytes);
  return sha256(node);
};

/** A Merkle tree of RFC 9162 that grows at its end and keeps one hash a level. */
export interface GrowingTree {
  push(leafHash: Uint8Array): void;
  size(): number;
  /** The root of everything that was pushed so far. */
  root(): Buffer;
}

export const createTree = (): GrowingTree => {
  /** The root, at each level, of a complete subtree that has no right neighbour yet. */
  const waiting: (Uint8Array | null)[] = [];
  let size = 0;
  return {
    push(leafHash) {
      let node = leafHash;
      let level = 0;
      for (let left = waiting[0] ?? null; left !== null; left = waiting[level] ?? null) {
        node = hashChildren(left, node);
        waiting[level] = null;
        level += 1;
      }
      waiting[level] = node;
      size += 1;
    },
    size: () => size,
    root() {
      let root: Uint8Array | null = null;
      for (const node of waiting) {
        if (node !== null) root = root === null ? node : hashChildren(node, root);
      }
      return root === null ? sha256('') : Buffer.from(root);
    },
  };
};
