import {
  checkpointIn,
  cosignatureLine,
  cosignedMessage,
  emptyRoot,
  fromBase64,
  isSignedBy,
  rootsOfConsistency,
  signedUnder,
  toBase64,
  verifyConsistency,
  type Sha256,
  type VerifyEd25519,
  type WitnessKey,
} from '@guildhall/tlog';
import { readSubmission, type Submission } from './submission.ts';

export interface WitnessConfig {
  /** The folder of the witness's file, its key, and what it keeps as evidence. */
  readonly folder: string;
  /** The name under which it cosigns. */
  readonly name: string;
  /** Verifier keys of the logs of other installations that it follows. */
  readonly logKeys: readonly string[];
}

/** A log as the witness last saw it. */
export interface WitnessedLog {
  readonly origin: string;
  /** The 32 bytes of the log's Ed25519 key. */
  readonly publicKey: Uint8Array;
  readonly size: number;
  /** In base64; null before the first checkpoint. */
  readonly root: string | null;
  /** The last checkpoint with the signature of the log and the cosignature; null before the first. */
  readonly note: string | null;
}

/** The memory of the witness, where no database of the logs reaches. */
export interface WitnessedLogs {
  find(origin: string): WitnessedLog | null;
  /** Remembers a checkpoint durably, if the last one still has this size; false if not. */
  advance(
    origin: string,
    oldSize: number,
    next: { readonly size: number; readonly root: string; readonly note: string },
  ): boolean;
}

/** Two trees that the same key has signed, of which one is not the beginning of the other: it verifies by itself. */
export interface ForkEvidence {
  readonly origin: string;
  readonly publicKey: string;
  readonly first: string;
  readonly second: string;
  /** Leads from `rootOfFirstInSecond`, the root of the second tree at the size of the first, to the root of the second. */
  readonly proof: readonly string[];
  readonly rootOfFirstInSecond: string;
}

export interface WitnessParts {
  readonly logs: WitnessedLogs;
  /** The key of a log that is not known yet, if the witness may follow it; null otherwise. */
  readonly introduce: (origin: string) => Promise<WitnessedLog | null>;
  readonly key: WitnessKey;
  readonly sign: (message: Uint8Array) => Uint8Array;
  readonly verify: VerifyEd25519;
  readonly sha256: Sha256;
  readonly nowSeconds: () => number;
  /** Called for a checkpoint that the log's key has signed and that does not grow from what was seen. */
  readonly onRefused: (origin: string, reason: string, evidence: ForkEvidence | null) => void;
}

/** The answers of `add-checkpoint` (C2SP tlog-witness), by their status. */
export type WitnessAnswer =
  | { readonly status: 200; readonly cosignatures: string }
  | { readonly status: 409; readonly size: number }
  | { readonly status: 400 | 403 | 404 | 422; readonly reason: string };

export interface Witness {
  addCheckpoint(body: string): Promise<WitnessAnswer>;
  /** The last cosigned checkpoint of a log, by the SHA-256 of its origin in hexadecimal; null if there is none. */
  checkpoint(origin: string): string | null;
}

type Signed = Submission & NonNullable<ReturnType<typeof checkpointIn>>;

const refusal = (status: 400 | 403 | 404 | 422, reason: string): WitnessAnswer => ({ status, reason });

/** The reason why a checkpoint does not grow from what was seen; null if it does. The old size is that of the last one. */
const inconsistency = (sha256: Sha256, log: WitnessedLog, { old, proof, size, root }: Signed): string | null => {
  if (size === 0 && root !== emptyRoot(sha256)) return 'A checkpoint of size 0 has the root of the empty tree.';
  if (old === 0) return proof.length === 0 ? null : 'Nothing is to be proven from size 0.';
  const consistency = {
    first: old,
    second: size,
    firstRoot: fromBase64(log.root ?? ''),
    secondRoot: fromBase64(root),
    path: proof.map(fromBase64),
  };
  return verifyConsistency(sha256, consistency)
    ? null
    : `The tree of ${size} leaves does not begin with the ${old} leaves that were seen.`;
};

const evidenceOf = (sha256: Sha256, log: WitnessedLog, { old, proof, size, root, note }: Signed): ForkEvidence | null => {
  if (log.note === null || log.root === null || old === 0) return null;
  const roots =
    old === size
      ? { older: fromBase64(root), newer: fromBase64(root) }
      : rootsOfConsistency(sha256, old, size, proof.map(fromBase64));
  if (roots === null || toBase64(roots.newer) !== root || toBase64(roots.older) === log.root) return null;
  return {
    origin: log.origin,
    publicKey: toBase64(log.publicKey),
    first: log.note,
    second: note,
    proof,
    rootOfFirstInSecond: toBase64(roots.older),
  };
};

/** A witness of logs (C2SP tlog-witness): it cosigns a checkpoint when the tree grew from the last one that it saw. */
export const createWitness = (parts: WitnessParts): Witness => {
  const { logs, introduce, key, sign, verify, sha256, nowSeconds, onRefused } = parts;

  const cosign = (log: WitnessedLog, { old, size, root, text, note }: Signed): WitnessAnswer => {
    const seconds = nowSeconds();
    const line = cosignatureLine(sha256, key, seconds, sign(cosignedMessage(text, seconds)));
    // Only what the log's key has signed is kept: other lines may be anyone's.
    const signed = signedUnder(sha256, { origin: log.origin, publicKey: log.publicKey }, note);
    if (logs.advance(log.origin, old, { size, root, note: `${text}\n${signed}\n${line}\n` }))
      return { status: 200, cosignatures: `${line}\n` };
    return { status: 409, size: logs.find(log.origin)?.size ?? 0 };
  };

  return {
    async addCheckpoint(body) {
      const submission = readSubmission(body);
      const checkpoint = submission === null ? null : checkpointIn(submission.note);
      if (submission === null || checkpoint === null)
        return refusal(400, 'The body is not an old size, a proof and a checkpoint.');
      const signed = { ...submission, ...checkpoint };
      const { origin, size, old, note } = signed;
      const log = logs.find(origin) ?? (await introduce(origin));
      if (log === null) return refusal(404, 'This log is not known here.');
      if (!isSignedBy(sha256, verify, { origin, publicKey: log.publicKey }, note))
        return refusal(403, 'The checkpoint was not signed by the key that is known here.');
      if (old > size) return refusal(400, 'The old size is larger than the checkpoint.');
      if (old !== log.size) return { status: 409, size: log.size };
      const reason = inconsistency(sha256, log, signed);
      if (reason === null) return cosign(log, signed);
      onRefused(origin, reason, evidenceOf(sha256, log, signed));
      return refusal(422, reason);
    },
    checkpoint: (origin) => logs.find(origin)?.note ?? null,
  };
};
