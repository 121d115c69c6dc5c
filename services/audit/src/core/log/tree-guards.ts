import {
  carryOut,
  checkpointIn,
  fromBase64,
  isSameHash,
  isSignedBy,
  planConsistency,
  verifyConsistency,
  type Hash,
  type Sha256,
  type VerifyEd25519,
} from '@guildhall/tlog';
import type { LogStanding, SignedTree, StoredLogKey, Witnesses } from './checkpoints.ts';
import type { SignedMemory } from './signed-memory.ts';
import { hashIn, tilesOf, type LogTiles } from './tiles.ts';

export interface TreeGuardParts {
  readonly witnesses: Witnesses;
  readonly memory: SignedMemory;
  readonly verify: VerifyEd25519;
  readonly tiles: LogTiles;
  readonly sha256: Sha256;
}

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
