import { hash, sign, verify } from 'node:crypto';
import { eventWriters, type CallerName, type EventKind, type OutboxMessage } from '@guildhall/contracts';
import type { ServiceIdentity } from '@guildhall/principal';
import { eventTextOf, type EventContent } from '@guildhall/resources';
import type { Traces } from './traced-batch.ts';

/**
 * The data of one job of the queue: messages of one kind, signed by the process that wrote them. Whoever reaches the queue can
 * add, change, swap, repeat and remove jobs; without the key of a writer none of that becomes an event.
 */
export interface SignedBatch {
  /** The messages as JSON, exactly as they were signed. */
  readonly text: string;
  readonly writer: CallerName;
  readonly keyId: string;
  /** An Ed25519 signature (RFC 8032) in base64url. */
  readonly signature: string;
  /** The traces that messages are a part of, by their ids. Not signed: only a trace believes them. */
  readonly traces?: Traces;
}

/** A batch whose writer is known, or the reason why it cannot be trusted. */
export type VerifiedBatch = { readonly writer: CallerName; readonly messages: readonly unknown[] } | { readonly fault: string };

/** The SHA-256 of an event's canonical text in base64url: by it an outbox and the destination know that they mean the same event. */
export const eventDigest = (event: EventContent): string => hash('sha256', eventTextOf(event), 'base64url');

/** The signed bytes: the kind and the writer are part of them, so that a batch is good for one queue and one writer. */
const signedBytes = (kind: string, writer: string, text: string): Buffer =>
  Buffer.from(`guildhall events 1\n${kind}\n${writer}\n${text}`);

export const signBatch = (
  { name, keyId, privateKey }: ServiceIdentity,
  kind: EventKind,
  messages: readonly OutboxMessage[],
): SignedBatch => {
  const text = JSON.stringify(messages);
  return { text, writer: name, keyId, signature: sign(null, signedBytes(kind, name, text), privateKey).toString('base64url') };
};

/** Verifies writer, kind and signature of what stands in the queue of `kind`. Never throws, whatever stands there. */
export const verifyBatch = (publicKeys: ServiceIdentity['publicKeys'], kind: EventKind, data: unknown): VerifiedBatch => {
  const { text, writer, keyId, signature } = (typeof data === 'object' && data !== null ? data : {}) as Partial<SignedBatch>;
  if (typeof text !== 'string' || typeof keyId !== 'string' || typeof signature !== 'string')
    return { fault: 'it is not signed, as messages of earlier versions are not' };
  const allowed = eventWriters[kind].find((name) => name === writer);
  if (allowed === undefined) return { fault: `its writer may not write events of the kind ${kind}` };
  const key = publicKeys[allowed].get(keyId);
  if (key === undefined) return { fault: `it is signed with a key that is none of ${allowed}` };
  if (!verify(null, signedBytes(kind, allowed, text), key, Buffer.from(signature, 'base64url')))
    return { fault: `${allowed} has not signed it: it was forged or altered` };
  return { writer: allowed, messages: JSON.parse(text) as unknown[] };
};
