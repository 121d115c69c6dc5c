import {
  type Frontier,
  type Hash,
  type NoteKey,
  type Sha256,
  type VerifyEd25519,
  carryOut,
  checkpointIn,
  checkpointText,
  fromBase64,
  isSameHash,
  isSignedBy,
  planConsistency,
  rootOf,
  signedNote,
  verifyConsistency,
} from '@guildhall/tlog';
import { hashIn, tilesOf, type LogTiles } from './tiles.ts';

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
  readonly lastSigned: Checkpoint | null;
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
  /** Removes every checkpoint: the next one begins anew. */
  removeAll(): Promise<void>;
  /** Keeps a checkpoint, unless one as large is there or one was signed a moment ago. */
  keep(checkpoint: Omit<Checkpoint, 'signedAt'>): Promise<void>;
}

export interface LogSigner {
  makeKey(origin: string): StoredLogKey;
  /** Throws an Error when the key was sealed by another encryption key. */
  sign(key: StoredLogKey, text: string): Uint8Array;
}

/** The error of a witness that cannot be reached or does not cosign: the checkpoint waits. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
}

/** A witness: its submission and monitoring prefix, and its key; null: it is asked for its key. */
export interface WitnessAddress {
  readonly url: string;
  readonly key: string | null;
}

/** The witnesses of the log (C2SP tlog-witness), which remember it where its database does not reach. */
export interface Witnesses {
  /** The last checkpoints that they cosigned, of those that know the log. Throws WitnessError. */
  seen(origin: string): Promise<readonly string[]>;
  /** The cosignature lines of all of them, each with a newline at its end. Throws WitnessError. */
  cosign(origin: string, note: string, proofFrom: (size: number) => Promise<readonly Hash[]>): Promise<string>;
}

/** The last tree that this process has seen signed, and by which key: a database that says otherwise was put back or altered. */
export interface SignedMemory {
  last(): (SignedTree & NoteKey) | null;
  remember(signed: SignedTree & NoteKey): void;
  /** Forgets it: the service was given another database. */
  forget(): void;
}

export const createSignedMemory = (): SignedMemory => {
  let last: (SignedTree & NoteKey) | null = null;
  return { last: () => last, remember: (signed) => void (last = signed), forget: () => void (last = null) };
};

export interface TreeGuardParts {
  readonly witnesses: Witnesses;
  readonly memory: SignedMemory;
  readonly verify: VerifyEd25519;
  readonly tiles: LogTiles;
  readonly sha256: Sha256;
}

export interface SignCheckpointParts extends TreeGuardParts {
  readonly checkpoints: Checkpoints;
  readonly signer: LogSigner;
  /** The log's required name; null: its present name, or a new one. */
  readonly origin: string | null;
  readonly newOrigin: () => string;
}

/**
 * Signs the log as it is now, when it has grown, and publishes it with the cosignatures of the witnesses. Throws an Error and
 * signs nothing when it is not what was signed before, and more: by the database, by what this process remembers, and by what
 * the witnesses saw. Throws WitnessError, and publishes nothing, while a witness does not cosign.
 */
export type SignCheckpoint = () => Promise<LogStanding>;

/** Throws when a witness saw another tree than the one that is signed already, or a larger one. */
const requireNothingNewer = (notes: readonly string[], { size, rootHash }: SignedTree): void => {
  for (const note of notes) {
    const seen = checkpointIn(note);
    if (seen !== null && seen.size > size) throw new Error(`The audit log has ${size} leaves, but ${seen.size} were signed.`);
    if (seen?.size === size && !isSameHash(fromBase64(seen.root), rootHash))
      throw new Error(`A witness saw another tree of ${size} leaves than the audit log has now.`);
  }
};

/** Throws for a tree that is not what was signed or seen before, and more. */
export const createTreeGuards = ({ tiles, sha256, witnesses, memory, verify }: TreeGuardParts) => {
  const proofBetween = async (from: number, to: number): Promise<readonly Hash[]> => {
    const plan = planConsistency(from, to);
    const read = await tiles.read(tilesOf(plan.flat()), to);
    return carryOut(sha256, plan, (node) => hashIn(sha256, read, node));
  };
  const requireConsistency = async (last: SignedTree, next: SignedTree): Promise<void> => {
    if (next.size < last.size) throw new Error(`The audit log has ${next.size} leaves, but ${last.size} were signed.`);
    const path = await proofBetween(last.size, next.size);
    const proof = { first: last.size, second: next.size, firstRoot: last.rootHash, secondRoot: next.rootHash, path };
    if (!verifyConsistency(sha256, proof))
      throw new Error(`The audit log of ${next.size} leaves does not begin with the ${last.size} that were signed.`);
  };

  /** Throws unless the tree grows from what each witness saw, under the same key. */
  const requireSeen = async (key: StoredLogKey, next: SignedTree): Promise<void> => {
    for (const note of await witnesses.seen(key.origin)) {
      const seen = checkpointIn(note);
      if (seen === null || !isSignedBy(sha256, verify, key, note))
        throw new Error('A witness knows this audit log by another key than it has now.');
      await requireConsistency({ size: seen.size, rootHash: fromBase64(seen.root) }, next);
    }
  };
  /** Throws when the database does not know of what this process has seen signed. */
  const requireRemembered = ({ lastSigned, key }: LogStanding): void => {
    const last = memory.last();
    if (last === null) return;
    if (key === null || key.origin !== last.origin || !isSameHash(key.publicKey, last.publicKey))
      throw new Error(`The audit log has another key or origin than before: it has signed as ${last.origin}.`);
    if ((lastSigned?.size ?? -1) < last.size)
      throw new Error(`Checkpoints were removed: one of ${last.size} leaves was signed, and the database does not know it.`);
  };

  return { proofBetween, requireConsistency, requireSeen, requireRemembered };
};

export const createSignCheckpoint = (parts: SignCheckpointParts): SignCheckpoint => {
  const { checkpoints, signer, sha256, origin, newOrigin, witnesses, memory, verify } = parts;
  const { proofBetween, requireConsistency, requireSeen, requireRemembered } = createTreeGuards(parts);

  const keyOf = async ({ key, lastSigned }: LogStanding): Promise<StoredLogKey | null> => {
    if (key === null && lastSigned !== null)
      throw new Error('The key of the audit log is gone, though checkpoints were signed by it.');
    if (key === null) await checkpoints.keepKey(signer.makeKey(origin ?? newOrigin()));
    return key;
  };
  return async () => {
    const standing = await checkpoints.standing();
    requireRemembered(standing);
    const { head, lastSigned } = standing;
    const key = await keyOf(standing);
    if (key !== null && lastSigned !== null && isSignedBy(sha256, verify, key, lastSigned.note))
      memory.remember({ size: lastSigned.size, rootHash: lastSigned.rootHash, origin: key.origin, publicKey: key.publicKey });
    if (key === null) return standing;
    if (lastSigned?.size === head.size) {
      requireNothingNewer(await witnesses.seen(key.origin), lastSigned);
      return standing;
    }
    if (origin !== null && origin !== key.origin)
      throw new Error(`LOG_ORIGIN is ${origin}, but this audit log signs as ${key.origin}.`);
    const next = { size: head.size, rootHash: rootOf(sha256, head.hashes) };
    for (const last of [lastSigned, memory.last()]) if (last !== null) await requireConsistency(last, next);
    await requireSeen(key, next);
    const text = checkpointText(key.origin, next.size, next.rootHash);
    const note = signedNote(sha256, key, text, signer.sign(key, text));
    const cosignatures = await witnesses.cosign(key.origin, note, (size) => proofBetween(size, next.size));
    await checkpoints.keep({ ...next, note: note + cosignatures });
    return standing;
  };
};
