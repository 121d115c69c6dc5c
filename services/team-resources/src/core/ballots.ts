import type { AuditEventMessage, Ballot, HeldRole, Poll } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  notFound,
  requireAllowed,
  requireFound,
  requireRole,
  retryCompareAndSwap,
  type RequestContext,
} from '@guildhall/resources';
import { pollClosed, type PollPath } from './polls.ts';

/** A poll as one who votes in it sees it. */
export interface BallotPaper {
  /** The caller's role in the community. */
  readonly role: HeldRole;
  readonly poll: Pick<Poll, 'question' | 'choice' | 'status'> & { readonly optionCount: number };
  readonly isElector: boolean;
  /** The caller's own ballot; null before they have voted. */
  readonly ballot: Ballot | null;
}

export interface BallotWrite extends PollPath {
  readonly userId: string;
  /** The options that are chosen, by number. */
  readonly options: readonly number[];
  readonly at: string;
  readonly event: AuditEventMessage;
}

/**
 * The ballots of polls. Nothing returns one but to its owner, and no audit event holds one. `cast` is one statement that locks the
 * poll: it returns false, having changed nothing, when the poll is closed by then, by the clock of the database too, when the user
 * is not an elector or does not hold `poll:vote` any more. However many ballots of one member are cast at once, one is there.
 */
export interface BallotStore {
  /** Undefined for a poll that the user may not see. */
  find(userId: string, communityId: string, pollId: string): Promise<BallotPaper | undefined>;
  cast(write: BallotWrite): Promise<boolean>;
}

const findPaper = async (
  store: BallotStore,
  { caller }: RequestContext,
  { communityId, pollId }: PollPath,
): Promise<BallotPaper> => {
  return await requireFound('poll', store.find(caller.userId, communityId, pollId));
};

/** The caller's own ballot. Throws NOT_FOUND, also before they have voted. */
export const findBallot = async (store: BallotStore, context: RequestContext, path: PollPath): Promise<Ballot> => {
  const { ballot } = await findPaper(store, context, path);
  if (ballot === null) throw notFound('ballot');
  return ballot;
};

/** Throws INVALID unless the poll has these options, and takes as many. */
const requireOptions = ({ choice, optionCount }: BallotPaper['poll'], options: readonly number[]): void => {
  const unknown = options.flatMap((number, index) =>
    number > optionCount ? [{ path: `/options/${index}`, message: `must be an option: 1 to ${optionCount}` }] : [],
  );
  const tooMany = choice === 'single' && options.length > 1 ? [{ path: '/options', message: 'must be one option' }] : [];
  const errors = [...tooMany, ...unknown];
  if (errors.length > 0) throw new AppError('INVALID', 'The ballot does not fit this poll.', { errors });
};

const isSame = (one: readonly number[], other: readonly number[]): boolean => one.join() === other.join();

/**
 * Votes, or votes anew. The same ballot again changes nothing. Throws NOT_FOUND, FORBIDDEN, INVALID, CONFLICT for a closed poll.
 */
export const castBallot = (
  store: BallotStore,
  context: RequestContext,
  { communityId, pollId, options: chosen }: PollPath & { readonly options: readonly number[] },
): Promise<Ballot> =>
  retryCompareAndSwap(async () => {
    const { role, poll, isElector, ballot } = await findPaper(store, context, { communityId, pollId });
    // A ballot is secret: the event says that the caller voted, not what.
    const draft = { action: 'ballot.cast', resource: { type: 'poll', id: pollId, name: poll.question }, communityId };
    await requireRole(context, role, 'poll:vote', draft);
    await requireAllowed(context, isElector, draft, 'Only who could vote when this poll opened votes in it.');
    if (poll.status === 'closed') throw pollClosed();
    requireOptions(poll, chosen);
    const options = chosen.toSorted((one, other) => one - other);
    if (ballot !== null && isSame(ballot.options, options)) return ballot;
    const { at, caller } = context;
    const write = { communityId, pollId, userId: caller.userId, options, at, event: context.audit('success', draft) };
    return (await store.cast(write)) ? { pollId, options, createdAt: ballot?.createdAt ?? at, updatedAt: at } : undefined;
  });
