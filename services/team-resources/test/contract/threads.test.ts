import { describe, expect, test } from 'vitest';
import { everyItem, newForumPlace } from '../support/forums.ts';
import { outboxOf } from '../support/outbox.ts';
import { done, noSuch, problem, stale, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const notModerated = problem(403, 'FORBIDDEN', 'Your role here, member, does not include forum:moderate: it is another’s.');

describe('a thread', () => {
  test('begins with a post that its author has read, and others have not', async () => {
    const place = await newForumPlace(service, ['viewer']);
    const thread = await place.begin('Late again');
    const { id, createdAt } = thread;
    const whole = {
      id,
      forumId: place.forum.id,
      title: 'Late again',
      createdBy: place.owner.userId,
      createdByName: 'Ada',
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(thread).toEqual(whole);
    expect(await service.as(place.owner)('GET', `${place.url}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    const listed = { ...whole, postCount: 1, unreadCount: 0, lastPostAt: createdAt };
    expect(await place.threads()).toEqual({ items: [listed], nextCursor: null });
    expect((await place.threads('', place.member(0))).items).toEqual([{ ...listed, unreadCount: 1 }]);
    const [event] = (await outboxOf(outbox, place.communityId)).filter(({ action }) => action === 'thread.create');
    expect(event?.changes).toEqual([
      { path: '/title', after: 'Late again' },
      { path: '/content', after: { sha256: expect.any(String), characters: 6 } },
    ]);
  });

  test('is renamed by who began it or a moderator', async () => {
    const place = await newForumPlace(service, ['member', 'member', 'moderator']);
    const { id } = await place.begin('Old', place.member(0));
    const rename = (title: string, ifMatch: number, user: User) =>
      service.as(user)('PATCH', `${place.url}/${id}`, { body: { title }, ifMatch });
    expect(await rename('x', 1, place.member(1))).toEqual(notModerated);
    expect(await rename('New', 1, place.member(0))).toMatchObject({ status: 200, etag: '"2"', body: { title: 'New' } });
    expect(await rename('Newer', 1, place.member(0))).toEqual(stale(2));
    expect((await rename('Newest', 2, place.member(2))).status).toBe(200);
    expect((await rename('Newest', 3, place.member(2))).etag).toBe('"3"');
  });

  test('is deleted by who began it while nobody else has posted in it, and by moderators always', async () => {
    const place = await newForumPlace(service, ['member', 'member', 'moderator']);
    const [author, other, moderator] = [place.member(0), place.member(1), place.member(2)];
    const remove = (id: string, user: User) => service.as(user)('DELETE', `${place.url}/${id}`, { ifMatch: 1 });
    const [own, shared] = [await place.begin('Own', author), await place.begin('Shared', author)];
    await place.post(own, 'And more.', author);
    await place.post(shared, 'A reply.', other);
    expect(await remove(own.id, other)).toEqual(notModerated);
    expect(await remove(own.id, author)).toEqual(done);
    expect(await remove(shared.id, author)).toEqual(
      problem(409, 'CONFLICT', 'Others have posted in this thread. A moderator may delete it.'),
    );
    expect(await remove(shared.id, moderator)).toEqual(done);
    expect(await service.as(author)('GET', `${place.url}/${own.id}`)).toEqual(noSuch('thread'));
    expect(await service.as(author)('POST', place.postsUrl(own), { body: { content: 'x' } })).toEqual(noSuch('thread'));
    const deleted = async (user: User) =>
      (await place.threads('?state=deleted&sort=oldest', user)).items.map(({ title }) => title);
    expect([await deleted(author), await deleted(other), await deleted(moderator)]).toEqual([['Own'], [], ['Own', 'Shared']]);
    const restore = (id: string, user: User) => service.as(user)('POST', `${place.url}/${id}/restore`);
    expect(await restore(shared.id, author)).toEqual(notModerated);
    expect(await restore(own.id, author)).toMatchObject({ status: 200, etag: '"3"' });
    expect(await restore(own.id, author)).toMatchObject({ status: 200, etag: '"3"' });
    expect((await restore(shared.id, moderator)).status).toBe(200);
    expect((await place.posts(shared)).items).toHaveLength(2);
  });
});

describe('a list of threads', () => {
  test('is ordered by activity or by creation, page by page, and searched by title', async () => {
    const place = await newForumPlace(service);
    const threads = [];
    for (const title of ['a', 'b', 'c']) threads.push(await place.begin(title));
    for (const [index, { id }] of threads.entries())
      await outbox.run(
        `UPDATE team.forum_threads SET created_at = '2026-01-0${index + 1}T00:00:00Z', last_post_at = '2026-01-0${index + 1}T00:00:00Z'
         WHERE id = '${id}'`,
      );
    if (threads[0] !== undefined) await place.post(threads[0]);
    const titles = async (query: string) =>
      (await everyItem((page) => place.threads(`?${query}&${page}`))).map(({ title }) => title);
    expect(await titles('sort=active')).toEqual(['a', 'c', 'b']);
    expect(await titles('sort=newest')).toEqual(['c', 'b', 'a']);
    expect(await titles('sort=oldest')).toEqual(['a', 'b', 'c']);
    expect(await titles('q=B')).toEqual(['b']);
  });

  test('is filtered to the unread ones, which are counted', async () => {
    const place = await newForumPlace(service, ['member', 'viewer']);
    const [first, second] = [await place.begin('a'), await place.begin('b')];
    for (const content of ['1', '2']) await place.post(first, content);
    const reader = place.member(1);
    const unread = async (user: User) =>
      (await place.threads('?unread=true&sort=oldest', user)).items.map(({ title, unreadCount }) => [title, unreadCount]);
    expect(await unread(place.owner)).toEqual([]);
    expect(await unread(reader)).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
    const { items } = await place.posts(first, '', reader);
    expect(items.map(({ isUnread }) => isUnread)).toEqual([true, true, true]);
    const mark = (body: object) => place.markRead(first, body, reader);
    expect((await mark({ postId: items[1]?.id })).body).toEqual({ threadId: first.id, unreadCount: 1 });
    expect((await mark({ postId: items[0]?.id })).body).toEqual({ threadId: first.id, unreadCount: 1 });
    expect((await place.posts(first, '', reader)).items.map(({ isUnread }) => isUnread)).toEqual([false, false, true]);
    expect(await mark({ postId: second.id })).toEqual(noSuch('post'));
    expect((await mark({})).body).toEqual({ threadId: first.id, unreadCount: 0 });
    expect(await unread(reader)).toEqual([['b', 1]]);
    await place.post(first, 'new');
    expect(await unread(reader)).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(await service.as(reader)('PUT', `${place.forumsUrl}/${place.forum.id}/read-mark`)).toEqual(done);
    expect(await unread(reader)).toEqual([]);
    expect(await unread(place.member(0))).toEqual([
      ['a', 4],
      ['b', 1],
    ]);
  });

  test('counts an own post as read only if all before it was read', async () => {
    const place = await newForumPlace(service, ['member']);
    const member = place.member(0);
    const thread = await place.begin();
    const unread = async (user: User) => (await place.threads('', user)).items[0]?.unreadCount;
    await place.post(thread, 'Unread before.', member);
    expect([await unread(member), await unread(place.owner)]).toEqual([2, 1]);
    await place.markRead(thread, {}, member);
    await place.post(thread, 'All read before.', member);
    expect([await unread(member), await unread(place.owner)]).toEqual([0, 2]);
  });
});
