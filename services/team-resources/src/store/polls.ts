import type { PollResult, PollSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type, type Static } from 'typebox';
import type { PollStore } from '../core/polls.ts';
import { communityAccess, membershipIncludes } from './access.ts';
import { toTarget } from './create-target.ts';
import { earlierJoin, visibleRows } from './fragments.ts';
import { afterPoll, isListed, pollOrder, summaryColumns, voterJoins } from './poll-fragments.ts';
import { mayOpenPolls, pollWrites } from './poll-writes.ts';
import { earlierColumns, partial, Role, versionedColumns } from './rows.ts';
import { idempotencyKeys, polls, resourceMemberships } from './tables.ts';

const stored = {
  ...versionedColumns,
  communityId: Type.String(),
  question: Type.String(),
  description: Type.String(),
  choice: Type.Enum(['single', 'multiple']),
  resultsVisible: Type.Enum(['always', 'after_vote', 'after_close']),
  closesAt: Type.Optional(Type.String()),
  electorCount: Type.Integer(),
};
const computed = {
  createdByName: Type.String(),
  status: Type.Enum(['open', 'closed']),
  closedAt: Type.Optional(Type.String()),
  isElector: Type.Boolean(),
  hasVoted: Type.Boolean(),
};
/** Left-joined to the CTE `access`: one row without a poll means that the list is empty. */
const ListedRow = row([leftJoined(polls)], partial(stored), partial(computed));
const Options = Type.Array(Type.Object({ number: Type.Integer(), text: Type.String() }));
const Votes = Type.Array(Type.Object({ number: Type.Integer(), votes: Type.Integer() }));
const FoundRow = row(
  [polls, resourceMemberships],
  { ...stored, role: Role },
  {
    ...computed,
    isDeleted: Type.Boolean(),
    options: Options,
    ballotCount: Type.Optional(Type.Integer()),
    votes: Type.Optional(Votes),
  },
);
const TargetRow = row(
  [resourceMemberships, leftJoined(idempotencyKeys)],
  { role: Role, ...earlierColumns },
  { mayOpenPolls: Type.Boolean(), electorCount: Type.Integer(), isElector: Type.Boolean() },
);

type Listed = Omit<PollSummary, 'closesAt' | 'closedAt'> & { readonly closesAt?: string; readonly closedAt?: string };

const toSummary = ({ closesAt, closedAt, ...rest }: Listed): PollSummary => ({
  ...rest,
  closesAt: closesAt ?? null,
  closedAt: closedAt ?? null,
});

const toResult = (ballotCount: number | undefined, options: Static<typeof Votes> | undefined): PollResult | null =>
  ballotCount === undefined || options === undefined ? null : { ballotCount, options };

const listed = sql.fragment`listed.id, listed.community_id, listed.question, listed.description, listed.choice, listed.results_visible,
  listed.status, listed.closes_at, listed.closed_at, listed.elector_count, listed.is_elector, listed.has_voted, listed.created_by,
  listed.created_by_name, listed.version, listed.created_at, listed.updated_at`;

const list =
  (connection: Connection): PollStore['list'] =>
  async (userId, communityId, filter, { limit, after }) => {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'poll:read')})
      SELECT ${listed}
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${summaryColumns} FROM team.polls AS poll ${voterJoins(userId)}
        WHERE poll.community_id = ${communityId}::uuid AND ${isListed(filter, userId)} AND ${afterPoll(filter.sort, after)}
        ORDER BY ${pollOrder(filter.sort, sql.fragment`poll`)} LIMIT ${limit}
      ) AS listed ON true
      ORDER BY ${pollOrder(filter.sort, sql.fragment`listed`)}`);
    return visibleRows<Listed>(rows)?.map(toSummary);
  };

/** The result leaves the database only where the caller may see it. */
const find =
  (connection: Connection): PollStore['find'] =>
  async (userId, communityId, pollId) => {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${communityAccess(userId, communityId, 'poll:read')}),
      listed AS (
        SELECT ${summaryColumns}, access.role, poll.deleted_at IS NOT NULL AS is_deleted
        FROM access
        JOIN team.polls AS poll ON poll.community_id = access.community_id AND poll.id = ${pollId}::uuid
        ${voterJoins(userId)}
      ),
      shown AS (
        SELECT id FROM listed
        WHERE results_visible = 'always' OR status = 'closed' OR (results_visible = 'after_vote' AND has_voted)
      ),
      tally AS (
        SELECT chosen.number, count(*) AS votes
        FROM shown JOIN team.poll_ballots AS ballot ON ballot.poll_id = shown.id
        CROSS JOIN LATERAL unnest(ballot.option_numbers) AS chosen (number)
        GROUP BY chosen.number
      )
      SELECT ${listed}, listed.role, listed.is_deleted,
             (SELECT jsonb_agg(jsonb_build_object('number', o.number, 'text', o.text) ORDER BY o.number)
              FROM team.poll_options AS o WHERE o.poll_id = listed.id) AS options,
             (SELECT count(ballot.id) FROM shown LEFT JOIN team.poll_ballots AS ballot ON ballot.poll_id = shown.id
              GROUP BY shown.id) AS ballot_count,
             (SELECT jsonb_agg(jsonb_build_object('number', o.number, 'votes', coalesce(tally.votes, 0)) ORDER BY o.number)
              FROM shown JOIN team.poll_options AS o ON o.poll_id = shown.id
              LEFT JOIN tally ON tally.number = o.number) AS votes
      FROM listed`);
    if (found === null) return undefined;
    const { role, isDeleted, options, ballotCount, votes, ...summary } = found;
    return { item: { ...toSummary(summary), options, result: toResult(ballotCount, votes) }, role, isDeleted };
  };

const findCreateTarget =
  (connection: Connection): PollStore['findCreateTarget'] =>
  async (userId, communityId, key) => {
    const found = await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS (${communityAccess(userId, communityId, 'poll:read')}),
      electorate AS (
        SELECT count(*) AS size, coalesce(bool_or(m.user_id = ${userId}), false) AS has_caller
        FROM team.resource_memberships AS m
        WHERE m.resource_id = ${communityId}::uuid AND m.resource_type = 'community' AND m.deleted_at IS NULL
          AND ${membershipIncludes(sql.fragment`m`, 'poll:vote')}
      )
      SELECT access.role, ${mayOpenPolls(userId)} AS may_open_polls, electorate.size AS elector_count,
             electorate.has_caller AS is_elector, earlier.request_hash, earlier.answer
      FROM access
      JOIN team.communities AS community ON community.id = access.community_id
      CROSS JOIN electorate
      ${earlierJoin(userId, key)}`);
    return toTarget(found);
  };

export const createPolls = (connection: Connection): PollStore => ({
  list: list(connection),
  find: find(connection),
  findCreateTarget: findCreateTarget(connection),
  ...pollWrites(connection),
});
