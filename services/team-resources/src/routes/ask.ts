import type { Call } from '@guildhall/http';
import { auditEvent, fingerprintOf, type Caller, type EventParts } from '@guildhall/workspaces';
import type { Actor, AuditEventMessage, RouteContract } from '@guildhall/contracts';
import type { Ask, RequestKey } from '../core/deed.ts';

/** What every route of communities is made of, besides its stores. */
export interface AskParts extends EventParts {
  readonly recordDenial: (event: AuditEventMessage) => Promise<void>;
  /** SHA-256, in hexadecimal. */
  readonly sha256: (text: string) => string;
}

/** A user as the gateway established them. */
export interface PrincipalLike {
  readonly userId: string;
  readonly sessionId: string;
  readonly displayName: string;
  readonly email: string;
  readonly ip: string;
  readonly userAgent?: string;
}

const ipCharactersMax = 64;
const userAgentCharactersMax = 512;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const actorOf = ({ userId, sessionId, ip, userAgent }: PrincipalLike): Actor => ({
  type: 'user',
  id: userId,
  ...(uuidPattern.test(sessionId) ? { sessionId } : {}),
  ...(ip === '' ? {} : { ip: ip.slice(0, ipCharactersMax) }),
  ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, userAgentCharactersMax) }),
});

export const callerOf = (principal: PrincipalLike): Caller => ({
  userId: principal.userId,
  displayName: principal.displayName,
  actor: actorOf(principal),
});

/** One request as core asks for it. */
export const askOf = <C extends RouteContract>(parts: AskParts, call: Call<C>): Ask => {
  const { userId, displayName, email } = call.caller;
  const request = { caller: callerOf(call.caller), requestId: call.requestId };
  const at = parts.now();
  return {
    userId,
    displayName,
    email,
    at: at.toISOString(),
    tell: (result, deed) => auditEvent({ ...parts, now: () => at }, request, result, deed),
    recordDenial: parts.recordDenial,
  };
};

/** The key of a create with the digest of what makes two requests the same one; null without a key. */
export const keyOf = <C extends RouteContract>(
  { sha256 }: AskParts,
  { idempotencyKey, params, body }: Call<C>,
  action: string,
): RequestKey | null =>
  idempotencyKey === undefined ? null : { key: idempotencyKey, requestHash: sha256(fingerprintOf([action, params, body])) };
