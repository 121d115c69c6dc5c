import { hashIn, tilesOf, type LogTiles } from './tiles.ts';
import { carryOut, planConsistency, verifyConsistency } from './merkle-proofs.ts';
import { rootOf, type Frontier, type Hash, type Sha256 } from './merkle-tree.ts';
import { checkpointText, signedNote, type NoteKey } from './signed-note.ts';

export interface SignedTree {
  readonly size: number;
  readonly rootHash: Hash;
}

export interface Checkpoint extends SignedTree {
  readonly note: string;
  readonly signedAt: string;
}

/** The log's key as it is stored. */
export interface StoredLogKey extends NoteKey {
  readonly sealedPrivateKey: string;
}

/** The progress of the log and of its checkpoints, which are signed tree heads. */
export interface LogStanding {
  readonly head: Frontier;
  readonly lastSigned: Omit<Checkpoint, 'note'> | null;
  readonly key: StoredLogKey | null;
  /** The time at which the oldest unsequenced event was stored; null if there is none. */
  readonly oldestUnsequencedAt: string | null;
}

export interface Checkpoints {
  standing(): Promise<LogStanding>;
  /** The largest one. */
  latest(): Promise<Checkpoint | null>;
  key(): Promise<NoteKey | null>;
  /** Keeps the log's key; the first one stays. */
  keepKey(key: StoredLogKey): Promise<void>;
  /** Keeps a checkpoint, unless one as large is there or one was signed a moment ago. */
  keep(checkpoint: Omit<Checkpoint, 'signedAt'>): Promise<void>;
}

export interface LogSigner {
  makeKey(origin: string): StoredLogKey;
  /** Throws an Error when the key was sealed by another encryption key. */
  sign(key: StoredLogKey, text: string): Uint8Array;
}

export interface SignCheckpointParts {
  readonly checkpoints: Checkpoints;
  readonly tiles: LogTiles;
  readonly signer: LogSigner;
  readonly sha256: Sha256;
  /** The log's required name; null: its present name, or a new one. */
  readonly origin: string | null;
  readonly newOrigin: () => string;
}

/** Signs the log as it is now, when it has grown. Throws an Error and signs nothing when it is not what was signed before, and more. */
export type SignCheckpoint = () => Promise<LogStanding>;

export const createSignCheckpoint = (parts: SignCheckpointParts): SignCheckpoint => {
  const { checkpoints, tiles, signer, sha256, origin, newOrigin } = parts;

  const keyOf = async ({ key }: LogStanding): Promise<StoredLogKey | null> => {
    if (key === null) await checkpoints.keepKey(signer.makeKey(origin ?? newOrigin()));
    return key;
  };
  const requireConsistency = async (last: SignedTree, next: SignedTree): Promise<void> => {
    if (next.size < last.size) throw new Error(`The audit log has ${next.size} leaves, but ${last.size} were signed.`);
    const plan = planConsistency(last.size, next.size);
    const nodes = plan.flat();
    const read = await tiles.read(tilesOf(nodes), next.size);
    const path = carryOut(sha256, plan, (node) => hashIn(sha256, read, node));
    const proof = { first: last.size, second: next.size, firstRoot: last.rootHash, secondRoot: next.rootHash, path };
    if (!verifyConsistency(sha256, proof))
      throw new Error(`The audit log of ${next.size} leaves does not begin with the ${last.size} that were signed.`);
  };

  return async () => {
    const standing = await checkpoints.standing();
    const { head, lastSigned } = standing;
    const key = await keyOf(standing);
    if (key === null || lastSigned?.size === head.size) return standing;
    if (origin !== null && origin !== key.origin)
      throw new Error(`LOG_ORIGIN is ${origin}, but this audit log signs as ${key.origin}.`);
    const next = { size: head.size, rootHash: rootOf(sha256, head.hashes) };
    if (lastSigned !== null) await requireConsistency(lastSigned, next);
    const text = checkpointText(key.origin, next.size, next.rootHash);
    await checkpoints.keep({ ...next, note: signedNote(sha256, key, text, signer.sign(key, text)) });
    return standing;
  };
};
