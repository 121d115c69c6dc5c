import { fromBase64, isSameHash, rootInNote, toBase64 } from '@guildhall/tlog';
import type { LogStanding, SignedTree, StoredLogKey } from './checkpoints.ts';

/**
 * A sealed trust anchor: the tree that the log must grow from to be signed. It is kept beside the log's key, sealed: whoever can write to the database and
 * does not hold the encryption key can delete it or put an older one back, and make none.
 */
export interface Anchor extends SignedTree {
  /** True for the tree of a checkpoint; false for one that signing begins with: the empty tree, or the one that an operator accepted. */
  readonly isSigned: boolean;
  /** When an operator last accepted the log as it was, in ISO 8601; null: never. */
  readonly acceptedAt: string | null;
}

/** Writes an anchor as the text that is sealed. */
export const anchorText = ({ rootHash, ...anchor }: Anchor): string =>
  JSON.stringify({ ...anchor, rootHash: toBase64(rootHash) });

/** Reads the text of an anchor, which only the service itself can have sealed. */
export const readAnchorText = (text: string): Anchor => {
  const { rootHash, ...anchor } = JSON.parse(text) as Omit<Anchor, 'rootHash'> & { readonly rootHash: string };
  return { ...anchor, rootHash: fromBase64(rootHash) };
};

/** True for a log that has neither begun nor lost anything: it may be given a key. */
export const isNewLog = ({ head, lastSigned, key }: LogStanding): boolean =>
  key === null && lastSigned === null && head.size === 0;

/** True for a log of which nothing was ever signed or accepted. */
export const isUnsigned = ({ lastSigned }: LogStanding, anchor: Anchor | null): boolean =>
  lastSigned === null && anchor !== null && !anchor.isSigned && anchor.acceptedAt === null;

/** Throws for a log that has a past and no key. */
export const requireKey = ({ head, lastSigned, key }: LogStanding): StoredLogKey => {
  if (key !== null) return key;
  if (lastSigned !== null) throw new Error('The key of the audit log is gone, though checkpoints were signed by it.');
  throw new Error(`The key of the audit log is gone, though the log has ${head.size} leaves.`);
};

/**
 * Throws when the database does not know what the anchor says, or has no anchor where there must be one. A log of an earlier version
 * has none until its next checkpoint: that one is held to the last checkpoint alone.
 */
export const requireAnchored = ({ head, lastSigned }: LogStanding, anchor: Anchor | null, isRequired: boolean): void => {
  if (anchor === null && lastSigned === null && head.size > 0)
    throw new Error(`The audit log has ${head.size} leaves and no checkpoint: those that were signed are gone.`);
  if (anchor === null && isRequired) throw new Error('The anchor of the audit log is gone, which is kept beside its key.');
  if (anchor?.isSigned !== true) return;
  if ((lastSigned?.size ?? -1) < anchor.size)
    throw new Error(`Checkpoints were removed: one of ${anchor.size} leaves was signed, and the database does not know it.`);
  if (lastSigned?.size === anchor.size && !isSameHash(lastSigned.rootHash, anchor.rootHash))
    throw new Error(`The checkpoint of ${anchor.size} leaves is not the one that was signed.`);
};

/** True if the checkpoint states the tree that stands beside it. */
export const statesItsTree = ({ note, size, rootHash }: SignedTree & { readonly note: string }): boolean =>
  rootInNote(note) === toBase64(rootHash) && note.split('\n', 2)[1] === String(size);

/** Each different tree once. */
export const distinctTrees = (trees: readonly (SignedTree | null)[]): readonly SignedTree[] => [
  ...new Map(
    trees.flatMap((tree) => (tree === null ? [] : [[`${tree.size} ${toBase64(tree.rootHash)}`, tree] as const])),
  ).values(),
];
