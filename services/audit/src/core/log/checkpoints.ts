import {
  checkpointIn,
  checkpointText,
  fromBase64,
  isSameHash,
  isSignedBy,
  rootOf,
  signedNote,
  type Frontier,
  type Hash,
  type NoteKey,
} from '@guildhall/tlog';
import { distinctTrees, isNewLog, isUnsigned, requireAnchored, requireKey, statesItsTree, type Anchor } from './anchor.ts';
import { createTreeGuards, type TreeGuardParts } from './tree-guards.ts';

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
  /** The sealed anchor; null in a log of an earlier version until its next checkpoint. */
  readonly sealedAnchor: string | null;
}

/** The progress of the log and of its checkpoints, which are signed tree heads. */
export interface LogStanding {
  readonly head: Frontier;
  readonly lastSigned: Checkpoint | null;
  readonly key: StoredLogKey | null;
  /** The time at which the oldest unsequenced event was stored; null if there is none, and once anything was signed. */
  readonly oldestUnsequencedAt: string | null;
}

export interface Checkpoints {
  standing(): Promise<LogStanding>;
  /** The largest one. */
  latest(): Promise<Checkpoint | null>;
  key(): Promise<NoteKey | null>;
  /** Gives a log its key that has neither a key nor an event nor a checkpoint; any other log stays as it is. */
  keepKey(key: StoredLogKey): Promise<void>;
  /**
   * Keeps the anchor of the key, or the key where there is none, and removes every checkpoint unless they are to stay. Rows that the log has not
   * placed by then are never taken up.
   */
  accept(key: StoredLogKey, keepsCheckpoints: boolean): Promise<void>;
  /**
   * Keeps a checkpoint together with its anchor, unless one as large is there, one was signed a moment ago, or the anchor is
   * another by now than `key` has.
   */
  keep(checkpoint: Omit<Checkpoint, 'signedAt'>, key: StoredLogKey, sealedAnchor: string): Promise<void>;
}

export interface LogSigner {
  /** A key whose private half opens only in a log with an anchor. */
  makeKey(origin: string, anchor: Anchor): StoredLogKey;
  /** Throws an Error when the key was sealed by another encryption key. */
  sign(key: StoredLogKey, text: string): Uint8Array;
  sealAnchor(origin: string, anchor: Anchor): string;
  /** The anchor of the key; null if it has none. Throws an Error for one that was not sealed by this encryption key for this log. */
  openAnchor(key: StoredLogKey): Anchor | null;
  /** True for a key that was made together with an anchor, and so never stands without one. */
  requiresAnchor(key: StoredLogKey): boolean;
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

export type BeginLogParts = Pick<SignCheckpointParts, 'checkpoints' | 'signer' | 'sha256' | 'origin' | 'newOrigin'>;

export interface SignCheckpointParts extends TreeGuardParts {
  readonly checkpoints: Checkpoints;
  readonly signer: LogSigner;
  /** The log's required name; null: its present name, or a new one. */
  readonly origin: string | null;
  readonly newOrigin: () => string;
  /** Called when another process accepted the log anew. */
  readonly onAccepted: () => void;
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

/** Gives a new log its key and the anchor at the empty tree, before its first event: a log with events and no key has lost it. */
export const createBeginLog =
  ({ checkpoints, signer, sha256, origin, newOrigin }: BeginLogParts) =>
  (): Promise<void> => {
    const empty = { size: 0, rootHash: rootOf(sha256, []), isSigned: false, acceptedAt: null };
    return checkpoints.keepKey(signer.makeKey(origin ?? newOrigin(), empty));
  };

export const createSignCheckpoint = (parts: SignCheckpointParts): SignCheckpoint => {
  const { checkpoints, signer, sha256, origin, witnesses, memory, verify, onAccepted } = parts;
  const { proofBetween, requireConsistency, requireSeen, requireRemembered } = createTreeGuards(parts);
  const beginLog = createBeginLog(parts);

  /** Throws for a log that has lost or exchanged what it signed. */
  const requireSigned = (standing: LogStanding, key: StoredLogKey, anchor: Anchor | null): void => {
    const { lastSigned } = standing;
    requireAnchored(standing, anchor, anchor === null && signer.requiresAnchor(key));
    if (lastSigned === null) return;
    if (!isSignedBy(sha256, verify, key, lastSigned.note) || !statesItsTree(lastSigned))
      throw new Error('The last checkpoint was not signed by the key that the audit log has now.');
    const { size, rootHash } = lastSigned;
    memory.remember({ size, rootHash, origin: key.origin, publicKey: key.publicKey });
  };
  const signNext = async (key: StoredLogKey, { head, lastSigned }: LogStanding, anchor: Anchor | null): Promise<void> => {
    if (origin !== null && origin !== key.origin)
      throw new Error(`LOG_ORIGIN is ${origin}, but this audit log signs as ${key.origin}.`);
    const next = { size: head.size, rootHash: rootOf(sha256, head.hashes) };
    for (const last of distinctTrees([lastSigned, anchor, memory.last()])) await requireConsistency(last, next);
    await requireSeen(key, next);
    const text = checkpointText(key.origin, next.size, next.rootHash);
    const note = signedNote(sha256, key, text, signer.sign(key, text));
    const cosignatures = await witnesses.cosign(key.origin, note, (size) => proofBetween(size, next.size));
    const grown = { ...next, isSigned: true, acceptedAt: anchor?.acceptedAt ?? null };
    await checkpoints.keep({ ...next, note: note + cosignatures }, key, signer.sealAnchor(key.origin, grown));
  };
  return async () => {
    const standing = await checkpoints.standing();
    const anchor = standing.key === null ? null : signer.openAnchor(standing.key);
    if (memory.noteAcceptance(anchor?.acceptedAt ?? null)) onAccepted();
    requireRemembered(standing);
    if (isNewLog(standing)) {
      await beginLog();
      return standing;
    }
    // The first checkpoint is the end of what a version without a log stored: it waits until all of that has its place.
    if (standing.oldestUnsequencedAt !== null && isUnsigned(standing, anchor)) return standing;
    const key = requireKey(standing);
    requireSigned(standing, key, anchor);
    if (standing.lastSigned?.size === standing.head.size)
      requireNothingNewer(await witnesses.seen(key.origin), standing.lastSigned);
    else await signNext(key, standing, anchor);
    return standing;
  };
};
