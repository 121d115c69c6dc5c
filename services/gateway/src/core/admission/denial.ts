import type { AuditPayload, AuditSubject, PublicContract } from '@guildhall/contracts';
import type { Caller, CommunityAccess } from './admit.ts';

export interface DenialContext {
  readonly requestId: string;
  readonly userAgent: string | undefined;
}

/** The request that was denied. */
export interface DeniedRequest {
  readonly contract: Pick<PublicContract, 'action' | 'subject'>;
  readonly params: Parameters;
  readonly query: Parameters;
  readonly ip: string;
}

/** Parameters of a path or a query, as they came. */
type Parameters = Readonly<Record<string, unknown>>;

/** The audit event of a request that was denied for want of a permission: action and resource are those of its contract. */
export const denialOf = (
  { contract, params, query, ip }: DeniedRequest,
  caller: Caller,
  community: CommunityAccess | null,
  context: DenialContext,
): AuditPayload => ({
  actor: {
    type: 'user',
    id: caller.userId,
    sessionId: caller.sessionId,
    ip,
    ...(context.userAgent === undefined ? {} : { userAgent: context.userAgent.slice(0, 512) }),
  },
  action: contract.action,
  resource: { type: contract.subject.type, id: storable(resourceIdOf(contract.subject, params, query)) },
  ...(community === null ? {} : { communityId: community.communityId }),
  result: 'denied',
  ...(contract.subject.id === 'new' ? placeOf(params) : {}),
  requestId: context.requestId,
  service: 'gateway',
});

const idCharactersMax = 255;

/** The parameters were not validated when the request was denied: an id as an audit event can hold it, whatever was sent. */
const storable = (id: unknown): string =>
  typeof id !== 'string' || id === ''
    ? 'any'
    : id
        .slice(0, idCharactersMax)
        .replaceAll(/\p{Cc}/gu, '\ufffd')
        .toWellFormed();

const resourceIdOf = (subject: AuditSubject, params: Parameters, query: Parameters): unknown =>
  'parameter' in subject ? (params[subject.parameter] ?? query[subject.parameter] ?? subject.id) : subject.id;

/** What was to be created has no id yet: the event says where it was to be. */
const placeOf = (params: Parameters): Pick<AuditPayload, 'changes'> => {
  const changes = Object.entries(params)
    .filter(([name]) => name !== 'communityId')
    .map(([name, id]) => ({ path: `/${name}`, after: storable(id) }));
  return changes.length === 0 ? {} : { changes };
};
