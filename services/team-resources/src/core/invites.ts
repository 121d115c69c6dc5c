import {
  ranksAtLeast,
  type AuditEventMessage,
  type Community,
  type CommunityRole,
  type Invite,
  type InviteMailMessage,
} from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  changesOf,
  createOnce,
  notFound,
  requireAllowed,
  requireFound,
  requireRole,
  retryCompareAndSwap,
  type AuditDraft,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import type { CreateTarget } from './community-resource.ts';
import { inviteMailOf } from './invite-mail-event.ts';

/** An invite as the holder of its token sees it. */
export interface InviteWithCommunity {
  readonly invite: Invite;
  readonly community: Pick<Community, 'id' | 'name'>;
  readonly isMember: boolean;
  /** The caller was removed from the community after the invite was made, and it is not to their address: it does not bring them back. */
  readonly isBarred: boolean;
}

export interface NewInviteWrite {
  readonly communityId: string;
  readonly userId: string;
  readonly invite: Invite;
  readonly tokenHash: string;
  readonly event: AuditEventMessage;
  /** The request for its mail; null for an invite to no address. */
  readonly mail: InviteMailMessage | null;
  readonly remembered: RememberedAnswer | null;
}

/** The caller's role in the community that an invite is to be created in. */
export interface InviteTarget extends CreateTarget {
  readonly communityName: string;
}

/**
 * Invites to communities. An invite stands on the right of who made it: it is `revoked` from the moment when they may not
 * invite to its role any more. Reads are one statement. Writes store the change and its event, or neither; they return false,
 * having changed nothing, when the invite or the caller's rights are not (any more) as the change needs them.
 */
export interface InviteStore {
  /** Newest first, with the caller's own role. Undefined when the user does not belong to the community. */
  list(
    userId: string,
    communityId: string,
    page: PageRequest,
    at: string,
  ): Promise<{ readonly role: CommunityRole; readonly invites: readonly Invite[] } | undefined>;
  findCreateTarget(userId: string, communityId: string, key: string | undefined): Promise<InviteTarget | undefined>;
  /** Checks again that the user's role may invite, and that it is at or above the role that is granted. */
  insert(write: NewInviteWrite): Promise<boolean>;
  /** Undefined when the user does not belong to the community; `invite` is undefined when there is none. */
  find(
    userId: string,
    communityId: string,
    inviteId: string,
    at: string,
  ): Promise<{ readonly role: CommunityRole; readonly invite: Invite | undefined } | undefined>;
  revoke(userId: string, communityId: string, inviteId: string, at: string, event: AuditEventMessage): Promise<boolean>;
  findByToken(tokenHash: string, userId: string, at: string): Promise<InviteWithCommunity | undefined>;
  /**
   * Spends one use and makes the user a member; of several callers for the last use exactly one gets it. Checks again that who
   * made the invite may still invite to its role, and that it may bring back a user who was removed.
   */
  accept(
    inviteId: string,
    user: { readonly userId: string; readonly displayName: string },
    at: string,
    event: AuditEventMessage,
  ): Promise<boolean>;
  decline(inviteId: string, at: string, event: AuditEventMessage): Promise<boolean>;
}

export interface InviteRequest {
  readonly role: Invite['role'];
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

const inviteOf = (id: string, { at, caller }: RequestContext, request: InviteRequest): Invite => ({
  id,
  createdBy: caller.userId,
  createdByName: caller.displayName,
  role: request.role,
  email: request.email === undefined ? null : normaliseEmail(request.email),
  usesLeft: request.uses ?? usesDefault,
  status: 'open',
  createdAt: at,
  expiresAt: new Date(Date.parse(at) + (request.expiresInSeconds ?? lifetimeSecondsDefault) * 1000).toISOString(),
  delivery: request.email === undefined ? 'link_only' : 'waiting',
});

export interface InviteCreation {
  readonly communityId: string;
  readonly body: InviteRequest;
  readonly token: InviteToken;
}

/**
 * Creates an invite, once per Idempotency-Key. Nobody invites to a role above their own. Throws NOT_FOUND, FORBIDDEN,
 * IDEMPOTENCY_KEY_REUSED.
 */
export const createInvite = (
  store: InviteStore,
  context: RequestContext,
  { communityId, body, token }: InviteCreation,
): Promise<Invite> => {
  const { userId } = context.caller;
  const invite = inviteOf(token.id, context, body);
  const { role, email, usesLeft, expiresAt } = invite;
  const changes = changesOf(null, { role, email, usesLeft, expiresAt }, context.sha256);
  const draft = inviteDraft('invite.create', invite, communityId, changes);
  return createOnce<Invite, InviteTarget>(context, {
    fingerprint: ['invite.create', { communityId }, body],
    findTarget: () => requireFound('community', store.findCreateTarget(userId, communityId, context.idempotencyKey)),
    allow: async (target) => {
      await requireRole(context, target.role, 'invite:create', draft);
      await requireAllowed(context, ranksAtLeast(target.role, role), draft, 'Nobody invites to a role above their own.');
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
    const changes = [{ path: '/members', after: { userId, role: invite.role } }];
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
