import type { AuditPayload } from '@guildhall/contracts';
import type { Caller, CommunityAccess, Visit } from './admit.ts';

export interface DenialContext {
  readonly requestId: string;
  readonly userAgent: string | undefined;
}

/** A refusal for want of a permission, as the audit trail tells it. */
export const denialOf = (
  visit: Pick<Visit, 'access' | 'params' | 'ip'>,
  caller: Caller,
  community: CommunityAccess | null,
  context: DenialContext,
): AuditPayload => {
  const permission = 'permission' in visit.access ? visit.access.permission : 'request:send';
  const [type = 'request', verb = 'send'] = permission.split(':');
  return {
    actor: {
      type: 'user',
      id: caller.userId,
      sessionId: caller.sessionId,
      ip: visit.ip,
      ...(context.userAgent === undefined ? {} : { userAgent: context.userAgent.slice(0, 512) }),
    },
    action: `${type}.${verb}`,
    resource: { type, id: storable(resourceIdOf(visit.params)) },
    ...(community === null ? {} : { communityId: community.communityId }),
    result: 'denied',
    requestId: context.requestId,
    service: 'gateway',
  };
};

const idCharactersMax = 255;

/** The path was not checked when it was refused: an id as an audit event can hold it, whatever was sent. */
const storable = (id: string | undefined): string =>
  id === undefined || id === ''
    ? 'any'
    : id
        .slice(0, idCharactersMax)
        .replaceAll(/\p{Cc}/gu, '\ufffd')
        .toWellFormed();

/** The innermost thing that the path names. */
const resourceIdOf = ({ scriptId, workspaceId, inviteId, userId, eventId, communityId }: Visit['params']): string | undefined =>
  scriptId ?? workspaceId ?? inviteId ?? userId ?? eventId ?? communityId;
