import { includesRole, type AuditEventMessage, type CommunityRole, type HeldRole, type Member } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  notFound,
  omitUndefined,
  requireAllowed,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  type AuditDraft,
  type PageRequest,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import { findGivenRole, type GivenRole, type RoleChoice } from './given-role.ts';
import { becauseOf, revokedInvites } from './invites.ts';
import type { OwnRoleStore } from './own-roles.ts';

export interface MemberPosition {
  readonly joinedAt: string;
  readonly userId: string;
}

/** A member with the facts that decide what the caller may do to them. */
export interface MemberWithAccess {
  /** The caller's role in the community. */
  readonly role: HeldRole;
  /** Undefined when there is no such member. */
  readonly member: Member | undefined;
  /** The role of the member as they hold it. */
  readonly memberRole: HeldRole | undefined;
  readonly hasOtherOwner: boolean;
}

export interface MemberWrite {
  readonly communityId: string;
  /** The member as they were when the change was decided. */
  readonly member: Member;
  /** The caller, and the role that allowed the change. */
  readonly userId: string;
  readonly role: HeldRole;
  readonly at: string;
  readonly event: AuditEventMessage;
  /** The event of an invite that the member made and that falls with their right. */
  readonly revokedEvent: (inviteId: string) => AuditEventMessage;
  /** The event of a council that the member leaves with the community. */
  readonly councilEvent: (councilId: string) => AuditEventMessage;
}

/**
 * The members of communities. Reads are one statement; they return undefined when the user does not belong to the community.
 * Writes return false, having changed nothing, when the member, the caller's role or the owners are not as they were when the
 * change was decided. However many owners leave or are demoted at once, one stays.
 */
export interface MemberStore {
  /** In the order of joining. */
  list(userId: string, communityId: string, filter: MemberFilter): Promise<readonly Member[] | undefined>;
  find(userId: string, communityId: string, memberId: string): Promise<MemberWithAccess | undefined>;
  /** Revokes the invites that the member made and may not make any more. */
  changeRole(write: MemberWrite, given: GivenRole): Promise<boolean>;
  /** Revokes the invites that the member made, and removes the member from the community's councils. Who is removed by another one comes back by an invite made afterwards alone. */
  remove(write: MemberWrite): Promise<boolean>;
}

export interface MemberFilter {
  readonly page: PageRequest<MemberPosition>;
  /** Part of the name, in any case. */
  readonly q?: string;
  readonly role?: CommunityRole;
  /** Only those who joined, and contributed last, at least so many days ago by the database's clock. */
  readonly notContributedForDays?: number;
}

export interface MemberPath {
  readonly communityId: string;
  readonly memberId: string;
}

const findMember = async (
  store: MemberStore,
  { caller }: RequestContext,
  { communityId, memberId }: MemberPath,
): Promise<MemberWithAccess> => {
  return await requireFound('community', store.find(caller.userId, communityId, memberId));
};

/** Throws NOT_FOUND, FORBIDDEN. */
export const readMember = async (store: MemberStore, context: RequestContext, path: MemberPath): Promise<Member> => {
  const found = await findMember(store, context, path);
  await requireRole(context, found.role, 'member:read', draftOf('member.read', path, found));
  if (found.member === undefined) throw notFound('member');
  return found.member;
};

const draftOf = (
  action: string,
  { communityId, memberId }: MemberPath,
  { member }: MemberWithAccess,
  given?: GivenRole,
): AuditDraft => ({
  action,
  resource: { type: 'member', id: memberId, ...omitUndefined({ name: member?.displayName }) },
  communityId,
  changes: [
    { path: '/role', ...omitUndefined({ before: member?.role, after: given?.role }) },
    ...ownRoleChanges(member?.ownRole?.id, given?.ownRole?.id),
  ],
});

/** The change from one own role to another; none where neither is one. */
const ownRoleChanges = (before: string | undefined, after: string | undefined) =>
  before === undefined && after === undefined ? [] : [{ path: '/ownRoleId', ...omitUndefined({ before, after }) }];

const writeOf = (
  context: RequestContext,
  { communityId }: MemberPath,
  { member, role, draft }: Pick<MemberWrite, 'member' | 'role'> & { readonly draft: AuditDraft },
): MemberWrite => ({
  communityId,
  member,
  userId: context.caller.userId,
  role,
  at: context.at,
  event: context.audit('success', draft),
  revokedEvent: revokedInvites(context, communityId, draft),
  councilEvent: (councilId) =>
    context.audit('success', {
      action: 'council-member.remove',
      resource: { type: 'council-member', id: member.userId, name: member.displayName },
      communityId,
      changes: [{ path: '/councilId', before: councilId }, becauseOf(draft)],
    }),
});

const requireAnotherOwner = ({ member, hasOtherOwner }: MemberWithAccess): void => {
  if (member?.role === 'owner' && !hasOtherOwner) {
    throw new AppError('CONFLICT', 'A community keeps at least one owner. Make someone else an owner first.');
  }
};

export interface MemberStores {
  readonly members: MemberStore;
  readonly ownRoles: Pick<OwnRoleStore, 'find'>;
}

/**
 * Gives a member another role. Nobody grants a role with a permission that they do not hold, nor changes a member who holds one.
 * Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, INVALID, UNPROCESSABLE, CONFLICT for the last owner.
 */
export const updateMember = (
  { members, ownRoles }: MemberStores,
  context: RequestContext,
  change: MemberPath & RoleChoice & { readonly ifMatch: VersionCondition },
): Promise<Member> =>
  retryCompareAndSwap(async () => {
    const found = await findMember(members, context, change);
    const given = await findGivenRole(ownRoles, context, change.communityId, change);
    const draft = draftOf('member.update', change, found, given);
    await requireRole(context, found.role, 'member:update', draft);
    const { member, memberRole } = found;
    if (member === undefined || memberRole === undefined) throw notFound('member');
    requireVersion(member.version, change.ifMatch);
    const isWithinRank = includesRole(found.role, given.held) && includesRole(found.role, memberRole);
    await requireAllowed(context, isWithinRank, draft, 'Nobody grants a role above their own, or changes who stands above them.');
    const { role, ownRole } = given;
    if (member.role === role && member.ownRole?.id === ownRole?.id) return member;
    requireAnotherOwner(found);
    const write = writeOf(context, change, { member, role: found.role, draft });
    return (await members.changeRole(write, given)) ? { ...member, role, ownRole, version: member.version + 1 } : undefined;
  });

/**
 * Removes a member. Members may leave by themselves; to remove another one needs a role at or above theirs. Throws NOT_FOUND,
 * FORBIDDEN, CONFLICT for the last owner.
 */
export const removeMember = async (store: MemberStore, context: RequestContext, path: MemberPath): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const found = await findMember(store, context, path);
    const { member, memberRole } = found;
    const isLeaving = path.memberId === context.caller.userId;
    const draft = draftOf(isLeaving ? 'member.leave' : 'member.remove', path, found);
    if (!isLeaving) await requireRole(context, found.role, 'member:remove', draft);
    if (member === undefined || memberRole === undefined) throw notFound('member');
    await requireAllowed(context, includesRole(found.role, memberRole), draft, 'Nobody removes who stands above them.');
    requireAnotherOwner(found);
    return (await store.remove(writeOf(context, path, { member, role: found.role, draft }))) || undefined;
  });
};
