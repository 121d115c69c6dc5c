import type { ForumSummary } from '@guildhall/contracts';
import { countStatements } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { everyItem, newForumPlace, type ForumPlace } from '../support/forums.ts';
import { outboxOf } from '../support/outbox.ts';
import { done, newUser, noSuch, stale, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const forumsOf = async ({ as, forumsUrl, owner }: ForumPlace, query = '', user: User = owner) =>
  (await as(user)('GET', forumsUrl + query)).body as {
    readonly items: readonly ForumSummary[];
    readonly nextCursor: string | null;
  };
const namesOf = async (place: ForumPlace, query = '', user: User = place.owner) =>
  (await forumsOf(place, query, user)).items.map(({ name }) => name);

describe('forums', () => {
  test('are created, read and listed, with what the caller has not read in them', async () => {
    const place = await newForumPlace(service, ['member']);
    const { communityId, owner, forum, forumsUrl } = place;
    const { id, createdAt } = forum;
    const whole = {
      id,
      communityId,
      name: 'Incidents',
      description: '',
      createdBy: owner.userId,
      createdByName: 'Ada',
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(forum).toEqual(whole);
    expect(await service.as(owner)('GET', `${forumsUrl}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    const none = { ...whole, threadCount: 0, unreadThreadCount: 0, lastPostAt: null };
    expect(await forumsOf(place)).toEqual({ items: [none], nextCursor: null });
    const [first, second] = [await place.begin('One'), await place.begin('Two', place.member(0))];
    const [listed] = (await forumsOf(place)).items;
    expect(listed).toEqual({ ...none, threadCount: 2, unreadThreadCount: 1, lastPostAt: second.createdAt });
    await service.as(owner)('DELETE', `${place.url}/${first.id}`, { ifMatch: 1 });
    await place.markRead(second);
    expect((await forumsOf(place)).items[0]).toMatchObject({ threadCount: 1, unreadThreadCount: 0 });
  });

  test('are listed in either order, page by page, and found by a part of the name', async () => {
    const place = await newForumPlace(service);
    for (const name of ['Release', 'Risk_1']) await service.as(place.owner)('POST', place.forumsUrl, { body: { name } });
    const names = async (query: string) =>
      (await everyItem((page) => forumsOf(place, `?${query}&${page}`))).map(({ name }) => name);
    expect(await names('sort=newest')).toEqual(['Risk_1', 'Release', 'Incidents']);
    expect(await names('sort=oldest')).toEqual(['Incidents', 'Release', 'Risk_1']);
    expect(await names('q=R')).toEqual(['Risk_1', 'Release']);
    expect(await namesOf(place, '?q=_')).toEqual(['Risk_1']);
    const { nextCursor } = await forumsOf(place, '?limit=1');
    expect((await service.as(place.owner)('GET', `${place.forumsUrl}?sort=oldest&cursor=${nextCursor}`)).status).toBe(400);
  });

  test('are changed one version at a time, deleted with all that is in them, and restored', async () => {
    const place = await newForumPlace(service, ['moderator', 'member']);
    const [moderator, member] = [place.member(0), place.member(1)];
    const url = `${place.forumsUrl}/${place.forum.id}`;
    const thread = await place.begin();
    const edit = (name: string) => service.as(moderator)('PATCH', url, { body: { name }, ifMatch: 1 });
    const answers = await Promise.all([edit('a'), edit('b')]);
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412]);
    expect(answers.find(({ status }) => status === 412)).toEqual(stale(2));
    expect(await service.as(moderator)('DELETE', url, { ifMatch: 2 })).toEqual(done);
    expect(await service.as(member)('GET', url)).toEqual(noSuch('forum'));
    expect(await service.as(member)('GET', place.url)).toEqual(noSuch('forum'));
    expect(await service.as(member)('GET', place.postsUrl(thread))).toEqual(noSuch('thread'));
    expect(await namesOf(place)).toEqual([]);
    expect(await namesOf(place, '?state=deleted', moderator)).toHaveLength(1);
    expect(await namesOf(place, '?state=deleted', member)).toEqual([]);
    const restored = await service.as(moderator)('POST', `${url}/restore`);
    expect(restored).toMatchObject({ status: 200, etag: '"4"' });
    expect(await service.as(moderator)('POST', `${url}/restore`)).toEqual(restored);
    expect((await place.posts(thread)).items).toHaveLength(1);
  });

  test('leave an event of every change and of every refused one', async () => {
    const place = await newForumPlace(service, ['member']);
    const url = `${place.forumsUrl}/${place.forum.id}`;
    await service.as(place.member(0))('PATCH', url, { body: { name: 'x' }, ifMatch: 1 });
    await service.as(place.owner)('PATCH', url, { body: { name: 'Nights' }, ifMatch: 1 });
    const events = (await outboxOf(outbox, place.communityId)).filter(({ resource }) => resource.type === 'forum');
    expect(events.map(({ action, result, changes }) => [action, result, changes])).toEqual([
      [
        'forum.create',
        'success',
        [
          { path: '/name', after: 'Incidents' },
          { path: '/description', after: '' },
        ],
      ],
      ['forum.update', 'denied', [{ path: '/name', before: 'Incidents', after: 'x' }]],
      ['forum.update', 'success', [{ path: '/name', before: 'Incidents', after: 'Nights' }]],
    ]);
  });
});

test('no route of a forum answers who does not belong to its community', async () => {
  const [place, elsewhere] = [await newForumPlace(service), await newForumPlace(service)];
  const thread = await place.begin();
  const { id: postId } = await place.post(thread);
  const forum = `/${place.forum.id}`;
  const body = { name: 'x', title: 'x', content: 'x', reason: 'x' };
  const only = (...names: readonly (keyof typeof body)[]) => ({
    body: Object.fromEntries(names.map((name) => [name, body[name]])),
  });
  for (const stranger of [newUser(), elsewhere.owner]) {
    const send = service.as(stranger);
    expect(await send('GET', place.forumsUrl)).toEqual(noSuch('community'));
    expect(await send('POST', place.forumsUrl, only('name'))).toEqual(noSuch('community'));
    for (const base of [place.forumsUrl, elsewhere.forumsUrl]) {
      const [forumUrl, threadsUrl] = [base + forum, `${base}${forum}/threads`];
      const threadUrl = `${threadsUrl}/${thread.id}`;
      const postUrl = `${threadUrl}/posts/${postId}`;
      expect(await send('GET', forumUrl)).toEqual(noSuch('forum'));
      expect(await send('PATCH', forumUrl, { ...only('name'), ifMatch: 1 })).toEqual(noSuch('forum'));
      expect(await send('DELETE', forumUrl, { ifMatch: 1 })).toEqual(noSuch('forum'));
      expect(await send('POST', `${forumUrl}/restore`)).toEqual(noSuch('forum'));
      expect(await send('PUT', `${forumUrl}/read-mark`)).toEqual(noSuch('forum'));
      expect(await send('GET', threadsUrl)).toEqual(noSuch('forum'));
      expect(await send('POST', threadsUrl, only('title', 'content'))).toEqual(noSuch('forum'));
      expect(await send('GET', threadUrl)).toEqual(noSuch('thread'));
      expect(await send('PATCH', threadUrl, { ...only('title'), ifMatch: 1 })).toEqual(noSuch('thread'));
      expect(await send('DELETE', threadUrl, { ifMatch: 1 })).toEqual(noSuch('thread'));
      expect(await send('POST', `${threadUrl}/restore`)).toEqual(noSuch('thread'));
      expect(await send('PUT', `${threadUrl}/read-mark`, { body: {} })).toEqual(noSuch('thread'));
      expect(await send('GET', `${threadUrl}/posts`)).toEqual(noSuch('thread'));
      expect(await send('POST', `${threadUrl}/posts`, only('content'))).toEqual(noSuch('thread'));
      expect(await send('GET', postUrl)).toEqual(noSuch('post'));
      expect(await send('PATCH', postUrl, { ...only('content'), ifMatch: 1 })).toEqual(noSuch('post'));
      expect(await send('DELETE', postUrl, { ifMatch: 1 })).toEqual(noSuch('post'));
      expect(await send('POST', `${postUrl}/remove`, only('reason'))).toEqual(noSuch('post'));
      expect(await send('POST', `${postUrl}/restore`)).toEqual(noSuch('post'));
    }
  }
  expect((await place.posts(thread)).items.map(({ version }) => version)).toEqual([1, 1]);
});

const statementsOf = async (work: () => Promise<unknown>) => (await countStatements(work)).statements.length;

test('a read is one statement, whatever the number of rows, and a change two', async () => {
  const place = await newForumPlace(service);
  for (let count = 0; count < 4; count += 1) await place.begin();
  const thread = await place.begin();
  const post = await place.post(thread);
  const send = service.as(place.owner);
  const forumUrl = `${place.forumsUrl}/${place.forum.id}`;
  const postUrl = `${place.postsUrl(thread)}/${post.id}`;
  expect({
    forums: await statementsOf(() => forumsOf(place)),
    threads: await statementsOf(() => place.threads('?unread=true')),
    posts: await statementsOf(() => place.posts(thread)),
    forum: await statementsOf(() => send('GET', forumUrl)),
    thread: await statementsOf(() => send('GET', `${place.url}/${thread.id}`)),
    post: await statementsOf(() => send('GET', postUrl)),
    mark: await statementsOf(() => place.markRead(thread)),
    markAll: await statementsOf(() => send('PUT', `${forumUrl}/read-mark`)),
    begin: await statementsOf(() => place.begin()),
    reply: await statementsOf(() => place.post(thread)),
    edit: await statementsOf(() => send('PATCH', postUrl, { body: { content: 'x' }, ifMatch: 1 })),
    remove: await statementsOf(() => send('POST', `${postUrl}/remove`, { body: { reason: 'x' } })),
    rename: await statementsOf(() => send('PATCH', forumUrl, { body: { name: 'x' }, ifMatch: 1 })),
  }).toEqual({
    forums: 1,
    threads: 1,
    posts: 1,
    forum: 1,
    thread: 1,
    post: 1,
    mark: 1,
    markAll: 1,
    begin: 2,
    reply: 2,
    edit: 2,
    remove: 2,
    rename: 2,
  });
});

test('a forum and a thread are created once per Idempotency-Key', async () => {
  const place = await newForumPlace(service);
  const send = service.as(place.owner);
  for (const [url, body] of [
    [place.forumsUrl, { name: 'Twice' }],
    [place.url, { title: 'Twice', content: 'x' }],
  ] as const) {
    const once = { body, key: `key-${url.length}` };
    const answers = await Promise.all([send('POST', url, once), send('POST', url, once)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 201, body: { version: 1 } });
  }
  expect(await namesOf(place, '?q=twice')).toEqual(['Twice']);
  expect((await place.threads()).items).toHaveLength(1);
});
