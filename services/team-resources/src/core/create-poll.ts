import type { Poll } from '@guildhall/contracts';
import {
  changesOf,
  createOnce,
  firstVersion,
  requireAllowed,
  requireFound,
  requireRole,
  type RequestContext,
} from '@guildhall/resources';
import { writeOf } from './community-write.ts';
import { closingTime } from './closing-time.ts';
import { pollDraft, type PollStore, type PollTarget } from './polls.ts';

export interface PollRequest extends Pick<Poll, 'question'> {
  readonly options: readonly string[];
  readonly description?: string;
  readonly choice?: Poll['choice'];
  readonly resultsVisible?: Poll['resultsVisible'];
  readonly closesAt?: string;
}

const newPoll = (
  context: RequestContext,
  communityId: string,
  request: PollRequest,
): Omit<Poll, 'electorCount' | 'isElector'> => {
  const { at, caller } = context;
  const { question, description = '', choice = 'single', resultsVisible = 'always', closesAt } = request;
  const options = request.options.map((text, index) => ({ number: index + 1, text }));
  const none = { ballotCount: 0, options: options.map(({ number }) => ({ number, votes: 0 })) };
  return {
    id: context.newId(),
    communityId,
    question,
    description,
    choice,
    options,
    resultsVisible,
    status: 'open',
    closesAt: closesAt === undefined ? null : closingTime(closesAt, at),
    closedAt: null,
    hasVoted: false,
    result: resultsVisible === 'always' ? none : null,
    createdByName: caller.displayName,
    ...firstVersion(context),
  };
};

/** Opens a poll, once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, INVALID, IDEMPOTENCY_KEY_REUSED. */
export const createPoll = (
  store: PollStore,
  context: RequestContext,
  { communityId, request }: { readonly communityId: string; readonly request: PollRequest },
): Promise<Poll> => {
  const made = newPoll(context, communityId, request);
  const { question, description, choice, resultsVisible, closesAt } = made;
  const fields = { question, description, options: request.options, choice, resultsVisible, closesAt };
  const draft = pollDraft('create', made, changesOf(null, fields, context.sha256));
  return createOnce<Poll, PollTarget>(context, {
    fingerprint: ['poll.create', communityId, request],
    findTarget: () =>
      requireFound('community', store.findCreateTarget(context.caller.userId, communityId, context.idempotencyKey)),
    allow: async ({ role, mayOpenPolls }) => {
      await requireRole(context, role, 'poll:create', draft);
      await requireAllowed(context, mayOpenPolls, draft, 'The settings of this community name who opens polls: others, here.');
    },
    make: ({ electorCount, isElector }) => ({ ...made, electorCount, isElector }),
    insert: (poll, remembered) => store.insert(poll, writeOf(context, draft), remembered),
  });
};
