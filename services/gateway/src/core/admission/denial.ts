import type { AuditPayload, AuditSubject, Change, PublicContract } from '@guildhall/contracts';
import { auditPayload, byToken, userActor } from '@guildhall/resources';
import type { SignedInUser, CommunityAccess } from './admit.ts';

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
  caller: SignedInUser,
  community: CommunityAccess | null,
  context: DenialContext,
): AuditPayload => {
  const { action, subject } = contract;
  const { userId, sessionId, tokenPermissions } = caller;
  const byUser = userActor(userId, sessionId, { ip, userAgent: context.userAgent });
  const actor = tokenPermissions === undefined ? byUser : byToken(byUser);
  return auditPayload({ actor, requestId: context.requestId, service: 'gateway' }, 'denied', {
    action,
    resource: { type: subject.type, id: storable(resourceIdOf(subject, params, query)) },
    communityId: community?.communityId,
    changes: subject.id === 'new' ? targetOf(params) : [],
  });
};

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

/** The parents of a resource that was to be created: it has no id yet. */
const targetOf = (params: Parameters): readonly Change[] =>
  Object.entries(params)
    .filter(([name]) => name !== 'communityId')
    .map(([name, id]) => ({ path: `/${name}`, after: storable(id) }));
