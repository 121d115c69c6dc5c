import { type Hash, type Sha256, type TreeNode, appendLeaves, emptyFrontier, hashBytes, nodeHash } from '@guildhall/tlog';

/**
 * Tiles as C2SP tlog-tiles lays them out: 256 hashes of one height in a row. A tile of level L holds the roots of subtrees
 * of 256^L leaves; what lies between two levels is computed from the lower one.
 */
export interface TileAddress {
  readonly level: number;
  readonly index: number;
}

export const tileWidth = 256;
export const tileHeight = 8;

/** Hashes that a tile gained, to be put behind those that it has. */
export interface TileGrowth extends TileAddress {
  readonly hashes: readonly Hash[];
}

interface TilePosition {
  readonly tile: TileAddress;
  readonly offset: number;
  readonly count: number;
}

/** The position in a tile of the hashes that a subtree's root is computed from. */
const tilePositionOf = ({ height, index }: TreeNode): TilePosition => {
  const level = Math.floor(height / tileHeight);
  const count = 2 ** (height % tileHeight);
  const first = index * count;
  return { tile: { level, index: Math.floor(first / tileWidth) }, offset: first % tileWidth, count };
};

export const tileKey = ({ level, index }: TileAddress): string => `${level}/${index}`;

/** The tiles that hold these subtrees, each once. */
export const tilesOf = (nodes: Iterable<TreeNode>): readonly TileAddress[] => {
  const tiles = new Map<string, TileAddress>();
  for (const node of nodes) {
    const { tile } = tilePositionOf(node);
    tiles.set(tileKey(tile), tile);
  }
  return [...tiles.values()];
};

/** Tiles that were read, their hashes one behind the other, by `tileKey`. */
export type ReadTiles = ReadonlyMap<string, Uint8Array>;

/** The log's tiles as they are stored. */
export interface LogTiles {
  /** Reads tiles with one statement; of an incomplete tile of leaves, the first `size`. Missing ones are left out. */
  read(tiles: readonly TileAddress[], size: number): Promise<ReadTiles>;
}

/** The error of a log whose tables lack a hash, or hold one that does not lead to what was signed. */
export class LogNotWhole extends Error {
  override readonly name = 'LogNotWhole';
}

/** The root of a subtree from the tiles. Throws LogNotWhole when they do not hold it. */
export const hashIn = (sha256: Sha256, tiles: ReadTiles, node: TreeNode): Hash => {
  const { tile, offset, count } = tilePositionOf(node);
  const bytes = tiles.get(tileKey(tile));
  if (bytes === undefined || bytes.length < (offset + count) * hashBytes)
    throw new LogNotWhole(
      `The log has no hash at height ${node.height}, index ${node.index}: tile ${tileKey(tile)} is missing or too short.`,
    );
  return rootWithin(sha256, bytes, offset, count);
};

/** The root of `count` hashes, a power of two, from the `first` on. */
const rootWithin = (sha256: Sha256, bytes: Uint8Array, first: number, count: number): Hash => {
  if (count === 1) return bytes.subarray(first * hashBytes, (first + 1) * hashBytes);
  const half = count / 2;
  return nodeHash(sha256, rootWithin(sha256, bytes, first, half), rootWithin(sha256, bytes, first + half, half));
};

/** Calls back for every subtree whose root can be computed from a tile. */
export const eachNodeIn = (
  sha256: Sha256,
  { level, index }: TileAddress,
  bytes: Uint8Array,
  onNode: (node: TreeNode, hash: Hash) => void,
): void => {
  const hashes = Array.from({ length: bytes.length / hashBytes }, (_, at) =>
    bytes.subarray(at * hashBytes, (at + 1) * hashBytes),
  );
  appendLeaves(sha256, emptyFrontier, hashes, (node, hash) =>
    onNode({ height: node.height + level * tileHeight, index: node.index + (index * tileWidth) / 2 ** node.height }, hash),
  );
};

/** Gathers what tiles gain by an append. Leaves are kept only where their tile becomes whole: those of the last one stand beside their events. */
export const createTileGrowths = () => {
  const grown = new Map<string, { level: number; index: number; hashes: Hash[] }>();
  return {
    add: (node: TreeNode, hash: Hash): void => {
      if (node.height % tileHeight !== 0) return;
      const { tile } = tilePositionOf(node);
      const known = grown.get(tileKey(tile));
      if (known === undefined) grown.set(tileKey(tile), { ...tile, hashes: [hash] });
      else known.hashes.push(hash);
    },
    within: (size: number): readonly TileGrowth[] =>
      [...grown.values()].filter(({ level, index }) => level > 0 || (index + 1) * tileWidth <= size),
  };
};

/** `N` in the path of a tile: groups of three digits, all but the last with an `x` (`x001/x234/067`). */
export const tilePathOf = (index: number): string => {
  const last = String(index % 1_000).padStart(3, '0');
  let path = last;
  for (let rest = Math.floor(index / 1_000); rest > 0; rest = Math.floor(rest / 1_000))
    path = `x${String(rest % 1_000).padStart(3, '0')}/${path}`;
  return path;
};

export interface AskedTile {
  readonly index: number;
  /** The number of hashes or entries of the tile. */
  readonly width: number;
}

/** Reads `<N>[.p/<W>]`. Null for anything but the one way to write a tile. */
export const readTilePath = (path: string): AskedTile | null => {
  const [, number = '', partial] = /^((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? [];
  const index = Number(number.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? tileWidth : Number(partial);
  if (number === '' || tilePathOf(index) !== number) return null;
  return partial !== undefined && width >= tileWidth ? null : { index, width };
};
