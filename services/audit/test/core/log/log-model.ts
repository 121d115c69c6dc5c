import { hash } from 'node:crypto';
import {
  type Frontier,
  type Hash,
  type ProofPlan,
  type Sha256,
  appendLeaves,
  carryOut,
  emptyFrontier,
  leafHash,
} from '@guildhall/tlog';
import { createTileGrowths, hashIn, tileKey, tilesOf, tileWidth, type ReadTiles } from '../../../src/core/log/tiles.ts';

export const sha256: Sha256 = (...parts) => hash('sha256', Buffer.concat(parts), 'buffer');

/** The leaf at an index of a tree whose leaves are their indexes. */
export const leafAt = (index: number): Hash => leafHash(sha256, Buffer.from(String(index)));

/** The tree's root, as RFC 6962, section 2.1, defines it. */
export const definedRoot = (leaves: readonly Hash[]): Hash => {
  if (leaves.length < 2) return leaves[0] ?? sha256();
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256(Uint8Array.of(1), definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
};

/** A log in memory that keeps what the tables keep: the frontier, whole tiles of leaves, and the tiles above. */
export const createLogModel = () => {
  const tiles = new Map<string, Buffer>();
  const leaves: Hash[] = [];
  let frontier: Frontier = emptyFrontier;
  const leavesOfTile = (index: number): Buffer => Buffer.concat(leaves.slice(index * tileWidth, (index + 1) * tileWidth));
  return {
    leaves,
    frontier: (): Frontier => frontier,
    append(batch: readonly Hash[]): void {
      const growths = createTileGrowths();
      frontier = appendLeaves(sha256, frontier, batch, growths.add);
      leaves.push(...batch);
      for (const { level, index, hashes } of growths.within(frontier.size)) {
        const before = tiles.get(tileKey({ level, index })) ?? Buffer.alloc(0);
        tiles.set(tileKey({ level, index }), level === 0 ? leavesOfTile(index) : Buffer.concat([before, ...hashes]));
      }
    },
    tiles,
    /** The proof's hashes, and how many hashes were asked of the tiles. */
    prove(plan: ProofPlan): { readonly path: readonly Hash[]; readonly asked: number } {
      const nodes = plan.flat();
      const read: ReadTiles = new Map(
        tilesOf(nodes).map((tile) => [
          tileKey(tile),
          tiles.get(tileKey(tile)) ?? leavesOfTile(tile.level === 0 ? tile.index : -1),
        ]),
      );
      return { path: carryOut(sha256, plan, (node) => hashIn(sha256, read, node)), asked: nodes.length };
    },
  };
};
