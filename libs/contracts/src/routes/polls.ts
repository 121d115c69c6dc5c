import { Type } from 'typebox';
import { atLeastOne, choiceField, CommunityId, field, nullable, pageFields, pageOf, SoughtText } from '../fields.ts';
import { ofCommunity, operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import {
  Ballot,
  Choice,
  ClosesAt,
  OptionNumbers,
  OptionText,
  Poll,
  PollDescription,
  PollId,
  pollOptionsMax,
  PollSummary,
  Question,
  ResultsVisible,
} from './poll-shapes.ts';

const tag = { name: 'polls', description: 'The polls of a community: options, electors, ballots, results.' };

const poll = operationsOf({
  type: 'poll',
  path: '/v1/communities/:communityId/polls',
  parent: ofCommunity,
  id: { pollId: PollId },
  schema: Poll,
});
const { path, pathOfOne, params, subject } = poll;

export const pollRoutes = group(tag, {
  listPolls: {
    ...poll.list,
    summary: 'The polls of a community.',
    permission: 'poll:read',
    query: {
      ...pageFields,
      state: Type.Optional(
        Type.Enum(['open', 'closed', 'deleted'], {
          description:
            'Only the polls in this state; without it all but the deleted ones. Members see those that they deleted of their own, moderators all.',
          examples: ['open'],
        }),
      ),
      q: Type.Optional(field(SoughtText, 'Only the polls whose question contains this text, in any case.', 'batch')),
      sort: choiceField(
        ['newest', 'oldest', 'closing'],
        'The order: by creation, or by closing time with the next one first and those without one last.',
      ),
    },
    responses: { 200: pageOf('PollSummary', PollSummary) },
  },
  createPoll: {
    method: 'POST',
    path,
    summary: 'Open a poll. Who holds poll:vote now may vote in it; the community’s settings may name who opens polls.',
    permission: 'poll:create',
    action: 'poll.create',
    subject: { type: 'poll', id: 'new' },
    params: { communityId: CommunityId },
    body: {
      question: Question,
      description: Type.Optional(PollDescription),
      options: Type.Array(OptionText, {
        minItems: 2,
        maxItems: pollOptionsMax,
        uniqueItems: true,
        description: 'What can be chosen, in order.',
        examples: [['At 23:00', 'At midnight']],
      }),
      choice: Type.Optional(Type.With(Choice, { default: 'single' })),
      resultsVisible: Type.Optional(Type.With(ResultsVisible, { default: 'always' })),
      closesAt: Type.Optional(ClosesAt),
    },
    example: {
      body: {
        question: 'When shall the night batch begin?',
        options: ['At 23:00', 'At midnight'],
        choice: 'single',
        resultsVisible: 'after_vote',
      },
    },
    responses: { 201: Poll },
    answersVersion: true,
    location: `${path}/:id` as const,
    isIdempotentCreate: true,
  },
  getPoll: {
    method: 'GET',
    path: pathOfOne,
    summary: 'One poll, with its result where the caller may see it.',
    permission: 'poll:read',
    action: 'poll.read',
    subject,
    params,
    responses: { 200: Poll },
    answersVersion: true,
    changesBetweenVersions: true,
  },
  updatePoll: {
    method: 'PATCH',
    path: pathOfOne,
    summary: 'Change the description or the closing time of an open poll: one’s own, or any with poll:moderate.',
    permission: 'poll:create',
    action: 'poll.update',
    subject,
    params,
    body: atLeastOne({
      description: Type.Optional(PollDescription),
      closesAt: Type.Optional(nullable(ClosesAt, 'When the poll closes by itself; null: by hand alone.')),
    }),
    example: { body: { description: 'The mainframe is busy until eleven.' } },
    responses: { 200: Poll },
    answersVersion: true,
    errors: ['CONFLICT'],
    isVersioned: true,
  },
  closePoll: {
    method: 'POST',
    path: `${pathOfOne}/close` as const,
    summary: 'Close a poll now: one’s own, or any with poll:moderate. A closed one stays as it is.',
    permission: 'poll:create',
    action: 'poll.close',
    subject,
    params,
    responses: { 200: Poll },
    answersVersion: true,
  },
  deletePoll: {
    ...poll.delete,
    summary: 'Delete a poll: one’s own, or any with poll:moderate. It can be restored with its ballots.',
    permission: 'poll:create',
  },
  restorePoll: {
    method: 'POST',
    path: `${pathOfOne}/restore` as const,
    summary: 'Bring a deleted poll back: one’s own, or any with poll:moderate.',
    permission: 'poll:create',
    action: 'poll.restore',
    subject,
    params,
    responses: { 200: Poll },
    answersVersion: true,
  },
  getBallot: {
    method: 'GET',
    path: `${pathOfOne}/ballot` as const,
    summary: 'The caller’s own ballot.',
    permission: 'poll:read',
    action: 'ballot.read',
    subject,
    params,
    responses: { 200: Ballot },
  },
  castBallot: {
    method: 'PUT',
    path: `${pathOfOne}/ballot` as const,
    summary: 'Vote, or vote anew: one ballot a member, which can be changed until the poll closes.',
    permission: 'poll:vote',
    action: 'ballot.cast',
    subject,
    params,
    body: { options: OptionNumbers },
    responses: { 200: Ballot },
    errors: ['CONFLICT'],
  },
});
