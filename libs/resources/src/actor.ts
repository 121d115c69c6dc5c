import { actorLimits, type Actor } from '@guildhall/contracts';
import { omitUndefined } from './omit-undefined.ts';

/** The origin of a request, as the gateway saw it. */
export interface RequestOrigin {
  /** Empty when unknown. */
  readonly ip: string;
  readonly userAgent?: string | undefined;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The address and user agent, cut to the lengths that an audit event may hold. */
const originFields = ({ ip, userAgent }: RequestOrigin): Pick<Actor, 'ip' | 'userAgent'> => ({
  ...(ip === '' ? {} : { ip: ip.slice(0, actorLimits.ipCharactersMax) }),
  ...omitUndefined({ userAgent: userAgent?.slice(0, actorLimits.userAgentCharactersMax) }),
});

/** The actor of a user, at a session if it is known. A session id that is not a UUID is left out. */
export const userActor = (userId: string, sessionId: string | undefined, origin: RequestOrigin): Actor => ({
  type: 'user',
  id: userId,
  ...(sessionId !== undefined && uuidPattern.test(sessionId) ? { sessionId } : {}),
  ...originFields(origin),
});

/** The actor of a user's personal access token, whose id stands for the session. */
export const byToken = (user: Actor): Actor => ({ ...user, type: 'token' });

/** The actor of a request that nobody is signed in for: no account is blamed for it. */
export const anonymousActor = (origin: RequestOrigin): Actor => ({ type: 'system', id: 'anonymous', ...originFields(origin) });
