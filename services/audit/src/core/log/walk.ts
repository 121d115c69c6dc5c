import { logFaultsMax } from '@guildhall/contracts';
import {
  type Frontier,
  type Hash,
  type Sha256,
  appendLeaves,
  emptyFrontier,
  fromBase64,
  rootInNote,
  rootOf,
  toBase64,
} from '@guildhall/tlog';
import type { Checkpoint } from './checkpoints.ts';
import { rangesText } from './index-ranges.ts';
import { contentHashOf } from './integrity.ts';
import { readEveryLeaf, type LogEntry, type LogReader, type RemovedEntry } from './log-reader.ts';
import { createRemovalCheck, redactedAlteredText, untoldText } from './removal-check.ts';
import { createTileComparison, isSameFrontier } from './tile-comparison.ts';
import { tileKey, type LogTiles } from './tiles.ts';
import { alteredEvent, createFoundFaults, type OnFault, type WalkFault } from './walk-faults.ts';

/** Rows of the events' table that stand outside the tree. */
export interface OutsideRows {
  readonly count: number;
  readonly firstId: string;
}

export interface WalkedLog {
  /** The log as it was at one moment: its head and its last checkpoint. */
  moment(): Promise<{ readonly head: Frontier; readonly lastSigned: Pick<Checkpoint, 'size' | 'note'> | null }>;
  outside(): Promise<OutsideRows | null>;
}

export interface WalkParts {
  readonly log: WalkedLog;
  readonly reader: Pick<LogReader<LogEntry>, 'read' | 'removed'>;
  readonly tiles: LogTiles;
  readonly sha256: Sha256;
  /** True if the log's key signed the note. */
  readonly isSigned: (note: string) => Promise<boolean>;
  /** Waits so long that no more than the allowed number of leaves is read in a second; false: the walk is to end. */
  readonly pace: (leaves: number) => Promise<boolean>;
  /** The digests of the faults that an operator has acknowledged; where it is not given, none counts as acknowledged. */
  readonly acknowledged?: () => Promise<ReadonlySet<string>>;
}

export interface Walked {
  readonly size: number;
  /** The faults that nobody has acknowledged, the first `logFaultsMax`. */
  readonly faults: readonly WalkFault[];
  readonly acknowledged: readonly WalkFault[];
}

type Leaf = LogEntry | RemovedEntry;

const indexes = (from: number, to: number): string => (to > from ? `indexes ${from} to ${to}` : `index ${from}`);

/** Follows leaves in the order of their indexes: each must be there once, and be what its hash was made of. */
const createLeafCheck = (sha256: Sha256, onFault: OnFault) => {
  let next = 0;
  const expect = (index: number): boolean => {
    if (index > next) onFault('missing', `No event stands at ${indexes(next, index - 1)}.`);
    if (index < next) onFault('repeated', `Two rows stand at index ${index}.`);
    const isNext = index === next;
    next = Math.max(next, index + 1);
    return isNext;
  };
  return {
    /** True if the leaf is the next one. */
    take(leaf: Leaf): boolean {
      const content = 'event' in leaf ? contentHashOf(sha256, leaf.event) : null;
      if ('event' in leaf && content !== leaf.leafHash) onFault(...alteredEvent(leaf.leafIndex, leaf.event.id, content));
      return expect(leaf.leafIndex);
    },
    end: (size: number): boolean => expect(size),
  };
};

/** The tree of the leaves that were walked over; null once one was missing. */
const createWalkedTree = ({ sha256, tiles }: Pick<WalkParts, 'sha256' | 'tiles'>, onFault: OnFault) => {
  const comparison = createTileComparison(tiles, (tile) =>
    onFault('hashes', `Tile ${tileKey(tile)} does not hold the hashes that the leaves lead to.`),
  );
  let tree: Frontier | null = emptyFrontier;
  return {
    async append(leaf: Leaf): Promise<void> {
      const hash = fromBase64(leaf.leafHash);
      if (tree === null) return;
      tree = appendLeaves(sha256, tree, [hash], comparison.add);
      await comparison.compareWhole();
    },
    breakOff: (): void => void (tree = null),
    tree: () => tree,
    /** Compares the tiles that are not whole. */
    end: async (): Promise<void> => (tree === null ? undefined : comparison.compareRest()),
  };
};

/** Compares the log with its last checkpoint: its root, which the tree has on its way, its size, and its signature. */
const createSignedCheck = (
  { sha256, isSigned }: Pick<WalkParts, 'sha256' | 'isSigned'>,
  lastSigned: Pick<Checkpoint, 'size' | 'note'> | null,
  onFault: OnFault,
) => {
  let root: Hash | null = null;
  return {
    noteRoot(tree: Frontier | null): void {
      if (tree !== null && tree.size === lastSigned?.size) root = rootOf(sha256, tree.hashes);
    },
    async end(size: number): Promise<void> {
      if (lastSigned === null) return;
      if (lastSigned.size > size) onFault('different', `The log has ${size} leaves, but ${lastSigned.size} were signed.`);
      else if (root !== null && toBase64(root) !== rootInNote(lastSigned.note))
        onFault('different', `The first ${lastSigned.size} leaves do not lead to the root that was signed.`);
      if (!(await isSigned(lastSigned.note)))
        onFault('different', `The checkpoint of size ${lastSigned.size} was not signed by the log's key.`);
    },
  };
};

/** Takes the events that the log got during the walk: a removal is told of before it is done. */
const takeLaterTellings = async ({ log, reader }: WalkParts, from: number, take: (leaf: Leaf) => void): Promise<void> => {
  const { head } = await log.moment();
  for await (const page of readEveryLeaf(reader, { from, to: head.size }))
    for (const leaf of page) if ('event' in leaf) take(leaf);
};

/**
 * Walks over the whole log as it is at the start: compares every event with its leaf hash, the leaf hashes with the tiles, and
 * the tree with what was signed. Returns null when `pace` ended it. Throws what reading throws.
 */
export const walkLog = async (parts: WalkParts, onFault: (fault: WalkFault) => void): Promise<Walked | null> => {
  const { log, reader, sha256, pace } = parts;
  const { head, lastSigned } = await log.moment();
  const known = (await parts.acknowledged?.()) ?? new Set();
  const { onFault: found, ...gathered } = createFoundFaults({ sha256, known, max: logFaultsMax, onFound: onFault });
  const leaves = createLeafCheck(sha256, found);
  const walked = createWalkedTree(parts, found);
  const removals = createRemovalCheck();
  const signed = createSignedCheck(parts, lastSigned, found);
  signed.noteRoot(walked.tree());
  for await (const page of readEveryLeaf(reader, { from: 0, to: head.size })) {
    for (const leaf of page) {
      if (!leaves.take(leaf)) walked.breakOff();
      removals.take(leaf);
      await walked.append(leaf);
      signed.noteRoot(walked.tree());
    }
    if (!(await pace(page.length))) return null;
  }
  if (!leaves.end(head.size)) walked.breakOff();
  await walked.end();
  const tree = walked.tree();
  if (tree !== null && !isSameFrontier(tree, head)) found('hashes', 'The head does not hold the hashes that the leaves lead to.');
  await signed.end(head.size);
  if (removals.untold().length > 0) await takeLaterTellings(parts, head.size, removals.take);
  const untold = removals.untold();
  if (untold.length > 0) found('untold', untoldText(untold), rangesText(untold));
  const redacted = removals.altered();
  if (redacted.length > 0) found('altered', redactedAlteredText(redacted), rangesText(redacted));
  const outside = await log.outside();
  if (outside !== null)
    found(
      'outside',
      `${outside.count} rows of audit.audit_events were not placed by the log, the event ${outside.firstId} first.`,
    );
  return { size: head.size, ...gathered };
};
