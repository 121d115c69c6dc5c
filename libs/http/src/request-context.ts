import type { RouteContract } from '@guildhall/contracts';
import type { Principal } from '@guildhall/principal';
import {
  byToken,
  createContext,
  userActor,
  type ContextParts,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import type { Call } from './call.ts';

/** The caller that a principal stands for. */
export const callerOf = ({ ip, userAgent, isToken, ...caller }: Principal): SignedInCaller => {
  const user = userActor(caller.userId, caller.sessionId, { ip, userAgent });
  return { ...caller, actor: isToken === true ? byToken(user) : user };
};

/** The request context of a call that a principal makes. */
export const contextOf = <C extends RouteContract>(
  parts: ContextParts,
  { caller, requestId, idempotencyKey }: Call<C>,
): RequestContext<SignedInCaller> => createContext(parts, { caller: callerOf(caller), requestId, idempotencyKey });
