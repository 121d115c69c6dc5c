import type { Actor } from '@guildhall/contracts';
import { deviceLabelCharactersMax, userAgentCharactersMax } from './limits.ts';

/** Where a request comes from, before anyone knows who sends it. */
export interface Origin {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

/** Who is calling, by a session that was live when the gateway looked. */
export interface Caller extends Origin {
  readonly userId: string;
  readonly sessionId: string;
}

const place = ({ ip, userAgent }: Origin) => ({
  ip: ip.slice(0, 64),
  ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, userAgentCharactersMax) }),
});

/** Someone who has not shown who they are: nothing is blamed on the account that they name. */
export const stranger = (origin: Origin): Actor => ({ type: 'system', id: 'anonymous', ...place(origin) });

/** A user at a known session. */
export const userActor = (userId: string, sessionId: string | undefined, origin: Origin): Actor => ({
  type: 'user',
  id: userId,
  ...(sessionId === undefined ? {} : { sessionId }),
  ...place(origin),
});

export const callerActor = (caller: Caller): Actor => userActor(caller.userId, caller.sessionId, caller);

/** What a session is called in the list of devices. A given name is as long as it may be; a browser's is cut, and ASCII. */
export const deviceLabelOf = (given: string | undefined, userAgent: string | undefined): string =>
  given ?? (userAgent ?? 'Unknown device').slice(0, deviceLabelCharactersMax);
