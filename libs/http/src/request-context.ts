import type { RouteContract } from '@guildhall/contracts';
import type { Principal } from '@guildhall/principal';
import { createContext, userActor, type ContextParts, type RequestContext, type SignedInCaller } from '@guildhall/resources';
import type { Call } from './call.ts';

/** The caller that a principal stands for. */
export const callerOf = ({ userId, displayName, email, sessionId, permissions, ip, userAgent }: Principal): SignedInCaller => ({
  userId,
  displayName,
  email,
  sessionId,
  permissions,
  actor: userActor(userId, sessionId, { ip, userAgent }),
});

/** The request context of a call that a principal makes. */
export const contextOf = <C extends RouteContract>(
  parts: ContextParts,
  { caller, requestId, idempotencyKey }: Call<C>,
): RequestContext<SignedInCaller> => createContext(parts, { caller: callerOf(caller), requestId, idempotencyKey });
