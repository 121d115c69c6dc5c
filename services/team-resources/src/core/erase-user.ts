import type { Actor, AuditEventMessage, CommunityRole, UserChangedMessage } from '@guildhall/contracts';
import { auditEvent, omitUndefined, type AuditDraft } from '@guildhall/resources';
import type { AppUserStore } from './app-users.ts';
import { inviteDraft } from './invites.ts';

/** The member who inherits a community whose last owner was erased. */
export interface Heir {
  readonly userId: string;
  readonly displayName: string;
  readonly role: CommunityRole;
}

/** The erasure of a user from this service, with the event of each change. */
export interface Erasure {
  readonly userId: string;
  readonly version: number;
  /** The address that the account had; null where it is not known. */
  readonly email: string | null;
  /** The id of the event of auth; null for a rebuild. */
  readonly eventId: string | null;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly memberRemoved: (communityId: string, role: CommunityRole) => AuditEventMessage;
  readonly ownerInherited: (communityId: string, heir: Heir) => AuditEventMessage;
  readonly councilLeft: (communityId: string, councilId: string) => AuditEventMessage;
  readonly inviteRevoked: (communityId: string, inviteId: string) => AuditEventMessage;
}

/** The traces of erased users. */
export interface ErasureStore {
  /**
   * Erases a user in one transaction: the name goes, memberships, council seats and the invites made by them or to their address
   * end, each with its event. Where the last owner goes, the member next in rank who joined first becomes the owner; viewers never do. What they
   * made stays, under the name of an erased user. Idempotent.
   */
  erase(erasure: Erasure): Promise<void>;
  /** Finds those of the users who are not erased here yet. */
  findUnerased(userIds: readonly string[]): Promise<readonly string[]>;
}

/** The name that stands in place of an erased user's. */
export const erasedUserName = 'Erased user';

/** The roles that inherit a community, highest first. */
export const heirRoles = ['admin', 'moderator', 'member'] as const satisfies readonly CommunityRole[];

const eraser: Actor = { type: 'system', id: 'erasure' };
const reason = { path: '/reason', after: 'user.erase' };

export interface ErasedUser {
  readonly userId: string;
  readonly version: number;
  readonly email?: string | undefined;
}

export interface ErasureSource {
  readonly eventId: string | null;
  readonly requestId: string;
  readonly at: string;
  readonly newId: () => string;
}

const member = (id: string, name?: string) => ({ type: 'member', id, ...omitUndefined({ name }) });

/** Describes what the erasure of a user does here. */
export const erasureOf = ({ userId, version, email }: ErasedUser, { eventId, requestId, at, newId }: ErasureSource): Erasure => {
  const audited = (draft: AuditDraft) =>
    auditEvent({ id: newId(), at, actor: eraser, requestId, service: 'team-resources' }, 'success', draft);
  return {
    userId,
    version,
    email: email ?? null,
    eventId,
    at,
    memberRemoved: (communityId, role) =>
      audited({
        action: 'member.remove',
        resource: member(userId),
        communityId,
        changes: [{ path: '/role', before: role }, reason],
      }),
    ownerInherited: (communityId, heir) =>
      audited({
        action: 'member.update',
        resource: member(heir.userId, heir.displayName),
        communityId,
        changes: [{ path: '/role', before: heir.role, after: 'owner' }, reason],
      }),
    councilLeft: (communityId, councilId) =>
      audited({
        action: 'council-member.remove',
        resource: { type: 'council-member', id: userId },
        communityId,
        changes: [{ path: '/councilId', before: councilId }, reason],
      }),
    inviteRevoked: (communityId, id) => audited(inviteDraft('invite.revoke', { id }, communityId, [reason])),
  };
};

export interface UserChangeParts {
  readonly appUsers: Pick<AppUserStore, 'record'>;
  readonly erasures: Pick<ErasureStore, 'erase'>;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** Takes auth's events of users: names are copied, erased users are erased here, too. Idempotent by event id. */
export const createTakeUserChanges =
  ({ appUsers, erasures, newId, now }: UserChangeParts) =>
  async (messages: readonly UserChangedMessage[]): Promise<void> => {
    await appUsers.record(messages.filter(({ payload }) => payload.status !== 'erased'));
    for (const { id, payload } of messages.filter((message) => message.payload.status === 'erased'))
      await erasures.erase(erasureOf(payload, { eventId: id, requestId: id, at: now().toISOString(), newId }));
  };
