import { randomUUID } from 'node:crypto';
import type { AuditEventMessage, Poll } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBallots } from '../../src/store/ballots.ts';
import { createPolls } from '../../src/store/polls.ts';
import { seedCommunity } from '../support/team-database.ts';
import { useTeamDatabase } from '../support/use-team-database.ts';

/** A ballot that waits for whoever holds the poll's row, and what it finds when its turn comes. */

const team = useTeamDatabase();
let other: Client;

beforeAll(async () => {
  other = new Client({ connectionString: team.url });
  await other.connect();
});
afterAll(async () => {
  await other.end();
});

const at = '2026-01-31T08:30:00.000Z';
const event = (): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'user', id: 'x' },
    action: 'ballot.cast',
    resource: { type: 'poll', id: 'x' },
    result: 'success',
    requestId: 'x',
    service: 'test',
  },
});
const CountRow = uncheckedRow({ count: Type.Integer() });

const openPoll = async () => {
  const { communityId, owner } = await seedCommunity(team.database);
  const poll: Poll = {
    id: randomUUID(),
    communityId,
    question: 'Tea?',
    description: '',
    choice: 'single',
    options: [
      { number: 1, text: 'Yes' },
      { number: 2, text: 'No' },
    ],
    resultsVisible: 'always',
    status: 'open',
    closesAt: null,
    closedAt: null,
    electorCount: 1,
    isElector: true,
    hasVoted: false,
    result: null,
    createdBy: owner,
    createdByName: '',
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const polls = createPolls(team.database.connection);
  expect(await polls.insert(poll, { userId: owner, event: event() }, null)).toBe(true);
  return { poll, owner, polls };
};

const isWaiting = async () => {
  const { count } = await team.database.connection.one(sql.type(CountRow)`
    SELECT count(*)::int8 AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`);
  return count === 1;
};
const ballotsOf = async (pollId: string) =>
  (
    await team.database.connection.one(sql.type(CountRow)`
      SELECT count(*)::int8 AS count FROM team.poll_ballots WHERE poll_id = ${pollId}::uuid`)
  ).count;

/** Casts a ballot while another session holds the poll's row, and lets it go on once `until` has happened. */
const castWhileHeld = async ({ poll, owner }: Awaited<ReturnType<typeof openPoll>>, until: () => Promise<unknown>) => {
  const ballots = createBallots(team.database.connection);
  await other.query('BEGIN');
  await other.query('SELECT id FROM team.polls WHERE id = $1 FOR UPDATE', [poll.id]);
  const { communityId, id: pollId } = poll;
  const cast = ballots.cast({ communityId, pollId, userId: owner, options: [1], at, event: event() });
  await waitFor(isWaiting, { what: 'the ballot to wait' });
  await until();
  await other.query('COMMIT');
  return await cast;
};

test('is stored if the poll is still open', async () => {
  const opened = await openPoll();
  expect(await castWhileHeld(opened, async () => undefined)).toBe(true);
  expect(await ballotsOf(opened.poll.id)).toBe(1);
});

test('is refused if the poll was closed meanwhile', async () => {
  const opened = await openPoll();
  const close = () => other.query('UPDATE team.polls SET closed_at = now() WHERE id = $1', [opened.poll.id]);
  expect(await castWhileHeld(opened, close)).toBe(false);
  expect(await ballotsOf(opened.poll.id)).toBe(0);
});

test('is refused if the closing time came meanwhile, by the clock of the database', async () => {
  const opened = await openPoll();
  await other.query(`UPDATE team.polls SET closes_at = clock_timestamp() + interval '500 ms' WHERE id = $1`, [opened.poll.id]);
  const isOver = async () => {
    const { rows } = await other.query('SELECT closes_at < clock_timestamp() AS is_over FROM team.polls WHERE id = $1', [
      opened.poll.id,
    ]);
    return (rows[0] as { is_over: boolean }).is_over;
  };
  expect(await castWhileHeld(opened, () => waitFor(isOver, { what: 'the closing time' }))).toBe(false);
  expect(await ballotsOf(opened.poll.id)).toBe(0);
});

test('is counted by a close that waited for it', async () => {
  const { poll, owner, polls } = await openPoll();
  await other.query('BEGIN');
  await other.query('SELECT id FROM team.polls WHERE id = $1 FOR UPDATE', [poll.id]);
  await other.query(
    `INSERT INTO team.poll_ballots (poll_id, poll_elector_id, option_numbers, created_by)
     SELECT poll_id, id, '{2}', user_id FROM team.poll_electors WHERE poll_id = $1`,
    [poll.id],
  );
  const closing = polls.close({ ...poll, version: 2 }, { userId: owner, event: event() });
  await waitFor(isWaiting, { what: 'the close to wait' });
  await other.query('COMMIT');
  expect(await closing).toBe(true);
  const found = await polls.find(owner, poll.communityId, poll.id);
  expect(found?.item).toMatchObject({ status: 'closed', result: { ballotCount: 1, options: [{ votes: 0 }, { votes: 1 }] } });
});

test('is stored for electors who may vote still, in a poll and a community that are there', async () => {
  const { poll, owner } = await openPoll();
  const ballots = createBallots(team.database.connection);
  const { communityId, id: pollId } = poll;
  const cast = (userId: string, inCommunity = communityId) =>
    ballots.cast({ communityId: inCommunity, pollId, userId, options: [1], at, event: event() });
  const { communityId: elsewhere, owner: stranger } = await seedCommunity(team.database);
  expect([await cast(stranger), await cast(stranger, elsewhere), await cast(owner, elsewhere)]).toEqual([false, false, false]);
  const run = (text: string) => other.query(text, [poll.id]);
  for (const [hide, show] of [
    ['UPDATE team.polls SET deleted_at = now() WHERE id = $1', 'UPDATE team.polls SET deleted_at = NULL WHERE id = $1'],
    [
      `UPDATE team.resource_memberships SET role = 'viewer' WHERE resource_id = (SELECT community_id FROM team.polls WHERE id = $1)`,
      `UPDATE team.resource_memberships SET role = 'owner' WHERE resource_id = (SELECT community_id FROM team.polls WHERE id = $1)`,
    ],
  ] as const) {
    await run(hide);
    expect(await cast(owner)).toBe(false);
    await run(show);
  }
  expect(await ballotsOf(poll.id)).toBe(0);
  expect(await cast(owner)).toBe(true);
});
