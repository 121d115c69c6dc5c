import { ranksAtLeast, type AuditEventMessage, type CommunityRole, type Member } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { allow, allowRole, mustBeCurrent, notFound, untilSettled, type Ask, type Deed } from './deed.ts';

export interface MemberPosition {
  readonly joinedAt: string;
  readonly userId: string;
}

/** A member as another one, or they themselves, are about to change them. */
export interface MemberSight {
  /** What the caller is in the community. */
  readonly role: CommunityRole;
  /** Undefined when there is no such member. */
  readonly member: Member | undefined;
  readonly hasOtherOwner: boolean;
}

export interface MemberWrite {
  readonly communityId: string;
  /** The member as they were when the change was decided. */
  readonly member: Member;
  /** Who changes them, and the role that it was decided by. */
  readonly userId: string;
  readonly role: CommunityRole;
  readonly at: string;
  readonly event: AuditEventMessage;
}

/**
 * Who belongs to a community. Reads are one statement and answer undefined to who does not belong. Writes answer false,
 * having changed nothing, when the member, the caller's role or the owners are not as they were when it was decided.
 * However many owners leave or are demoted at once, one stays.
 */
export interface MemberStore {
  /** In the order of joining. */
  list(userId: string, communityId: string, limit: number, after: MemberPosition | null): Promise<readonly Member[] | undefined>;
  find(userId: string, communityId: string, memberId: string): Promise<MemberSight | undefined>;
  changeRole(write: MemberWrite, role: CommunityRole): Promise<boolean>;
  remove(write: MemberWrite): Promise<boolean>;
}

export interface MemberRequest {
  readonly communityId: string;
  readonly memberId: string;
}

const find = async (store: MemberStore, ask: Ask, { communityId, memberId }: MemberRequest): Promise<MemberSight> => {
  const seen = await store.find(ask.userId, communityId, memberId);
  if (seen === undefined) throw notFound('community');
  return seen;
};

const deedOn = (action: string, { communityId, memberId }: MemberRequest, seen: MemberSight, after?: CommunityRole): Deed => ({
  action,
  resource: {
    type: 'member',
    id: memberId,
    ...(seen.member === undefined ? {} : { name: seen.member.displayName }),
  },
  communityId,
  changes: [
    {
      path: '/role',
      ...(seen.member === undefined ? {} : { before: seen.member.role }),
      ...(after === undefined ? {} : { after }),
    },
  ],
});

const mustKeepAnOwner = ({ member, hasOtherOwner }: MemberSight): void => {
  if (member?.role === 'owner' && !hasOtherOwner) {
    throw new AppError('CONFLICT', 'A community keeps at least one owner. Make someone else an owner first.');
  }
};

/** Changes a member's role. Nobody grants a role above their own, nor changes someone who stands above them. */
export const updateMember = (
  store: MemberStore,
  ask: Ask,
  request: MemberRequest & { readonly role: CommunityRole; readonly ifMatch: number },
): Promise<Member> =>
  untilSettled(async () => {
    const seen = await find(store, ask, request);
    const deed = deedOn('member.update', request, seen, request.role);
    await allowRole(ask, seen.role, 'member:update', deed);
    const { member } = seen;
    if (member === undefined) throw notFound('member');
    mustBeCurrent(member.version, request.ifMatch);
    const isWithinRank = ranksAtLeast(seen.role, request.role) && ranksAtLeast(seen.role, member.role);
    await allow(ask, isWithinRank, deed, 'Nobody grants a role above their own, or changes who stands above them.');
    if (member.role === request.role) return member;
    mustKeepAnOwner(seen);
    const { userId, at } = ask;
    const { communityId, role } = request;
    const write = { communityId, member, userId, role: seen.role, at, event: ask.tell('success', deed) };
    const isStored = await store.changeRole(write, role);
    return isStored ? { ...member, role, version: member.version + 1 } : undefined;
  });

/** Removes a member. Everyone may leave, but not the last owner; removing someone else needs a rank at or above theirs. */
export const removeMember = async (store: MemberStore, ask: Ask, request: MemberRequest): Promise<void> => {
  await untilSettled(async () => {
    const seen = await find(store, ask, request);
    const { member } = seen;
    const isLeaving = request.memberId === ask.userId;
    const deed = deedOn(isLeaving ? 'member.leave' : 'member.remove', request, seen);
    if (!isLeaving) await allowRole(ask, seen.role, 'member:remove', deed);
    if (member === undefined) throw notFound('member');
    await allow(ask, ranksAtLeast(seen.role, member.role), deed, 'Nobody removes who stands above them.');
    mustKeepAnOwner(seen);
    const event = ask.tell('success', deed);
    const write = { communityId: request.communityId, member, userId: ask.userId, role: seen.role, at: ask.at, event };
    return (await store.remove(write)) || undefined;
  });
};
