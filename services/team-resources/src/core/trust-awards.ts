import type { AuditEventMessage, HeldRole, TrustAward } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  cursorOf,
  notFound,
  omitUndefined,
  pageRequest,
  readPosition,
  requireAllowed,
  requireFound,
  requireRole,
  retryCompareAndSwap,
  toPage,
  type AuditDraft,
  type Page,
  type PageQuery,
  type PageRequest,
  type RequestContext,
} from '@guildhall/resources';
import type { MemberPath } from './members.ts';

/** The facts that decide whether the caller may vouch for a member. */
export interface TrustAwardDecision {
  /** The caller's role in the community. */
  readonly role: HeldRole;
  /** The caller's own score, and the least that awarding needs; admins and owners need none. */
  readonly score: number;
  readonly neededScore: number;
  /** The name of the member who is to be vouched for; undefined when there is no such member. */
  readonly memberName: string | undefined;
  /** The caller's award to the member that is in force. */
  readonly award: TrustAward | undefined;
}

export interface TrustAwardWrite {
  readonly communityId: string;
  /** The caller, who vouches. */
  readonly userId: string;
  readonly memberId: string;
  readonly at: string;
  readonly event: AuditEventMessage;
}

export interface TrustAwardFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * Trust awards. Reads are one statement; they return undefined when the user does not belong to the community. Writes are one
 * statement: the award and its event, or neither. However many award one pair at once, one award is in force.
 */
export interface TrustAwardStore {
  /** The awards in force between members, newest first. */
  list(
    userId: string,
    communityId: string,
    filter: TrustAwardFilter,
    page: PageRequest,
  ): Promise<readonly TrustAward[] | undefined>;
  find(userId: string, communityId: string, memberId: string): Promise<TrustAwardDecision | undefined>;
  /**
   * Puts the award into force. False, having changed nothing, when it is in force already, the member left, or the caller's
   * role and score do not suffice (any more).
   */
  award(write: TrustAwardWrite & { readonly id: string }): Promise<boolean>;
  /** Soft delete. False, having changed nothing, when no award is in force or the caller may not award (any more). */
  withdraw(write: TrustAwardWrite): Promise<boolean>;
}

/** Throws NOT_FOUND. */
export const listTrustAwards = async (
  store: TrustAwardStore,
  { caller }: RequestContext,
  { communityId, filter, query }: { readonly communityId: string; readonly filter: TrustAwardFilter; readonly query: PageQuery },
): Promise<Page<TrustAward>> => {
  const rows = await requireFound('community', store.list(caller.userId, communityId, filter, pageRequest(query, readPosition)));
  return toPage(rows, query, ({ id, awardedAt }) => cursorOf({ id, createdAt: awardedAt }));
};

const draftOf = (
  verb: 'create' | 'withdraw',
  { communityId, memberId }: MemberPath,
  { memberName }: TrustAwardDecision,
): AuditDraft => ({
  action: `trust-award.${verb}`,
  resource: { type: 'member', id: memberId, ...omitUndefined({ name: memberName }) },
  communityId,
});

const findDecision = async (
  store: TrustAwardStore,
  { caller }: RequestContext,
  { communityId, memberId }: MemberPath,
): Promise<TrustAwardDecision> => {
  return await requireFound('community', store.find(caller.userId, communityId, memberId));
};

const writeOf = (
  { at, audit, caller }: RequestContext,
  { communityId, memberId }: MemberPath,
  draft: AuditDraft,
): TrustAwardWrite => ({ communityId, userId: caller.userId, memberId, at, event: audit('success', draft) });

/**
 * Vouches for a member; an award in force stays as it is. Throws NOT_FOUND, FORBIDDEN for a score below the threshold of the
 * community, UNPROCESSABLE for oneself.
 */
export const awardTrust = (store: TrustAwardStore, context: RequestContext, path: MemberPath): Promise<TrustAward> =>
  retryCompareAndSwap(async () => {
    const found = await findDecision(store, context, path);
    const { award, memberName, neededScore, role, score } = found;
    const draft = draftOf('create', path, found);
    await requireRole(context, role, 'trust:award', draft);
    if (memberName === undefined) throw notFound('member');
    if (path.memberId === context.caller.userId) throw new AppError('UNPROCESSABLE', 'Nobody vouches for themselves.');
    if (award !== undefined) return award;
    const reason = `Vouching for others needs a trust score of ${neededScore} here; yours is ${score}.`;
    await requireAllowed(context, score >= neededScore, draft, reason);
    const id = context.newId();
    if (!(await store.award({ ...writeOf(context, path, draft), id }))) return undefined;
    return (await findDecision(store, context, path)).award;
  });

/** Throws NOT_FOUND when the caller has no award to the member in force, FORBIDDEN. */
export const withdrawTrustAward = async (store: TrustAwardStore, context: RequestContext, path: MemberPath): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const found = await findDecision(store, context, path);
    const draft = draftOf('withdraw', path, found);
    await requireRole(context, found.role, 'trust:award', draft);
    if (found.award === undefined) throw notFound('trust award');
    return (await store.withdraw(writeOf(context, path, draft))) || undefined;
  });
};
