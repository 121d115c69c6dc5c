import type { Call } from '@guildhall/http';
import type { Caller, Origin } from '../core/origin.ts';

/** The gateway says here who connected to it; clients cannot, since it drops what they send. */
const clientAddressHeader = 'x-forwarded-for';
const ipCharactersMax = 64;

/** Where a call without a principal comes from. */
export const originOf = (call: Pick<Call, 'requestId' | 'header'>): Origin => ({
  requestId: call.requestId,
  ip: (call.header(clientAddressHeader) ?? 'unknown').slice(0, ipCharactersMax),
  userAgent: call.header('user-agent'),
});

export const callerOf = ({ requestId, caller }: Pick<Call, 'requestId' | 'caller'>): Caller => ({
  requestId,
  userId: caller.userId,
  sessionId: caller.sessionId,
  ip: caller.ip,
  userAgent: caller.userAgent,
});
