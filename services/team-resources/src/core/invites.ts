import { ranksAtLeast, type AuditEventMessage, type Community, type CommunityRole, type Invite } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { allow, allowRole, notFound, repeated, untilSettled } from './deed.ts';
import type { Ask, Deed, EarlierAnswer, RequestKey } from './deed.ts';

export interface InvitePosition {
  readonly createdAt: string;
  readonly id: string;
}

/** An invite as who holds its token sees it. */
export interface InviteSight {
  readonly invite: Invite;
  readonly community: Omit<Community, 'role'>;
  readonly isMember: boolean;
}

export interface NewInviteWrite {
  readonly communityId: string;
  readonly userId: string;
  readonly invite: Invite;
  readonly tokenHash: string;
  readonly event: AuditEventMessage;
  readonly key: RequestKey | null;
}

/**
 * Ways into a community. Reads are one statement. Writes store the change and its event, or neither; they answer false,
 * having changed nothing, when the invite or the caller's rights are not (any more) as the change needs them.
 */
export interface InviteStore {
  /** Newest first, with the caller's own role. Undefined when the user does not belong to the community. */
  list(
    userId: string,
    communityId: string,
    page: { readonly limit: number; readonly after: InvitePosition | null; readonly at: string },
  ): Promise<{ readonly role: CommunityRole; readonly invites: readonly Invite[] } | undefined>;
  findPlace(
    userId: string,
    communityId: string,
    key: string | undefined,
  ): Promise<{ readonly role: CommunityRole; readonly earlier: EarlierAnswer | null } | undefined>;
  /** Looks again that the user's role may invite, and stands at or above the role that is granted. */
  insert(write: NewInviteWrite): Promise<boolean>;
  /** Undefined when the user does not belong to the community; `invite` is undefined when there is none. */
  find(
    userId: string,
    communityId: string,
    inviteId: string,
    at: string,
  ): Promise<{ readonly role: CommunityRole; readonly invite: Invite | undefined } | undefined>;
  revoke(userId: string, communityId: string, inviteId: string, at: string, event: AuditEventMessage): Promise<boolean>;
  findByToken(tokenHash: string, userId: string, at: string): Promise<InviteSight | undefined>;
  /** Spends one use and makes the user a member; of several for the last use exactly one gets it. */
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

/** The id and token of an invite to be made. The token follows from the id, so that repeating a request can show it again. */
export interface InviteToken {
  readonly id: string;
  readonly tokenHash: string;
}

const usesDefault = 1;
const lifetimeSecondsDefault = 604_800;

/** Addresses are compared as auth keeps them. */
export const normaliseEmail = (email: string): string => email.trim().toLowerCase();

const deedOn = (action: string, { id }: Pick<Invite, 'id'>, communityId: string, changes?: Deed['changes']): Deed => ({
  action,
  resource: { type: 'invite', id },
  communityId,
  ...(changes === undefined ? {} : { changes }),
});

const inviteOf = (id: string, at: string, request: InviteRequest): Invite => ({
  id,
  role: request.role,
  email: request.email === undefined ? null : normaliseEmail(request.email),
  usesLeft: request.uses ?? usesDefault,
  status: 'open',
  createdAt: at,
  expiresAt: new Date(Date.parse(at) + (request.expiresInSeconds ?? lifetimeSecondsDefault) * 1000).toISOString(),
});

/** Invites to a community. Nobody invites to a role above their own. */
export const createInvite = (
  store: InviteStore,
  ask: Ask,
  communityId: string,
  request: InviteRequest,
  { id, tokenHash }: InviteToken,
  key: RequestKey | null,
): Promise<Invite> => {
  const invite = inviteOf(id, ask.at, request);
  const { role, email, usesLeft, expiresAt } = invite;
  const changes = Object.entries({ role, email, usesLeft, expiresAt }).map(([field, after]) => ({ path: `/${field}`, after }));
  const deed = deedOn('invite.create', invite, communityId, changes);
  return untilSettled(async () => {
    const place = await store.findPlace(ask.userId, communityId, key?.key);
    if (place === undefined) throw notFound('community');
    const answered = repeated(place.earlier, key);
    if (answered !== undefined) return answered as Invite;
    await allowRole(ask, place.role, 'invite:create', deed);
    await allow(ask, ranksAtLeast(place.role, role), deed, 'Nobody invites to a role above their own.');
    const event = ask.tell('success', deed);
    return (await store.insert({ communityId, userId: ask.userId, invite, tokenHash, event, key })) ? invite : undefined;
  });
};

export interface InvitePage {
  readonly limit: number;
  readonly after: InvitePosition | null;
}

export const listInvites = async (
  store: InviteStore,
  ask: Ask,
  communityId: string,
  page: InvitePage,
): Promise<readonly Invite[]> => {
  const found = await store.list(ask.userId, communityId, { ...page, at: ask.at });
  if (found === undefined) throw notFound('community');
  const deed = { action: 'invite.list', resource: { type: 'community', id: communityId }, communityId };
  await allowRole(ask, found.role, 'invite:read', deed);
  return found.invites;
};

/** Takes an invite back. One that was taken back already stays so. */
export const revokeInvite = async (store: InviteStore, ask: Ask, communityId: string, inviteId: string): Promise<void> => {
  await untilSettled(async () => {
    const found = await store.find(ask.userId, communityId, inviteId, ask.at);
    if (found === undefined) throw notFound('community');
    const deed = deedOn('invite.revoke', { id: inviteId }, communityId);
    await allowRole(ask, found.role, 'invite:revoke', deed);
    if (found.invite === undefined) throw notFound('invite');
    if (found.invite.status === 'revoked') return true;
    const isStored = await store.revoke(ask.userId, communityId, inviteId, ask.at, ask.tell('success', deed));
    return isStored || undefined;
  });
};

const mustBeOpen = ({ status }: Invite): void => {
  if (status !== 'open') throw new AppError('GONE', `This invite is no longer open: it is ${status}.`);
};

/** Whoever is not meant learns nothing, not even that there is such an invite. */
const findMine = async (store: InviteStore, ask: Ask, tokenHash: string): Promise<InviteSight> => {
  const seen = await store.findByToken(tokenHash, ask.userId, ask.at);
  if (seen === undefined) throw notFound('invite');
  const { email } = seen.invite;
  if (email !== null && email !== normaliseEmail(ask.email)) throw notFound('invite');
  return seen;
};

/** Joins the community that the invite is for. */
export const acceptInvite = (store: InviteStore, ask: Ask, tokenHash: string): Promise<Community> =>
  untilSettled(async () => {
    const { invite, community, isMember } = await findMine(store, ask, tokenHash);
    if (isMember) throw new AppError('CONFLICT', 'You belong to this community already.');
    mustBeOpen(invite);
    const changes = [{ path: '/members', after: { userId: ask.userId, role: invite.role } }];
    const event = ask.tell('success', deedOn('invite.accept', invite, community.id, changes));
    const { userId, displayName, at } = ask;
    const hasJoined = await store.accept(invite.id, { userId, displayName }, at, event);
    return hasJoined ? { ...community, role: invite.role } : undefined;
  });

/** Declines an invite that was sent to the caller's address; one for whoever holds the link is nobody's to decline. */
export const declineInvite = async (store: InviteStore, ask: Ask, tokenHash: string): Promise<void> => {
  await untilSettled(async () => {
    const { invite, community } = await findMine(store, ask, tokenHash);
    if (invite.email === null) throw notFound('invite');
    mustBeOpen(invite);
    const event = ask.tell('success', deedOn('invite.decline', invite, community.id));
    return (await store.decline(invite.id, ask.at, event)) || undefined;
  });
};
