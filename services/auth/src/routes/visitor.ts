import { actorLimits } from '@guildhall/contracts';
import type { Call } from '@guildhall/http';
import { anonymousActor, createContext, type ContextParts } from '@guildhall/resources';
import type { VisitorContext } from '../core/visitor.ts';

/** The gateway sets this header to the address that connected to it, and drops what clients send in it. */
const clientAddressHeader = 'x-forwarded-for';

/** The request context of a call without a session. */
export const visitorContextOf = (
  parts: ContextParts,
  { requestId, header }: Pick<Call, 'requestId' | 'header'>,
): VisitorContext => {
  const ip = (header(clientAddressHeader) ?? 'unknown').slice(0, actorLimits.ipCharactersMax);
  const userAgent = header('user-agent');
  return createContext(parts, { caller: { actor: anonymousActor({ ip, userAgent }), ip, userAgent }, requestId });
};
