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

export interface LeafPath {
  readonly index: number;
  readonly size: number;
  /** The siblings from the leaf upwards. */
  readonly path: readonly Uint8Array[];
}

/** The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2); null where its path is of another length than such a leaf's. */
export const rootOfPath = (leafHash: Buffer, { index, size, path }: LeafPath): Buffer | null => {
  if (index >= size) return null;
  let [node, last, root] = [index, size - 1, leafHash];
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      root = hashChildren(sibling, root);
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else root = hashChildren(root, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : null;
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
