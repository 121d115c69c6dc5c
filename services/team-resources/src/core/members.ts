import { ranksAtLeast, type AuditEventMessage, type CommunityRole, type Member } from '@guildhall/contracts';
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
import { inviteDraft } from './invites.ts';

export interface MemberPosition {
  readonly joinedAt: string;
  readonly userId: string;
}

/** A member with the facts that decide what the caller may do to them. */
export interface MemberWithAccess {
  /** The caller's role in the community. */
  readonly role: CommunityRole;
  /** Undefined when there is no such member. */
  readonly member: Member | undefined;
  readonly hasOtherOwner: boolean;
}

export interface MemberWrite {
  readonly communityId: string;
  /** The member as they were when the change was decided. */
  readonly member: Member;
  /** The caller, and the role that allowed the change. */
  readonly userId: string;
  readonly role: CommunityRole;
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
  changeRole(write: MemberWrite, role: CommunityRole): Promise<boolean>;
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

const draftOf = (
  action: string,
  { communityId, memberId }: MemberPath,
  { member }: MemberWithAccess,
  after?: CommunityRole,
): AuditDraft => ({
  action,
  resource: { type: 'member', id: memberId, ...omitUndefined({ name: member?.displayName }) },
  communityId,
  changes: [{ path: '/role', ...omitUndefined({ before: member?.role, after }) }],
});

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
  revokedEvent: (id) => context.audit('success', inviteDraft('invite.revoke', { id }, communityId, [becauseOf(draft)])),
  councilEvent: (councilId) =>
    context.audit('success', {
      action: 'council-member.remove',
      resource: { type: 'council-member', id: member.userId, name: member.displayName },
      communityId,
      changes: [{ path: '/councilId', before: councilId }, becauseOf(draft)],
    }),
});

/** The reason of a change that another change brought with it: the action of that one. */
const becauseOf = ({ action }: AuditDraft) => ({ path: '/reason', after: action });

const requireAnotherOwner = ({ member, hasOtherOwner }: MemberWithAccess): void => {
  if (member?.role === 'owner' && !hasOtherOwner) {
    throw new AppError('CONFLICT', 'A community keeps at least one owner. Make someone else an owner first.');
  }
};

/**
 * Changes a member's role. Nobody grants a role above their own, nor changes a member above them. Throws NOT_FOUND, FORBIDDEN,
 * VERSION_MISMATCH, CONFLICT for the last owner.
 */
export const updateMember = (
  store: MemberStore,
  context: RequestContext,
  change: MemberPath & { readonly role: CommunityRole; readonly ifMatch: VersionCondition },
): Promise<Member> =>
  retryCompareAndSwap(async () => {
    const found = await findMember(store, context, change);
    const { role } = change;
    const draft = draftOf('member.update', change, found, role);
    await requireRole(context, found.role, 'member:update', draft);
    const { member } = found;
    if (member === undefined) throw notFound('member');
    requireVersion(member.version, change.ifMatch);
    const isWithinRank = ranksAtLeast(found.role, role) && ranksAtLeast(found.role, member.role);
    await requireAllowed(context, isWithinRank, draft, 'Nobody grants a role above their own, or changes who stands above them.');
    if (member.role === role) return member;
    requireAnotherOwner(found);
    const write = writeOf(context, change, { member, role: found.role, draft });
    return (await store.changeRole(write, role)) ? { ...member, role, version: member.version + 1 } : undefined;
  });

/**
 * Removes a member. Members may leave by themselves; to remove another one needs a role at or above theirs. Throws NOT_FOUND,
 * FORBIDDEN, CONFLICT for the last owner.
 */
export const removeMember = async (store: MemberStore, context: RequestContext, path: MemberPath): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const found = await findMember(store, context, path);
    const { member } = found;
    const isLeaving = path.memberId === context.caller.userId;
    const draft = draftOf(isLeaving ? 'member.leave' : 'member.remove', path, found);
    if (!isLeaving) await requireRole(context, found.role, 'member:remove', draft);
    if (member === undefined) throw notFound('member');
    await requireAllowed(context, ranksAtLeast(found.role, member.role), draft, 'Nobody removes who stands above them.');
    requireAnotherOwner(found);
    return (await store.remove(writeOf(context, path, { member, role: found.role, draft }))) || undefined;
  });
};
