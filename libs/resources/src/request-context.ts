import type { Actor, AuditEventMessage, AuditPayload } from '@guildhall/contracts';
import { auditEvent, type AuditDraft } from './audit-event.ts';

/** The user that a request is made by. */
export interface Caller {
  readonly userId: string;
  readonly displayName: string;
  /** The user in audit events. */
  readonly actor: Actor;
}

/** A caller with a live session, as the gateway established them. */
export interface SignedInCaller extends Caller {
  readonly sessionId: string;
  /** Verified. */
  readonly email: string;
  /** Global permissions. */
  readonly permissions: readonly string[];
}

/** SHA-256 of a text in UTF-8, in hexadecimal. Handed in: the rules bring no cryptography of their own. */
export type Sha256 = (text: string) => string;

/** Stores the audit event of a refused attempt. Attempts of one kind are counted together; default: those that are alike. */
export type RecordDenial = (event: AuditEventMessage, kind?: string) => Promise<void>;

/** The clock, randomness and audit trail that a process gives to its request contexts. */
export interface ContextParts {
  readonly now: () => Date;
  readonly newId: () => string;
  readonly sha256: Sha256;
  readonly recordDenial: RecordDenial;
  /** The service that audit events name as their source. */
  readonly service: string;
}

/** The request context: who asks, when, and how their actions come into the audit trail. */
export interface RequestContext<C extends { readonly actor: Actor } = Caller> {
  readonly caller: C;
  readonly requestId: string;
  /** When the request began: ISO 8601 in UTC. */
  readonly at: string;
  /** Undefined when the caller sent none. */
  readonly idempotencyKey: string | undefined;
  newId(): string;
  readonly sha256: Sha256;
  /** The audit event of an action of this request. */
  audit(result: AuditPayload['result'], draft: AuditDraft): AuditEventMessage;
  /** Stores in the audit trail that this request was refused the action. */
  recordDenial(draft: AuditDraft, kind?: string): Promise<void>;
}

export interface RequestOf<C> {
  readonly caller: C;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
}

export const createContext = <C extends { readonly actor: Actor }>(
  { now, newId, sha256, recordDenial, service }: ContextParts,
  { caller, requestId, idempotencyKey }: RequestOf<C>,
): RequestContext<C> => {
  const at = now().toISOString();
  const audit: RequestContext['audit'] = (result, draft) =>
    auditEvent({ id: newId(), at, actor: caller.actor, requestId, service }, result, draft);
  return {
    caller,
    requestId,
    at,
    idempotencyKey,
    newId,
    sha256,
    audit,
    recordDenial: (draft, kind) => recordDenial(audit('denied', draft), kind),
  };
};
