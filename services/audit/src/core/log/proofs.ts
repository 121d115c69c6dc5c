import type { ConsistencyProof, InclusionProof } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireAuditReader } from '../access.ts';
import { toBase64 } from './base64.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { KnownNodes } from './node-cache.ts';
import { eachNodeIn, hashIn, tileKey, tilesOf, tileWidth, type LogTiles, type ReadTiles, type TileAddress } from './tiles.ts';
import { carryOut, perfectSubtrees, planConsistency, planInclusion, type ProofPlan } from './merkle-proofs.ts';
import type { Hash, Sha256 } from './merkle-tree.ts';
import { plainUuid } from '../uuid.ts';

/** The position of an event in the log, and the last checkpoint. */
export interface LeafPosition {
  readonly leafIndex: number | null;
  readonly leafHash: Hash | null;
  readonly checkpoint: Pick<Checkpoint, 'size' | 'note'> | null;
}

export interface LeafPositions {
  place(eventId: string): Promise<LeafPosition | null>;
}

export interface LogProofsParts {
  readonly places: LeafPositions;
  readonly checkpoints: { latest(): Promise<Checkpoint | null> };
  readonly tiles: LogTiles;
  readonly sha256: Sha256;
  readonly known: KnownNodes;
}

export interface LogProofs {
  /** Throws FORBIDDEN, NOT_FOUND, SERVICE_UNAVAILABLE when no checkpoint covers the event yet: one does within a second or two. */
  inclusion(permissions: readonly string[], eventId: string): Promise<InclusionProof>;
  /** Throws FORBIDDEN, INVALID, NOT_FOUND. */
  consistency(permissions: readonly string[], from: number, to: number | undefined): Promise<ConsistencyProof>;
}

const notCovered = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'The event is stored, and the next checkpoint covers it: ask again in a moment.', {
    retryAfterSeconds: 1,
  });

/** The whole tree of a size, as a plan of one hash. */
const treeOf = (size: number): ProofPlan[number] => perfectSubtrees({ from: 0, to: size });

export const createLogProofs = ({ places, checkpoints, tiles, sha256, known }: LogProofsParts): LogProofs => {
  /** Caches the nodes that proofs share: all above the leaf tiles, and the last leaf tile, which every path to the root uses. */
  const keepShared = (read: ReadTiles, asked: readonly TileAddress[], size: number): void => {
    for (const tile of asked) {
      const bytes = read.get(tileKey(tile));
      if (bytes !== undefined && (tile.level > 0 || tile.index === Math.floor(size / tileWidth)))
        eachNodeIn(sha256, tile, bytes, known.set);
    }
  };
  const hashesOf = async (plan: ProofPlan, size: number): Promise<readonly string[]> => {
    const asked = tilesOf(plan.flat().filter((node) => known.get(node) === undefined));
    const read = await tiles.read(asked, size);
    keepShared(read, asked, size);
    return carryOut(sha256, plan, (node) => known.get(node) ?? hashIn(sha256, read, node)).map(toBase64);
  };
  return {
    async inclusion(permissions, id) {
      requireAuditReader(permissions);
      const eventId = plainUuid(id);
      const place = await places.place(eventId);
      if (place === null) throw new AppError('NOT_FOUND', 'There is no such audit event.');
      const { leafIndex, leafHash, checkpoint } = place;
      if (leafIndex === null || leafHash === null || checkpoint === null || leafIndex >= checkpoint.size) throw notCovered();
      const path = await hashesOf(planInclusion(leafIndex, checkpoint.size), checkpoint.size);
      return {
        eventId,
        leafIndex,
        treeSize: checkpoint.size,
        leafHash: toBase64(leafHash),
        path: [...path],
        checkpoint: checkpoint.note,
      };
    },
    async consistency(permissions, from, asked) {
      requireAuditReader(permissions);
      const signed = await checkpoints.latest();
      const to = asked ?? signed?.size ?? 0;
      if (signed === null || Math.max(from, to) > signed.size)
        throw new AppError('NOT_FOUND', 'The log is not signed at that size yet.');
      if (from > to)
        throw new AppError('INVALID', 'The query does not fit this operation.', {
          errors: [{ path: '/from', message: 'must not be larger than to' }],
        });
      const plan = [treeOf(from), treeOf(to), ...planConsistency(from, to)];
      const [fromRoot = '', toRoot = '', ...path] = await hashesOf(plan, to);
      return { from, to, fromRoot, toRoot, path };
    },
  };
};
