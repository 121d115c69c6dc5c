import { randomUUID } from 'node:crypto';
import type { AuditEventMessage, Forum, Poll, Thread } from '@guildhall/contracts';
import type { Connection } from '@guildhall/db';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBallots } from '../../src/store/ballots.ts';
import { createForums } from '../../src/store/forums.ts';
import { createPolls } from '../../src/store/polls.ts';
import { createPosts } from '../../src/store/posts.ts';
import { createReadMarks } from '../../src/store/read-marks.ts';
import { createThreads } from '../../src/store/threads.ts';
import { idOf, insertManyRows } from '../support/many-rows.ts';
import { explainOn, largeTables, sequentialScans } from '../support/query-plans.ts';
import { openTeamDatabase, type TeamDatabase } from '../support/team-database.ts';

/**
 * The plans of every statement of polls and forums on tables of 10⁴ to 10⁶ rows: none reads a large table from one end to the
 * other. It stands among the faults because it takes a minute of the processor.
 */

/** A table that a statement must not read whole has at least so many rows. */
const largeRowsMin = 10_000;
const minutes = 60_000;

let team: TeamDatabase;
let client: Client;
let large: ReadonlySet<string>;

beforeAll(async () => {
  team = await openTeamDatabase();
  client = new Client({ connectionString: team.url });
  await client.connect();
  await insertManyRows(client);
  large = await largeTables(client, largeRowsMin);
}, 10 * minutes);
afterAll(async () => {
  await client.end();
  await team.close();
});

const at = '2026-01-31T08:30:00.000Z';
const event = (): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'user', id: 'x' },
    action: 'x.y',
    resource: { type: 'x', id: 'x' },
    result: 'success',
    requestId: 'x',
    service: 'test',
  },
});
const row = { createdBy: 'user-0', createdByName: '', version: 2, createdAt: at, updatedAt: at };
const userId = 'user-0';
const page = { limit: 26, after: null };
const deepIn = (id: string) => ({ limit: 26, after: { time: at, id } });

/** A community with its poll, forum, thread and post: the large one, or one of many small ones. */
const placeOf = async (size: 'large' | 'small') => {
  const number = size === 'large' ? 0 : 1;
  const [communityId, forumId] = [await idOf(client, 'community', `${number}`), await idOf(client, 'forum', `${number}`)];
  const [pollId, threadId] = [await idOf(client, 'poll', `${number}`), await idOf(client, 'thread', `${number}`)];
  return { communityId, forumId, pollId, threadId, postId: await idOf(client, 'post', `${number}-1`) };
};
type Place = Awaited<ReturnType<typeof placeOf>>;

type Statements = Readonly<Record<string, (connection: Connection, place: Place) => Promise<unknown>>>;

const states = [null, 'open', 'closed', 'deleted'] as const;
const pollOf = ({ communityId, pollId: id }: Place): Poll => ({
  id,
  communityId,
  question: 'q',
  description: '',
  choice: 'single',
  options: [{ number: 1, text: 'a' }],
  resultsVisible: 'always',
  status: 'open',
  closesAt: null,
  closedAt: null,
  electorCount: 100,
  isElector: true,
  hasVoted: false,
  result: null,
  ...row,
});

const ofPolls: Statements = {
  'polls, in every order, state and position': async (connection, { communityId, pollId }) => {
    for (const sort of ['newest', 'oldest', 'closing'] as const)
      for (const state of states)
        for (const text of [undefined, 'question 99'])
          for (const after of [page, deepIn(pollId)])
            await createPolls(connection).list(userId, communityId, { state, text, sort }, after);
    const without = { limit: 26, after: { time: null, id: pollId } };
    await createPolls(connection).list(userId, communityId, { state: null, text: undefined, sort: 'closing' }, without);
  },
  'one poll with its result': (connection, { communityId, pollId }) => createPolls(connection).find(userId, communityId, pollId),
  'where a poll is opened': (connection, { communityId }) => createPolls(connection).findCreateTarget(userId, communityId, 'key'),
  'opening a poll': (connection, place) => {
    const remembered = { key: 'key', requestHash: 'hash', body: {} };
    return createPolls(connection).insert(pollOf(place), { userId, event: event() }, remembered);
  },
  'closing, changing and deleting a poll': async (connection, place) => {
    const [store, next, write] = [createPolls(connection), pollOf(place), { userId, event: event() }];
    await store.close(next, write);
    await store.save(next, write);
    await store.setDeleted(next, true, write);
  },
  'a ballot that is read and cast': async (connection, { communityId, pollId }) => {
    const store = createBallots(connection);
    await store.find(userId, communityId, pollId);
    await store.cast({ communityId, pollId, userId, options: [1], at, event: event() });
  },
};

const forumOf = ({ communityId, forumId: id }: Place): Forum => ({ id, communityId, name: 'f', description: '', ...row });
const threadOf = ({ forumId, threadId: id }: Place): Thread => ({ id, forumId, title: 't', ...row });

const ofForums: Statements = {
  'forums, in every order, state and position': async (connection, { communityId, forumId }) => {
    for (const sort of ['newest', 'oldest'] as const)
      for (const state of [null, 'deleted'] as const)
        for (const after of [page, deepIn(forumId)])
          await createForums(connection).list(userId, communityId, { state, text: 'forum 9', sort }, after);
  },
  'threads, in every order, state and position': async (connection, { threadId, ...path }) => {
    for (const sort of ['active', 'newest', 'oldest'] as const)
      for (const state of [null, 'deleted'] as const)
        for (const isUnread of [false, true])
          for (const after of [page, deepIn(threadId)])
            await createThreads(connection).list(userId, path, { state, isUnread, text: 'thread 9', sort }, after);
  },
  'posts, in every order, state and position': async (connection, path) => {
    for (const sort of ['oldest', 'newest'] as const)
      for (const state of [null, 'deleted'] as const)
        for (const after of [null, 5]) await createPosts(connection).list(userId, path, { state, sort }, { limit: 26, after });
  },
  'one forum, thread and post': async (connection, path) => {
    await createForums(connection).find(userId, path);
    await createThreads(connection).find(userId, path);
    await createPosts(connection).find(userId, path);
  },
  'changes of forums': async (connection, place) => {
    const [store, write] = [createForums(connection), { userId, permission: 'forum:update', event: event() } as const];
    await store.insert(forumOf(place), write, null);
    await store.save(forumOf(place), false, write);
  },
  'changes of threads': async (connection, place) => {
    const write = { communityId: place.communityId, userId, event: event() };
    await createThreads(connection).findCreateTarget(userId, place, 'key');
    await createThreads(connection).insert(threadOf(place), { id: randomUUID(), content: 'x' }, write, null);
    await createThreads(connection).save(threadOf(place), { deletedBy: userId, lastPostNumber: 1 }, write);
  },
  'changes of posts': async (connection, place) => {
    const post = { id: place.postId, threadId: place.threadId, content: 'x', deletion: null, ...row };
    const write = { path: place, userId, event: event() };
    await createPosts(connection).findCreateTarget(userId, place, 'key');
    await createPosts(connection).insert(post, write, null);
    await createPosts(connection).save(post, write);
  },
  'read marks': async (connection, place) => {
    await createReadMarks(connection).markThread(userId, place, place.postId);
    await createReadMarks(connection).markForum(userId, place);
  },
};

test('the tables are large, and a statement that reads one of them whole is found', async () => {
  const filled = [
    'forum_posts',
    'forum_reads',
    'forum_threads',
    'forums',
    'poll_ballots',
    'poll_electors',
    'poll_options',
    'polls',
  ];
  expect([...large]).toEqual(expect.arrayContaining(filled));
  const { rows } = await client.query<{ count: string }>('SELECT count(*) AS count FROM team.forum_posts');
  expect(Number(rows[0]?.count)).toBe(1_000_000);
  const { rows: plan } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT id FROM team.forum_posts WHERE content = 'x'`,
  );
  expect(sequentialScans(plan.map((line) => line['QUERY PLAN']))).toEqual(['forum_posts']);
});

describe.each(['large', 'small'] as const)('in a %s community, no large table is read whole for', (size) => {
  test.each(Object.entries({ ...ofPolls, ...ofForums }))('%s', async (_name, send) => {
    const { connection, plans } = explainOn(team.database.connection);
    await send(connection, await placeOf(size));
    expect(plans.length).toBeGreaterThan(0);
    const faults = plans.flatMap((plan) =>
      sequentialScans(plan)
        .filter((table) => large.has(table))
        .map((table) => [table, plan]),
    );
    expect(faults).toEqual([]);
  });
});
