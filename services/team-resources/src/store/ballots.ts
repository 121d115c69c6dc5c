import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { BallotStore } from '../core/ballots.ts';
import { communityAccess } from './access.ts';
import { recordEvents, timestamp } from './fragments.ts';
import { isOpenAt, voterJoins } from './poll-fragments.ts';
import { Role } from './rows.ts';
import { pollBallots, polls, resourceMemberships } from './tables.ts';

const PaperRow = row(
  [polls, resourceMemberships, leftJoined(pollBallots)],
  {
    role: Role,
    question: Type.String(),
    choice: Type.Enum(['single', 'multiple']),
    optionNumbers: Type.Optional(Type.Array(Type.Integer())),
    createdAt: Type.Optional(Type.String()),
    updatedAt: Type.Optional(Type.String()),
  },
  { isOpen: Type.Boolean(), isElector: Type.Boolean(), optionCount: Type.Integer() },
);
const SavedRow = row([pollBallots], { id: Type.String() });

export const createBallots = (connection: Connection): BallotStore => ({
  async find(userId, communityId, pollId) {
    const found = await connection.maybeOne(sql.type(PaperRow)`
      WITH access AS (${communityAccess(userId, communityId, 'poll:read')})
      SELECT access.role, poll.question, poll.choice, ${isOpenAt(sql.fragment`now()`)} AS is_open,
             (SELECT count(*) FROM team.poll_options AS option WHERE option.poll_id = poll.id) AS option_count,
             elector.id IS NOT NULL AS is_elector, own.option_numbers, own.created_at, own.updated_at
      FROM access
      JOIN team.polls AS poll
        ON poll.community_id = access.community_id AND poll.id = ${pollId}::uuid AND poll.deleted_at IS NULL
      ${voterJoins(userId)}`);
    if (found === null) return undefined;
    const { role, question, choice, isOpen, optionCount, isElector, optionNumbers: options, createdAt, updatedAt } = found;
    const hasVoted = options !== undefined && createdAt !== undefined && updatedAt !== undefined;
    return {
      role,
      poll: { question, choice, status: isOpen ? 'open' : 'closed', optionCount },
      isElector,
      ballot: hasVoted ? { pollId, options, createdAt, updatedAt } : null,
    };
  },
  /**
   * Stores a secret ballot: no other statement answers it. Locks the poll, so that it cannot be closed before the ballot is there, and looks at the clock only then: of a ballot and a
   * close one comes first, and a ballot that comes after is not stored.
   */
  async cast({ communityId, pollId, userId, options, at, event }) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'poll:vote')}),
      poll AS (
        SELECT id, closes_at, closed_at FROM team.polls
        WHERE id = ${pollId}::uuid AND community_id = (SELECT community_id FROM access) AND deleted_at IS NULL
        FOR UPDATE
      ),
      saved AS (
        INSERT INTO team.poll_ballots (poll_id, poll_elector_id, option_numbers, created_by, created_at, updated_at)
        SELECT poll.id, elector.id, ${sql.array([...options], 'int8')}, ${userId}::text, ${timestamp(at)}, ${timestamp(at)}
        FROM poll JOIN team.poll_electors AS elector ON elector.poll_id = poll.id AND elector.user_id = ${userId}
        WHERE ${isOpenAt(sql.fragment`clock_timestamp()`)}
        ON CONFLICT (poll_elector_id) DO UPDATE SET option_numbers = excluded.option_numbers, updated_at = excluded.updated_at
        RETURNING id
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  },
});
