import { includesRole, type AuditEventMessage, type Invite } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  changesOf,
  createOnce,
  notFound,
  omitUndefined,
  requireAllowed,
  requireFound,
  requireRole,
  retryCompareAndSwap,
  type AuditDraft,
  type PageRequest,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import { inviteMailOf } from './invite-mail-event.ts';
import { findGivenRole, type GivenRole } from './given-role.ts';
import type { InviteStore, InviteTarget, InviteWithCommunity } from './invite-store.ts';
import type { OwnRoleStore } from './own-roles.ts';

export interface InviteRequest {
  readonly role?: Invite['role'];
  readonly ownRoleId?: string;
  readonly email?: string;
  readonly uses?: number;
  readonly expiresInSeconds?: number;
}

/** The id and token hash of an invite to be created. The token is derived from the id, so that a repeated request can show it again. */
export interface InviteToken {
  readonly id: string;
  readonly tokenHash: string;
}

/** Invites are matched against the caller's address, so their rules need more of the caller than others do. */
type InviteContext = RequestContext<SignedInCaller>;

const usesDefault = 1;
const lifetimeSecondsDefault = 604_800;

/** The form in which auth stores addresses. */
export const normaliseEmail = (email: string): string => email.trim().toLowerCase();

/** The audit event of an invite. */
export const inviteDraft = (
  action: string,
  { id }: Pick<Invite, 'id'>,
  communityId: string,
  changes: NonNullable<AuditDraft['changes']> = [],
): AuditDraft => ({ action, resource: { type: 'invite', id }, communityId, changes });

/** The reason of a change that another change brought with it: the action of that one. */
export const becauseOf = ({ action }: AuditDraft) => ({ path: '/reason', after: action });

/** Makes the events of the invites that fall with the right of who made them, because of a change. */
export const revokedInvites =
  (context: RequestContext, communityId: string, cause: AuditDraft) =>
  (id: string): AuditEventMessage =>
    context.audit('success', inviteDraft('invite.revoke', { id }, communityId, [becauseOf(cause)]));

const inviteOf = (id: string, { at, caller }: RequestContext, request: InviteRequest, { role, ownRole }: GivenRole): Invite => ({
  id,
  createdBy: caller.userId,
  createdByName: caller.displayName,
  role: role === 'owner' ? 'admin' : role,
  ownRole,
  email: request.email === undefined ? null : normaliseEmail(request.email),
  usesLeft: request.uses ?? usesDefault,
  status: 'open',
  createdAt: at,
  expiresAt: new Date(Date.parse(at) + (request.expiresInSeconds ?? lifetimeSecondsDefault) * 1000).toISOString(),
  delivery: request.email === undefined ? 'link_only' : 'waiting',
});

export interface InviteStores {
  readonly invites: InviteStore;
  readonly ownRoles: Pick<OwnRoleStore, 'find'>;
}

export interface InviteCreation {
  readonly communityId: string;
  readonly body: InviteRequest;
  readonly token: InviteToken;
}

/**
 * Creates an invite, once per Idempotency-Key. Nobody invites to a role above their own. Throws NOT_FOUND, FORBIDDEN,
 * INVALID, UNPROCESSABLE, IDEMPOTENCY_KEY_REUSED.
 */
export const createInvite = async (
  { invites: store, ownRoles }: InviteStores,
  context: RequestContext,
  { communityId, body, token }: InviteCreation,
): Promise<Invite> => {
  const { userId } = context.caller;
  const given = await findGivenRole(ownRoles, context, communityId, body);
  const invite = inviteOf(token.id, context, body, given);
  const { role, ownRole, email, usesLeft, expiresAt } = invite;
  const fields = { role, ...omitUndefined({ ownRoleId: ownRole?.id }), email, usesLeft, expiresAt };
  const changes = changesOf(null, fields, context.sha256);
  const draft = inviteDraft('invite.create', invite, communityId, changes);
  return createOnce<Invite, InviteTarget>(context, {
    fingerprint: ['invite.create', { communityId }, body],
    findTarget: () => requireFound('community', store.findCreateTarget(userId, communityId, context.idempotencyKey)),
    allow: async (target) => {
      await requireRole(context, target.role, 'invite:create', draft);
      await requireAllowed(context, includesRole(target.role, given.held), draft, 'Nobody invites to a role above their own.');
    },
    make: () => invite,
    insert: (_invite, remembered, { communityName }) => {
      const event = context.audit('success', draft);
      const mail = inviteMailOf(context, invite, communityName);
      return store.insert({ communityId, userId, invite, tokenHash: token.tokenHash, event, mail, remembered });
    },
  });
};

/** Newest first. Throws NOT_FOUND, FORBIDDEN. */
export const listInvites = async (
  store: InviteStore,
  context: RequestContext,
  { communityId, page }: { readonly communityId: string; readonly page: PageRequest },
): Promise<readonly Invite[]> => {
  const found = await requireFound('community', store.list(context.caller.userId, communityId, page, context.at));
  const draft = { action: 'invite.list', resource: { type: 'community', id: communityId }, communityId };
  await requireRole(context, found.role, 'invite:read', draft);
  return found.invites;
};

/** Idempotent: an invite that is revoked already stays so. Throws NOT_FOUND, FORBIDDEN. */
export const revokeInvite = async (
  store: InviteStore,
  context: RequestContext,
  { communityId, inviteId }: { readonly communityId: string; readonly inviteId: string },
): Promise<void> => {
  const { at, caller } = context;
  await retryCompareAndSwap(async () => {
    const found = await requireFound('community', store.find(caller.userId, communityId, inviteId, at));
    const draft = inviteDraft('invite.revoke', { id: inviteId }, communityId);
    await requireRole(context, found.role, 'invite:revoke', draft);
    if (found.invite === undefined) throw notFound('invite');
    if (found.invite.status === 'revoked') return true;
    return (await store.revoke(caller.userId, communityId, inviteId, at, context.audit('success', draft))) || undefined;
  });
};

/** Throws GONE for an invite that cannot be accepted any more. */
export const requireOpen = ({ status }: Invite): void => {
  if (status !== 'open') throw new AppError('GONE', `This invite is no longer open: it is ${status}.`);
};

/** The invite of a token, if it may be used by the caller. NOT_FOUND otherwise: others do not learn that there is one. */
const findForCaller = async (
  store: InviteStore,
  { caller, at }: InviteContext,
  tokenHash: string,
): Promise<InviteWithCommunity> => {
  const found = await requireFound('invite', store.findByToken(tokenHash, caller.userId, at));
  const { email } = found.invite;
  if (email !== null && email !== normaliseEmail(caller.email)) throw notFound('invite');
  return found;
};

/** Makes the caller a member of the invite's community, and returns its id. Throws NOT_FOUND, CONFLICT for a member, GONE. */
export const acceptInvite = (store: InviteStore, context: InviteContext, tokenHash: string): Promise<string> =>
  retryCompareAndSwap(async () => {
    const { invite, community, isMember, isBarred } = await findForCaller(store, context, tokenHash);
    if (isMember) throw new AppError('CONFLICT', 'You belong to this community already.');
    requireOpen(invite);
    if (isBarred)
      throw new AppError('GONE', 'You were removed from this community after this invite was made. Ask for a new one.');
    const { userId, displayName } = context.caller;
    const changes = [
      { path: '/members', after: { userId, role: invite.role, ...omitUndefined({ ownRoleId: invite.ownRole?.id }) } },
    ];
    const event = context.audit('success', inviteDraft('invite.accept', invite, community.id, changes));
    const hasJoined = await store.accept(invite.id, { userId, displayName }, context.at, event);
    return hasJoined ? community.id : undefined;
  });

/** Declines an invite to the caller's address. An invite without an address cannot be declined. Throws NOT_FOUND, GONE. */
export const declineInvite = async (store: InviteStore, context: InviteContext, tokenHash: string): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const { invite, community } = await findForCaller(store, context, tokenHash);
    if (invite.email === null) throw notFound('invite');
    requireOpen(invite);
    const event = context.audit('success', inviteDraft('invite.decline', invite, community.id));
    return (await store.decline(invite.id, context.at, event)) || undefined;
  });
};
