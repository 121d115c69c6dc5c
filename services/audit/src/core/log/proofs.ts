import type { ConsistencyProof, InclusionProof } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  type Hash,
  type ProofPlan,
  type Sha256,
  carryOut,
  fromBase64,
  inclusionText,
  perfectSubtrees,
  planConsistency,
  planInclusion,
  rootInNote,
  toBase64,
  verifyInclusion,
} from '@guildhall/tlog';
import { requireAuditReader } from '../access.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { CheckEntry } from './integrity.ts';
import type { LogEntry, RemovedLeaf } from './log-reader.ts';
import type { KnownNodes } from './node-cache.ts';
import {
  eachNodeIn,
  hashIn,
  LogNotWhole,
  tileKey,
  tilesOf,
  tileWidth,
  type LogTiles,
  type ReadTiles,
  type TileAddress,
} from './tiles.ts';
import { leafTextOf } from './leaf.ts';
import { plainUuid } from '../uuid.ts';

/** The position of an event in the log, and the last checkpoint. */
export interface LeafPosition {
  readonly entry: LogEntry | RemovedLeaf;
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
  readonly checkEntry: CheckEntry;
  /** Called when the stored hashes do not lead to what was signed: nothing is proven by them. */
  readonly onBroken: (error: Error) => void;
}

export interface LogProofs {
  /**
   * Throws FORBIDDEN, NOT_FOUND, CONFLICT for what was altered in the database, SERVICE_UNAVAILABLE when no checkpoint covers
   * the event yet: one does within a second or two.
   */
  inclusion(permissions: readonly string[], eventId: string): Promise<InclusionProof>;
  /** The event with its proof, as text (C2SP tlog-proof). Throws as `inclusion` does, and GONE for an event whose content was removed. */
  receipt(permissions: readonly string[], eventId: string): Promise<string>;
  /** The receipt of an event that the caller was allowed to read. Throws as `receipt` does, but FORBIDDEN. */
  receiptOf(eventId: string): Promise<string>;
  /** Throws FORBIDDEN, INVALID, NOT_FOUND, CONFLICT for hashes that were altered in the database. */
  consistency(permissions: readonly string[], from: number, to: number | undefined): Promise<ConsistencyProof>;
}

const notCovered = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'The event is stored, and the next checkpoint covers it: ask again in a moment.', {
    retryAfterSeconds: 1,
  });

const alteredEvent = (leafIndex: number): AppError =>
  new AppError(
    'CONFLICT',
    `The event at leaf index ${leafIndex} is not what its leaf hash was made of: it was altered in the database, and nothing is proven of it.`,
  );

const alteredHashes = (cause: Error): AppError =>
  new AppError('CONFLICT', 'Hashes of the log were altered in the database: they do not lead to what was signed.', { cause });

const contentGone = (): AppError =>
  new AppError('GONE', 'The content of this event was removed. Its place in the log is still proven: ask for its proof.');

const encoder = new TextEncoder();

/** The whole tree of a size, as a plan of one hash. */
const treeOf = (size: number): ProofPlan[number] => perfectSubtrees({ from: 0, to: size });

type ProofHashesParts = Pick<LogProofsParts, 'tiles' | 'sha256' | 'known' | 'onBroken'>;

/** Reads the hashes of proofs from the tiles, and from what earlier proofs have read. */
const createProofHashes = ({ tiles, sha256, known, onBroken }: ProofHashesParts) => {
  /** Caches the nodes that proofs share: all above the leaf tiles, and the last leaf tile, which every path to the root uses. */
  const keepShared = (read: ReadTiles, asked: readonly TileAddress[], size: number): void => {
    for (const tile of asked) {
      const bytes = read.get(tileKey(tile));
      if (bytes !== undefined && (tile.level > 0 || tile.index === Math.floor(size / tileWidth)))
        eachNodeIn(sha256, tile, bytes, known.set);
    }
  };
  const hashesOf = async (plan: ProofPlan, size: number): Promise<readonly Hash[]> => {
    const asked = tilesOf(plan.flat().filter((node) => known.get(node) === undefined));
    const read = await tiles.read(asked, size);
    keepShared(read, asked, size);
    return carryOut(sha256, plan, (node) => known.get(node) ?? hashIn(sha256, read, node));
  };
  /** Throws CONFLICT instead of LogNotWhole, and forgets the hashes that were read. */
  const orAltered = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LogNotWhole)) throw error;
      known.clear();
      onBroken(error);
      throw alteredHashes(error);
    }
  };
  const pathTo = async (entry: LogEntry | RemovedLeaf, { size, note }: Pick<Checkpoint, 'size' | 'note'>) => {
    const { leafIndex } = entry;
    const path = await hashesOf(planInclusion(leafIndex, size), size);
    const [leaf, root] = [fromBase64(entry.leafHash), fromBase64(rootInNote(note))];
    if (!verifyInclusion(sha256, { index: leafIndex, size, leaf, root, path }))
      throw new LogNotWhole(
        `The path from leaf index ${leafIndex} does not lead to the root that was signed for ${size} leaves.`,
      );
    return path.map(toBase64);
  };
  return { hashesOf, orAltered, pathTo };
};

export const createLogProofs = (parts: LogProofsParts): LogProofs => {
  const { places, checkpoints, checkEntry } = parts;
  const { hashesOf, orAltered, pathTo } = createProofHashes(parts);
  const prove = async (eventId: string) => {
    const place = await places.place(eventId);
    if (place === null) throw new AppError('NOT_FOUND', 'There is no such audit event.');
    const { entry, checkpoint } = place;
    if ('event' in entry && 'altered' in checkEntry(entry)) throw alteredEvent(entry.leafIndex);
    if (checkpoint === null || entry.leafIndex >= checkpoint.size) throw notCovered();
    return { entry, checkpoint, path: await orAltered(() => pathTo(entry, checkpoint)) };
  };
  const receiptOf = async (id: string): Promise<string> => {
    const { entry, checkpoint, path } = await prove(plainUuid(id));
    if (!('event' in entry)) throw contentGone();
    const extra = encoder.encode(leafTextOf(entry.event));
    return inclusionText({ extra, index: entry.leafIndex, path, note: checkpoint.note });
  };
  return {
    receiptOf,
    async inclusion(permissions, id) {
      requireAuditReader(permissions);
      const eventId = plainUuid(id);
      const { entry, checkpoint, path } = await prove(eventId);
      const { leafIndex, leafHash } = entry;
      return { eventId, leafIndex, treeSize: checkpoint.size, leafHash, path, checkpoint: checkpoint.note };
    },
    async receipt(permissions, id) {
      requireAuditReader(permissions);
      return await receiptOf(id);
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
      const [fromRoot = '', toRoot = '', ...path] = await orAltered(async () => {
        const hashes = (await hashesOf(plan, to)).map(toBase64);
        if (to === signed.size && hashes[1] !== rootInNote(signed.note))
          throw new LogNotWhole(`The hashes of the log do not lead to the root that was signed for ${to} leaves.`);
        return hashes;
      });
      return { from, to, fromRoot, toRoot, path };
    },
  };
};
