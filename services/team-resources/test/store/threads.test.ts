import { randomUUID } from 'node:crypto';
import type { AuditEventMessage, Forum, Thread } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createForums } from '../../src/store/forums.ts';
import { createPosts } from '../../src/store/posts.ts';
import { createThreads } from '../../src/store/threads.ts';
import { seedCommunity, seedMember } from '../support/team-database.ts';
import { useTeamDatabase } from '../support/use-team-database.ts';

/** The refusals of the statements of threads and posts themselves, whatever was read before. */

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
    action: 'thread.delete',
    resource: { type: 'thread', id: 'x' },
    result: 'success',
    requestId: 'x',
    service: 'test',
  },
});
const CountRow = uncheckedRow({ count: Type.Integer() });
const eventCount = async () =>
  (await team.database.connection.one(sql.type(CountRow)`SELECT count(*)::int8 AS count FROM team.outbox_events`)).count;

const made = (createdBy: string) => ({ createdBy, createdByName: '', version: 1, createdAt: at, updatedAt: at });

const beginThread = async () => {
  const { connection } = team.database;
  const { communityId, owner } = await seedCommunity(team.database);
  const author = `author-${randomUUID()}`;
  await seedMember(team.database, communityId, author, 'member');
  const forum: Forum = { id: randomUUID(), communityId, name: 'f', description: '', ...made(owner) };
  const forums = createForums(connection);
  expect(await forums.insert(forum, { userId: owner, permission: 'forum:create', event: event() }, null)).toBe(true);
  const thread: Thread = { id: randomUUID(), forumId: forum.id, title: 't', ...made(author) };
  const threads = createThreads(connection);
  const write = (userId: string) => ({ communityId, userId, event: event() });
  expect(await threads.insert(thread, { id: randomUUID(), content: 'x' }, write(author), null)).toBe(true);
  const path = { communityId, forumId: forum.id, threadId: thread.id };
  const post = (userId: string) => ({
    item: { id: randomUUID(), threadId: thread.id, content: 'x', deletion: null, ...made(userId) },
    write: { path, userId, event: event() },
  });
  const posts = createPosts(connection);
  const insertPost = (userId: string) => {
    const { item, write: by } = post(userId);
    return posts.insert(item, by, null);
  };
  return { communityId, owner, author, forum, forums, thread, threads, write, posts, post, insertPost };
};

/** Waits until so many statements wait for a lock. */
const waitForWaiting = (count: number) =>
  waitFor(
    async () => {
      const { count: found } = await team.database.connection.one(sql.type(CountRow)`
        SELECT count(*)::int8 AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      return found === count;
    },
    { what: `${count} statements to wait` },
  );

test('who began a thread does not delete it when somebody posted after they looked', async () => {
  const { owner, author, thread, threads, write, insertPost } = await beginThread();
  const remove = (userId: string) =>
    threads.save({ ...thread, version: 2 }, { deletedBy: userId, lastPostNumber: 1 }, write(userId));
  await other.query('BEGIN');
  await other.query('SELECT id FROM team.forum_threads WHERE id = $1 FOR UPDATE', [thread.id]);
  const posting = insertPost(owner);
  await waitForWaiting(1);
  const deleting = remove(author);
  await waitForWaiting(2);
  await other.query('COMMIT');
  expect([await posting, await deleting]).toEqual([true, false]);
  expect(await remove(owner)).toBe(true);
  expect(await insertPost(owner)).toBe(false);
});

test('a post to a thread that is deleted meanwhile uses up no Idempotency-Key', async () => {
  const { owner, thread, posts, post } = await beginThread();
  const key = randomUUID();
  const { item, write } = post(owner);
  await other.query('BEGIN');
  await other.query('UPDATE team.forum_threads SET deleted_at = now(), deleted_by = $2 WHERE id = $1', [thread.id, owner]);
  const posting = posts.insert(item, write, { key, requestHash: 'hash', body: {} });
  await waitForWaiting(1);
  await other.query('COMMIT');
  expect(await posting).toBe(false);
  const { rowCount } = await other.query('SELECT key FROM team.idempotency_keys WHERE key = $1', [key]);
  expect(rowCount).toBe(0);
});

test('viewers, removed members and strangers write nothing, and nobody in a deleted forum or community', async () => {
  const { communityId, owner, author, forum, thread, threads, write, posts, post, insertPost } = await beginThread();
  const [viewer, removed] = [`viewer-${randomUUID()}`, `removed-${randomUUID()}`];
  await seedMember(team.database, communityId, viewer, 'viewer');
  await seedMember(team.database, communityId, removed, 'owner');
  await other.query('UPDATE team.resource_memberships SET deleted_at = now() WHERE user_id = $1', [removed]);
  const { item, write: byAuthor } = post(author);
  expect(await posts.insert(item, byAuthor, null)).toBe(true);
  const writes = (userId: string) => [
    () => threads.insert({ ...thread, id: randomUUID() }, { id: randomUUID(), content: 'x' }, write(userId), null),
    () => threads.save({ ...thread, version: 2 }, { deletedBy: null, lastPostNumber: 2 }, write(userId)),
    () => insertPost(userId),
    () => posts.save({ ...item, version: 2 }, { ...byAuthor, userId, event: event() }),
  ];
  const outcomes = async (userId: string) => {
    const found: boolean[] = [];
    for (const attempt of writes(userId)) found.push(await attempt());
    return found;
  };
  const before = await eventCount();
  for (const userId of [viewer, removed, 'stranger'])
    expect([userId, await outcomes(userId)]).toEqual([userId, Array(4).fill(false)]);
  for (const table of ['forums', 'communities']) {
    const id = table === 'forums' ? forum.id : communityId;
    await other.query(`UPDATE team.${table} SET deleted_at = now() WHERE id = $1`, [id]);
    expect([table, await outcomes(owner)]).toEqual([table, Array(4).fill(false)]);
    await other.query(`UPDATE team.${table} SET deleted_at = NULL WHERE id = $1`, [id]);
  }
  expect(await eventCount()).toBe(before);
  expect(await outcomes(author)).toEqual(Array(4).fill(true));
});
