import { type Frontier, type Hash, type TreeNode, hashBytes, isSameHash } from '@guildhall/tlog';
import { tileHeight, tileKey, tileWidth, type LogTiles, type TileAddress } from './tiles.ts';

/** True if both are of the same size and hold the same hashes. */
export const isSameFrontier = (one: Frontier, other: Frontier): boolean =>
  one.size === other.size &&
  one.hashes.length === other.hashes.length &&
  one.hashes.every((hash, at) => isSameHash(hash, other.hashes[at] ?? new Uint8Array()));

/** A tile with the hashes that its leaves lead to. */
export interface ComparedTile extends TileAddress {
  readonly hashes: readonly Hash[];
}

/** Compares the stored tiles with the nodes of a tree that grows leaf by leaf. */
export const createTileComparison = (tiles: LogTiles, onDifference: (tile: ComparedTile) => void) => {
  const runs = new Map<number, { index: number; hashes: Hash[] }>();
  let whole: ComparedTile[] = [];

  const compare = async (compared: readonly ComparedTile[]): Promise<void> => {
    // A tile of leaves is stored once it is whole; those behind it are asked for with size 0, so that no event stands in for it.
    const stored = await tiles.read(compared, 0);
    for (const { hashes, ...tile } of compared) {
      const bytes = stored.get(tileKey(tile)) ?? new Uint8Array();
      // One that was not whole may have grown meanwhile.
      const isSame = hashes.every((hash, at) => isSameHash(hash, bytes.subarray(at * hashBytes, (at + 1) * hashBytes)));
      if (!isSame) onDifference({ ...tile, hashes });
    }
  };
  return {
    add(node: TreeNode, hash: Hash): void {
      const level = node.height / tileHeight;
      if (!Number.isInteger(level)) return;
      const run = runs.get(level) ?? { index: 0, hashes: [] };
      run.hashes.push(hash);
      if (run.hashes.length === tileWidth) {
        whole.push({ level, ...run });
        runs.set(level, { index: run.index + 1, hashes: [] });
      } else runs.set(level, run);
    },
    async compareWhole(): Promise<void> {
      if (whole.length === 0) return;
      const compared = whole;
      whole = [];
      await compare(compared);
    },
    /** Compares the tiles above the leaves that are not whole yet. */
    compareRest: (): Promise<void> =>
      compare(
        [...runs].filter(([level, { hashes }]) => level > 0 && hashes.length > 0).map(([level, run]) => ({ level, ...run })),
      ),
  };
};
