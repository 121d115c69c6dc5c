import { atOnce } from '@guildhall/testkit';
import type { Post } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { everyItem, newForumPlace } from '../support/forums.ts';
import { outboxOf } from '../support/outbox.ts';
import { done, problem, stale, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const gone = problem(409, 'CONFLICT', 'This post is gone. Restore it first.');

describe('a post', () => {
  test('stands behind those before it, as it was answered', async () => {
    const place = await newForumPlace(service, ['member']);
    const thread = await place.begin();
    const member = place.member(0);
    const answer = await service.as(member)('POST', place.postsUrl(thread), { body: { content: 'Hé\n\tthere' }, key: 'k' });
    const { id, createdAt } = answer.body as Post;
    const whole = {
      id,
      threadId: thread.id,
      content: 'Hé\n\tthere',
      deletion: null,
      createdBy: member.userId,
      createdByName: 'Grace',
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(answer).toEqual({ status: 201, etag: '"1"', body: whole });
    const again = await service.as(member)('POST', place.postsUrl(thread), { body: { content: 'Hé\n\tthere' }, key: 'k' });
    expect(again).toEqual(answer);
    expect(await service.as(place.owner)('GET', `${place.postsUrl(thread)}/${id}`)).toEqual({
      status: 200,
      etag: '"1"',
      body: whole,
    });
    const { items } = await place.posts(thread);
    expect(items.map(({ content }) => content)).toEqual(['First.', 'Hé\n\tthere']);
    expect(items[1]).toEqual({ ...whole, isUnread: true });
  });

  test('is listed page by page in either order', async () => {
    const place = await newForumPlace(service);
    const thread = await place.begin();
    for (const content of ['2', '3']) await place.post(thread, content);
    const contents = async (sort: string) =>
      (await everyItem((page) => place.posts(thread, `?sort=${sort}&${page}`))).map(({ content }) => content);
    expect(await contents('oldest')).toEqual(['First.', '2', '3']);
    expect(await contents('newest')).toEqual(['3', '2', 'First.']);
    const { nextCursor } = await place.posts(thread, '?limit=1');
    const other = await service.as(place.owner)('GET', `${place.postsUrl(thread)}?sort=newest&cursor=${nextCursor}`);
    expect(other.status).toBe(400);
  });

  test('is changed by its author alone, one version at a time', async () => {
    const place = await newForumPlace(service, ['member', 'moderator']);
    const thread = await place.begin();
    const { id } = await place.post(thread, 'Draft.', place.member(0));
    const edit = (content: string, ifMatch: number, user: User) =>
      service.as(user)('PATCH', `${place.postsUrl(thread)}/${id}`, { body: { content }, ifMatch });
    for (const user of [place.member(1), place.owner])
      expect(await edit('x', 1, user)).toEqual(problem(403, 'FORBIDDEN', 'Only who wrote a post changes it.'));
    expect(await edit('Better.', 1, place.member(0))).toMatchObject({ status: 200, etag: '"2"', body: { content: 'Better.' } });
    expect(await edit('x', 1, place.member(0))).toEqual(stale(2));
    expect((await edit('Better.', 2, place.member(0))).etag).toBe('"2"');
    expect((await place.posts(thread)).items[1]?.content).toBe('Better.');
  });

  test('is deleted by its author, keeps its place without its text, and comes back', async () => {
    const place = await newForumPlace(service, ['member', 'member']);
    const [author, other] = [place.member(0), place.member(1)];
    const thread = await place.begin();
    const { id } = await place.post(thread, 'Secret.', author);
    const url = `${place.postsUrl(thread)}/${id}`;
    const remove = (user: User, ifMatch = 1) => service.as(user)('DELETE', url, { ifMatch });
    const notOwn = problem(403, 'FORBIDDEN', 'Only who wrote a post deletes it. Moderators remove posts.');
    expect([await remove(other), await remove(place.owner)]).toEqual([notOwn, notOwn]);
    expect(await remove(author)).toEqual(done);
    expect(await remove(author, 2)).toEqual(gone);
    const edit = { body: { content: 'x' }, ifMatch: 2 };
    expect(await service.as(author)('PATCH', url, edit)).toEqual(gone);
    const { body } = await service.as(author)('GET', url);
    const deletion = { at: (body as Post).updatedAt, by: author.userId, reason: null };
    expect(body).toMatchObject({ content: null, deletion, version: 2 });
    expect((await place.posts(thread, '', other)).items[1]).toEqual({ ...(body as Post), isUnread: true });
    const textsOf = async (user: User) => (await place.posts(thread, '?state=deleted', user)).items.map(({ content }) => content);
    expect([await textsOf(author), await textsOf(other), await textsOf(place.owner)]).toEqual([['Secret.'], [], ['Secret.']]);
    const restore = (user: User) => service.as(user)('POST', `${url}/restore`);
    expect((await restore(other)).status).toBe(403);
    expect(await restore(author)).toMatchObject({ status: 200, etag: '"3"', body: { content: 'Secret.', deletion: null } });
    expect((await restore(author)).etag).toBe('"3"');
  });

  test('is removed by a moderator with a reason; its text is shown to moderators alone, and kept for the audit by its digest', async () => {
    const place = await newForumPlace(service, ['member', 'moderator', 'viewer']);
    const [author, moderator, viewer] = [place.member(0), place.member(1), place.member(2)];
    const thread = await place.begin();
    const { id } = await place.post(thread, 'A customer’s name.', author);
    const url = `${place.postsUrl(thread)}/${id}`;
    const remove = (user: User) => service.as(user)('POST', `${url}/remove`, { body: { reason: 'It names a customer.' } });
    expect(await remove(author)).toEqual(problem(403, 'FORBIDDEN', 'Your role here, member, does not include forum:moderate.'));
    const removed = await remove(moderator);
    const deletion = { at: (removed.body as Post).updatedAt, by: moderator.userId, reason: 'It names a customer.' };
    expect(removed).toMatchObject({ status: 200, etag: '"2"', body: { content: null, deletion } });
    expect(await remove(moderator)).toEqual(gone);
    for (const user of [author, viewer, place.owner]) {
      expect((await service.as(user)('GET', url)).body).toEqual(removed.body);
      expect((await place.posts(thread, '', user)).items[1]).toMatchObject({ content: null, deletion });
    }
    const textsOf = async (user: User) => (await place.posts(thread, '?state=deleted', user)).items.map(({ content }) => content);
    expect([await textsOf(author), await textsOf(viewer), await textsOf(moderator)]).toEqual([[], [], ['A customer’s name.']]);
    expect((await service.as(author)('POST', `${url}/restore`)).status).toBe(403);
    expect((await service.as(moderator)('POST', `${url}/restore`)).body).toMatchObject({ content: 'A customer’s name.' });
    const events = (await outboxOf(outbox, place.communityId)).filter(({ resource }) => resource.id === id);
    expect(events.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'post.create success',
      'post.remove denied',
      'post.remove success',
      'post.restore denied',
      'post.restore success',
    ]);
    expect(events[2]?.changes).toEqual([
      { path: '/content', before: { sha256: expect.any(String), characters: 18 }, after: null },
      { path: '/deletion/reason', after: 'It names a customer.' },
    ]);
    expect(JSON.stringify(events)).not.toContain('customer’s');
  });
});

test('two hundred posts to one thread at once have a number each, and none is lost', async () => {
  const place = await newForumPlace(service, ['member', 'member']);
  const thread = await place.begin();
  const users = [place.owner, place.member(0), place.member(1)];
  const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
  await atOnce(texts, (text, index) => place.post(thread, text, users[index % users.length]));
  const rows = await outbox.run(
    `SELECT number, content FROM team.forum_posts WHERE forum_thread_id = '${thread.id}' ORDER BY number`,
  );
  expect(rows.map(({ number }) => Number(number))).toEqual(Array.from({ length: 201 }, (_, index) => index + 1));
  expect(new Set(rows.map(({ content }) => content))).toEqual(new Set(['First.', ...texts]));
  expect((await place.threads()).items[0]).toMatchObject({ postCount: 201 });
  const events = (await outboxOf(outbox, place.communityId)).filter(({ action }) => action === 'post.create');
  expect(events).toHaveLength(200);
});
