import {
  type Frontier,
  type Hash,
  type Sha256,
  type VerifyEd25519,
  appendLeaves,
  emptyFrontier,
  isSignedBy,
  rootInNote,
  rootOf,
  toBase64,
} from '@guildhall/tlog';
import { AppError } from '@guildhall/errors';
import type { LogStanding } from './checkpoints.ts';
import type { LogRange } from './log-reader.ts';
import { createTileComparison, isSameFrontier, type ComparedTile } from './tile-comparison.ts';
import { tileKey, type LogTiles, type TileAddress } from './tiles.ts';

export interface HashedLeaf {
  readonly leafIndex: number;
  readonly leafHash: Hash;
}

/** The log in a transaction that holds its head: nothing is appended meanwhile. */
export interface HeldLog {
  readonly tiles: LogTiles;
  standing(): Promise<Pick<LogStanding, 'head' | 'lastSigned' | 'key'>>;
  /** The leaves of a range in order, of stored and of removed events. */
  leaves(range: LogRange): Promise<readonly HashedLeaf[]>;
  /** The tiles that a log of this size does not have yet. */
  beyond(size: number): Promise<readonly TileAddress[]>;
  /** Writes tiles in place of those that are there, and deletes others. */
  replace(tiles: readonly ComparedTile[], deleted: readonly TileAddress[]): Promise<void>;
  /** Gives the head its hashes. Whoever holds the lease of appends loses it. */
  setHead(head: Frontier): Promise<void>;
}

/** Runs work on the held log, possibly several times. */
export type InHeldLog = <T>(work: (log: HeldLog) => Promise<T>) => Promise<T>;

export interface RebuildParts {
  readonly inHeldLog: InHeldLog;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
}

/**
 * Computes the tiles and the head of the log anew from its leaf hashes, and puts those right that differ; a dry run only names them. Returns their names. Throws
 * CONFLICT, having changed nothing, unless the leaf hashes are all there and lead to what was signed.
 */
export type RebuildHashes = (isDryRun: boolean) => Promise<readonly string[]>;

const leavesMax = 5_000;
/** The most tiles that one run rebuilds: 80 MB. */
const rebuiltMax = 10_000;

const refused = (detail: string): AppError => new AppError('CONFLICT', `Nothing is computed anew: ${detail}`);

/** The tree of the leaves, and its root at a size on the way. Throws CONFLICT for a leaf that is not there once. */
const growTree = async (
  { sha256 }: RebuildParts,
  log: HeldLog,
  { size, signedSize, compared }: { readonly size: number; readonly signedSize: number; readonly compared: Comparison },
): Promise<{ readonly tree: Frontier; readonly signedRoot: Hash }> => {
  let tree: Frontier = emptyFrontier;
  let signedRoot = rootOf(sha256, tree.hashes);
  for (let from = 0; from < size; from += leavesMax) {
    const to = Math.min(size, from + leavesMax);
    const leaves = await log.leaves({ from, to });
    for (const [at, { leafIndex, leafHash }] of leaves.entries()) {
      if (leafIndex !== from + at) throw refused(`the leaf hash at index ${from + at} is missing, or there twice.`);
      tree = appendLeaves(sha256, tree, [leafHash], compared.add);
      if (tree.size === signedSize) signedRoot = rootOf(sha256, tree.hashes);
    }
    if (tree.size !== to) throw refused(`the leaf hash at index ${tree.size} is missing.`);
    await compared.compareWhole();
  }
  await compared.compareRest();
  return { tree, signedRoot };
};

type Comparison = ReturnType<typeof createTileComparison>;

export const createRebuildHashes =
  (parts: RebuildParts): RebuildHashes =>
  (isDryRun) =>
    parts.inHeldLog(async (log) => {
      const { head, lastSigned, key } = await log.standing();
      if (lastSigned === null || key === null || !isSignedBy(parts.sha256, parts.verify, key, lastSigned.note))
        throw refused('there is no checkpoint of the log to hold the leaf hashes against.');
      const wrong: ComparedTile[] = [];
      const compared = createTileComparison(log.tiles, (tile) => void (wrong.length < rebuiltMax && wrong.push(tile)));
      const { size: signedSize, note } = lastSigned;
      const { tree, signedRoot } = await growTree(parts, log, { size: head.size, signedSize, compared });
      if (signedSize > head.size || toBase64(signedRoot) !== rootInNote(note))
        throw refused(`the leaf hashes do not lead to what was signed of ${signedSize} leaves.`);
      const beyond = await log.beyond(head.size);
      const isHeadWrong = !isSameFrontier(tree, head);
      if (!isDryRun) {
        await log.replace(wrong, beyond);
        if (isHeadWrong) await log.setHead(tree);
      }
      const names = [...wrong, ...beyond].map((tile) => `tile ${tileKey(tile)}`);
      return isHeadWrong ? [...names, 'head'] : names;
    });
