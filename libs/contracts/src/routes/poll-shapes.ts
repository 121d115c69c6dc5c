import { Type, type Static } from 'typebox';
import {
  createdFields,
  closed,
  CommunityId,
  CreatedAt,
  Description,
  field,
  Name,
  named,
  nullable,
  Timestamp,
  UpdatedAt,
  Uuid,
} from '../fields.ts';

export const pollOptionsMax = 20;

export const PollId = field(Uuid, 'The poll.', 'b7e1d2c3-4f5a-4b6c-8d7e-9f0a1b2c3d4e');
export const Question = field(Name, 'What is asked.', 'When shall the night batch begin?');
export const PollDescription = field(Description, 'What voters should know.', 'The mainframe is busy until eleven.');
export const OptionText = field(Name, 'What can be chosen.', 'At 23:00');
const OptionNumber = Type.Integer({
  minimum: 1,
  maximum: pollOptionsMax,
  description: 'The number of an option within its poll, from 1 on.',
  examples: [1],
});
export const OptionNumbers = Type.Array(OptionNumber, {
  minItems: 1,
  maxItems: pollOptionsMax,
  uniqueItems: true,
  description: 'The options that are chosen, by number: one of them in a poll of single choice.',
  examples: [[1]],
});
export const Choice = Type.Enum(['single', 'multiple'], {
  description: 'Whether a ballot chooses one option, or one or more.',
  examples: ['single'],
});
export const ResultsVisible = Type.Enum(['always', 'after_vote', 'after_close'], {
  description: 'When members see the result: always, after they have voted, or once the poll is closed.',
  examples: ['after_vote'],
});
export const ClosesAt = field(
  Timestamp,
  'When the poll closes by itself, by the clock of the database.',
  '2026-02-07T08:30:00.000Z',
);
const Status = Type.Enum(['open', 'closed'], { description: 'Whether ballots are taken.', examples: ['open'] });

const summary = {
  id: PollId,
  communityId: CommunityId,
  question: Question,
  description: PollDescription,
  choice: Choice,
  resultsVisible: ResultsVisible,
  status: Status,
  closesAt: nullable(ClosesAt, 'When the poll closes by itself; null if it is closed by hand alone.'),
  closedAt: nullable(
    field(Timestamp, 'When it was closed.', '2026-02-07T08:30:00.000Z'),
    'When it was closed, by hand or by time; null while it is open.',
  ),
  electorCount: Type.Integer({
    minimum: 0,
    description: 'How many members may vote: those who could when the poll opened.',
    examples: [12],
  }),
  isElector: Type.Boolean({ description: 'Whether the caller may vote in it.', examples: [true] }),
  hasVoted: Type.Boolean({ description: 'Whether the caller has voted.', examples: [false] }),
  ...createdFields,
};
export const PollSummary = named('PollSummary', 'A poll as lists show it.', summary);
/** A poll as lists show it, as one member sees it. */
export type PollSummary = Static<typeof PollSummary>;

const PollOption = closed({ number: OptionNumber, text: OptionText });
const OptionVotes = closed({
  number: OptionNumber,
  votes: Type.Integer({ minimum: 0, description: 'How many ballots choose it.', examples: [7] }),
});
const PollResult = closed({
  ballotCount: Type.Integer({ minimum: 0, description: 'How many members have voted.', examples: [9] }),
  options: Type.Array(OptionVotes, { description: 'The votes of each option, by number.' }),
});
/** The result of a poll: how many ballots, and how many of them choose each option. */
export type PollResult = Static<typeof PollResult>;

export const Poll = named('Poll', 'A poll of a community, as the caller sees it.', {
  ...summary,
  options: Type.Array(PollOption, { description: 'What can be chosen, in order.' }),
  result: nullable(PollResult, 'The result; null while `resultsVisible` hides it from the caller.'),
});
/** A poll as one member sees it. `result` is null while it is hidden from them. */
export type Poll = Static<typeof Poll>;

export const Ballot = named('Ballot', "The caller's ballot in a poll.", {
  pollId: PollId,
  options: OptionNumbers,
  createdAt: field(CreatedAt, 'When the caller voted first.'),
  updatedAt: field(UpdatedAt, 'When the caller voted last.'),
});
/** A member's ballot in a poll. Nobody else is shown it. */
export type Ballot = Static<typeof Ballot>;
