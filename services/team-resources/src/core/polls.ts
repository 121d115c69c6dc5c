import { communityRoleMay, type Poll, type PollSummary } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  deleteResource,
  findResource,
  instantOf,
  nextVersion,
  omitUndefined,
  requireAllowed,
  requireRole,
  requireVersion,
  restoreResource,
  retryCompareAndSwap,
  type AuditDraft,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
  type ResourceRules,
  type VersionCondition,
} from '@guildhall/resources';
import type { CreateTarget, WithAccess } from './community-resource.ts';
import { writeOf, type AuditedWrite } from './community-write.ts';
import { closingTime } from './closing-time.ts';
import type { TimePosition } from './sorted-cursor.ts';

export type PollSort = 'newest' | 'oldest' | 'closing';

export interface PollFilter {
  /** Null: open and closed ones. Deleted ones: the caller's own, for moderators all. */
  readonly state: 'open' | 'closed' | 'deleted' | null;
  /** A part of the question, in any case. Undefined: any question. */
  readonly text: string | undefined;
  readonly sort: PollSort;
}

export type PollWithAccess = WithAccess<Poll>;

/** The community in which a poll is to be opened. */
export interface PollTarget extends CreateTarget {
  /** The settings of the community let the caller open polls. */
  readonly mayOpenPolls: boolean;
  /** The number of members who hold `poll:vote`. */
  readonly electorCount: number;
  /** The caller is one of them. */
  readonly isElector: boolean;
}

/**
 * The polls of communities. Reads are one statement with the caller's membership in it; they return undefined for what the caller
 * may not see, and no part of a result that is hidden from them. Writes are one statement: row, event and key, or nothing. They
 * return false, having changed nothing, when the user may not do it (any more), the key was used or a concurrent change won.
 * Whether a poll is open is decided by the clock of the database in the statement itself.
 */
export interface PollStore {
  /** Ordered by closing time, those without one come last. */
  list(
    userId: string,
    communityId: string,
    filter: PollFilter,
    page: PageRequest<TimePosition>,
  ): Promise<readonly PollSummary[] | undefined>;
  /** Finds a deleted poll, too. */
  find(userId: string, communityId: string, pollId: string): Promise<PollWithAccess | undefined>;
  findCreateTarget(userId: string, communityId: string, key: string | undefined): Promise<PollTarget | undefined>;
  /** Stores the poll with its options and, as its electors, the members who may vote. False if they are not `electorCount`. */
  insert(poll: Poll, write: AuditedWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores description and closing time of `next` over the version before it, if the poll is open. */
  save(next: Poll, write: AuditedWrite): Promise<boolean>;
  /** Deletes or restores: stores `next` over the version before it. */
  setDeleted(next: Poll, isDeleted: boolean, write: AuditedWrite): Promise<boolean>;
  /** Closes an open poll: stores `next` over the version before it. Waits for the ballots that are being cast. */
  close(next: Poll, write: AuditedWrite): Promise<boolean>;
}

export interface PollPath {
  readonly communityId: string;
  readonly pollId: string;
}

/** The audit event of a poll. */
export const pollDraft = auditDraftsOf('poll', ({ question }: Pick<Poll, 'id' | 'communityId' | 'question'>) => question);

/** Throws FORBIDDEN unless the caller opened the poll, or moderates polls. */
const requireOwnOrModerator = async (
  context: RequestContext,
  { item, role }: PollWithAccess,
  draft: AuditDraft,
): Promise<void> => {
  await requireRole(context, role, 'poll:create', draft);
  const isAllowed = item.createdBy === context.caller.userId || communityRoleMay(role, 'poll:moderate');
  await requireAllowed(
    context,
    isAllowed,
    draft,
    `Your role here, ${role}, does not include poll:moderate: the poll is another’s.`,
  );
};

/** A poll is changed, closed, deleted and restored by who opened it and by moderators. */
const rulesOf = (store: PollStore, context: RequestContext): ResourceRules<Poll, PollWithAccess, PollPath> => ({
  context,
  noun: 'poll',
  find: ({ communityId, pollId }) => store.find(context.caller.userId, communityId, pollId),
  draftOf: pollDraft,
  allow: (_verb, found, draft) => requireOwnOrModerator(context, found, draft),
  save: async ({ verb, next, draft }) => {
    const write = writeOf(context, draft);
    const isStored = await (verb === 'update' ? store.save(next, write) : store.setDeleted(next, verb === 'delete', write));
    return isStored ? next : undefined;
  },
});

/** Throws NOT_FOUND, also for a soft-deleted poll. */
export const findPoll = (store: PollStore, context: RequestContext, path: PollPath): Promise<PollWithAccess> =>
  findResource(rulesOf(store, context), path);

export interface PollChange extends PollPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Partial<Pick<Poll, 'description' | 'closesAt'>>;
}

/**
 * Changes an open poll: question, options and rules stay as voters know them. An edit that changes nothing keeps the version.
 * Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, INVALID, CONFLICT for a closed poll.
 */
export const updatePoll = (store: PollStore, context: RequestContext, change: PollChange): Promise<Poll> =>
  retryCompareAndSwap(async () => {
    const found = await findPoll(store, context, change);
    const { item } = found;
    const { description, closesAt } = change.edit;
    const edit = {
      ...omitUndefined({ description }),
      ...(closesAt === undefined ? {} : { closesAt: closesAt === null ? null : instantOf(closesAt, '/closesAt') }),
    };
    const changes = changesOf(item, edit, context.sha256);
    const draft = pollDraft('update', item, changes);
    await requireOwnOrModerator(context, found, draft);
    requireVersion(item.version, change.ifMatch);
    if (item.status === 'closed') throw pollClosed();
    if (changes.length === 0) return item;
    if (typeof edit.closesAt === 'string') closingTime(edit.closesAt, context.at);
    const next = nextVersion(item, edit, context.at);
    return (await store.save(next, writeOf(context, draft))) ? next : undefined;
  });

/** CONFLICT: the poll is closed. */
export const pollClosed = (): AppError => new AppError('CONFLICT', 'This poll is closed.');

/** Closes a poll. Idempotent: a closed one is returned as it is. Throws NOT_FOUND, FORBIDDEN. */
export const closePoll = async (store: PollStore, context: RequestContext, path: PollPath): Promise<Poll> => {
  await retryCompareAndSwap(async () => {
    const found = await findPoll(store, context, path);
    const { item } = found;
    const draft = pollDraft('close', item);
    await requireOwnOrModerator(context, found, draft);
    if (item.status === 'closed') return true;
    return (await store.close(nextVersion(item, {}, context.at), writeOf(context, draft))) || undefined;
  });
  return (await findPoll(store, context, path)).item;
};

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deletePoll = (store: PollStore, context: RequestContext, path: Omit<PollChange, 'edit'>): Promise<void> =>
  deleteResource(rulesOf(store, context), path);

/** Undoes a soft delete. Idempotent. Throws NOT_FOUND, FORBIDDEN. */
export const restorePoll = (store: PollStore, context: RequestContext, path: PollPath): Promise<Poll> =>
  restoreResource(rulesOf(store, context), path);
