import type { AuditEventMessage, CouncilMember } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  notFound,
  omitUndefined,
  requireFound,
  requireRole,
  retryCompareAndSwap,
  type AuditDraft,
  type PageRequest,
  type RequestContext,
} from '@guildhall/resources';
import { findCouncil, type CouncilPath, type CouncilStore } from './councils.ts';
import type { MemberPosition } from './members.ts';

export interface CouncilMemberPath extends CouncilPath {
  readonly memberId: string;
}

export interface CouncilMemberWrite extends CouncilMemberPath {
  readonly userId: string;
  readonly at: string;
  readonly event: AuditEventMessage;
}

/** A user as a candidate for a council. */
export interface Candidate {
  /** Undefined when the user is not in the council. */
  readonly member: CouncilMember | undefined;
  /** The user's name as a member of the community; undefined when they do not belong to it. */
  readonly displayName: string | undefined;
}

/**
 * The members of councils: active members of the community. Writes return false, having changed nothing, when the caller, the
 * council or the member are not (any more) as the change needs them.
 */
export interface CouncilMemberStore {
  /** In the order of joining. Undefined when the user may not see the council. */
  list(userId: string, path: CouncilPath, page: PageRequest<MemberPosition>): Promise<readonly CouncilMember[] | undefined>;
  findCandidate(path: CouncilMemberPath): Promise<Candidate>;
  /** Checks again that the caller may add members and that the user is an active member of the community. */
  add(write: CouncilMemberWrite): Promise<boolean>;
  /** Checks again that the caller may remove members, or leaves. */
  remove(write: CouncilMemberWrite): Promise<boolean>;
}

interface Stores {
  readonly councils: CouncilStore;
  readonly councilMembers: CouncilMemberStore;
}

const draftOf = (
  action: string,
  { communityId, councilId, memberId }: CouncilMemberPath,
  name: string | undefined,
  isMember: boolean,
): AuditDraft => ({
  action,
  resource: { type: 'council-member', id: memberId, ...omitUndefined({ name }) },
  communityId,
  changes: [{ path: '/councilId', ...(isMember ? { after: councilId } : { before: councilId }) }],
});

const writeOf = ({ caller, at, audit }: RequestContext, path: CouncilMemberPath, draft: AuditDraft): CouncilMemberWrite => ({
  ...path,
  userId: caller.userId,
  at,
  event: audit('success', draft),
});

/** Throws NOT_FOUND, also for a council that is soft-deleted. */
export const listCouncilMembers = async (
  { councilMembers }: Pick<Stores, 'councilMembers'>,
  userId: string,
  path: CouncilPath,
  page: PageRequest<MemberPosition>,
): Promise<readonly CouncilMember[]> => {
  return await requireFound('council', councilMembers.list(userId, path, page));
};

/**
 * Adds an active member of the community to a council. Idempotent: a member of the council stays one. Throws NOT_FOUND,
 * FORBIDDEN; UNPROCESSABLE for a user who does not belong to the community.
 */
export const addCouncilMember = (stores: Stores, context: RequestContext, path: CouncilMemberPath): Promise<CouncilMember> =>
  retryCompareAndSwap(async () => {
    const { role } = await findCouncil(stores.councils, context, path);
    const { member, displayName } = await stores.councilMembers.findCandidate(path);
    const draft = draftOf('council-member.add', path, displayName, true);
    await requireRole(context, role, 'council-member:add', draft);
    if (displayName === undefined) throw new AppError('UNPROCESSABLE', 'Only members of the community belong to its councils.');
    if (member !== undefined) return member;
    const added = { userId: path.memberId, displayName, joinedAt: context.at };
    return (await stores.councilMembers.add(writeOf(context, path, draft))) ? added : undefined;
  });

/** Removes a member from a council. Members may leave by themselves. Throws NOT_FOUND, FORBIDDEN. */
export const removeCouncilMember = async (stores: Stores, context: RequestContext, path: CouncilMemberPath): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const { role } = await findCouncil(stores.councils, context, path);
    const { member, displayName } = await stores.councilMembers.findCandidate(path);
    const isLeaving = path.memberId === context.caller.userId;
    const draft = draftOf(isLeaving ? 'council-member.leave' : 'council-member.remove', path, displayName, false);
    if (!isLeaving) await requireRole(context, role, 'council-member:remove', draft);
    if (member === undefined) throw notFound('council member');
    return (await stores.councilMembers.remove(writeOf(context, path, draft))) || undefined;
  });
};
