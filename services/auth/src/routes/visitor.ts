import type { RouteContract } from '@guildhall/contracts';
import type { AnonymousClient, Call } from '@guildhall/http';
import { anonymousActor, createContext, type ContextParts } from '@guildhall/resources';
import type { VisitorContext } from '../core/visitor.ts';

/** The request context of a call without a session. */
export const visitorContextOf = (
  parts: ContextParts,
  { requestId, caller }: Pick<Call<RouteContract, AnonymousClient>, 'requestId' | 'caller'>,
): VisitorContext => {
  const { ip, userAgent } = caller;
  return createContext(parts, { caller: { actor: anonymousActor({ ip, userAgent }), ip, userAgent }, requestId });
};
