import type { InboxItem } from '@guildhall/contracts';
import { countStatements } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { newForumPlace } from '../support/forums.ts';
import { admit, newPlace } from '../support/people.ts';
import { done, newUser, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service } = useTeamService();

const inboxOf = async (
  user: User,
  query = '',
): Promise<{ readonly items: readonly InboxItem[]; readonly nextCursor: string | null }> =>
  (await service.as(user)('GET', `/v1/me/inbox${query}`)).body as never;
const kindsOf = async (user: User, query = '') => (await inboxOf(user, query)).items.map(({ kind }) => kind);

/** A community with an open poll, and wealth of the owner that the member requests. */
const start = async () => {
  const { id, owner, members } = await newPlace(service, ['member', 'viewer']);
  const [member = newUser(), viewer = newUser()] = members;
  const url = `/v1/communities/${id}`;
  const create = async (user: User, path: string, body: object): Promise<{ readonly id: string }> => {
    const answer = await service.as(user)('POST', `${url}${path}`, { body });
    if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status}.`);
    return answer.body as { readonly id: string };
  };
  const poll = await create(owner, '/polls', { question: 'Tea?', choice: 'single', options: ['Yes', 'No'] });
  const wealth = await create(owner, '/wealth', { type: 'object', title: 'Drill' });
  const request = await create(member, `/wealth/${wealth.id}/requests`, {});
  return { id, url, owner, member, viewer, poll, wealth, request };
};

describe('GET /v1/me/inbox', () => {
  test('holds the votes, the requests and the invites that wait for the caller, newest first', async () => {
    const { id, owner, member, viewer, poll, request } = await start();
    const community = { communityId: id, communityName: 'Night shift' };
    expect((await inboxOf(owner)).items).toEqual([
      { kind: 'request', id: request.id, ...community, title: 'Drill', createdAt: expect.any(String) },
      { kind: 'vote', id: poll.id, ...community, title: 'Tea?', createdAt: expect.any(String) },
    ]);
    expect([await kindsOf(member), await kindsOf(viewer)]).toEqual([['vote'], []]);
    const elsewhere = await newPlace(service);
    const body = { role: 'member', email: viewer.email };
    await service.as(elsewhere.owner)('POST', `/v1/communities/${elsewhere.id}/invites`, { body });
    expect((await inboxOf(viewer)).items).toMatchObject([{ kind: 'invite', communityId: elsewhere.id, title: 'Night shift' }]);
  });

  test('is read by kind, and page by page', async () => {
    const { owner } = await start();
    expect(await kindsOf(owner, '?kind=vote')).toEqual(['vote']);
    const first = await inboxOf(owner, '?limit=1');
    expect(first.items.map(({ kind }) => kind)).toEqual(['request']);
    expect(await kindsOf(owner, `?limit=1&cursor=${first.nextCursor ?? ''}`)).toEqual(['vote']);
  });

  test('lets go of what is done: a vote, a request that is answered, a community that is left', async () => {
    const { url, owner, member, poll, wealth, request } = await start();
    expect((await service.as(owner)('PUT', `${url}/polls/${poll.id}/ballot`, { body: { options: [1] } })).status).toBe(200);
    expect(await kindsOf(owner)).toEqual(['request']);
    await service.as(owner)('PATCH', `${url}/wealth/${wealth.id}/requests/${request.id}`, {
      body: { status: 'rejected' },
      ifMatch: 1,
    });
    expect(await kindsOf(owner)).toEqual([]);
    expect(await kindsOf(member)).toEqual(['vote']);
    expect(await service.as(member)('DELETE', `${url}/members/${member.userId}`)).toEqual(done);
    expect(await kindsOf(member)).toEqual([]);
  });

  test('is of the communities of the caller alone', async () => {
    await start();
    const elsewhere = await newPlace(service);
    expect(await kindsOf(elsewhere.owner)).toEqual([]);
  });

  test('holds disputes for who may resolve them, never for a side, until they are resolved', async () => {
    const { id, url, owner, member, wealth, request } = await start();
    const [admin, councillor] = [await admit(service, owner, id, 'admin'), await admit(service, owner, id, 'member')];
    const requestUrl = `${url}/wealth/${wealth.id}/requests/${request.id}`;
    await service.as(owner)('PATCH', requestUrl, { body: { status: 'accepted' }, ifMatch: 1 });
    const opened = await service.as(member)('POST', `${requestUrl}/disputes`, { body: { reason: 'No charger.' } });
    const dispute = opened.body as { readonly id: string };
    const community = { communityId: id, communityName: 'Night shift' };
    expect((await inboxOf(admin, '?kind=dispute')).items).toEqual([
      { kind: 'dispute', id: dispute.id, ...community, title: 'Drill', createdAt: expect.any(String) },
    ]);
    const holders = async () =>
      (await Promise.all([owner, member, admin, councillor].map((user) => kindsOf(user, '?kind=dispute')))).map(
        ({ length }) => length,
      );
    expect(await holders()).toEqual([0, 0, 1, 0]);
    const council = (await service.as(owner)('POST', `${url}/councils`, { body: { name: 'Mediation' } })).body as { id: string };
    await service.as(owner)('PUT', `${url}/councils/${council.id}/members/${councillor.userId}`);
    await service.as(owner)('PATCH', url, { body: { settings: { disputeHandlingCouncils: [council.id] } }, ifMatch: 1 });
    expect(await holders()).toEqual([0, 0, 0, 1]);
    const body = { status: 'resolved', resolution: 'It follows by Friday.' };
    expect((await service.as(councillor)('PATCH', `${url}/disputes/${dispute.id}`, { body, ifMatch: 1 })).status).toBe(200);
    expect(await holders()).toEqual([0, 0, 0, 0]);
  });

  test('holds threads with posts that are not read, since the caller joined, in one statement', async () => {
    const place = await newForumPlace(service, ['member']);
    const reader = place.member(0);
    const thread = await place.begin('Outage');
    const waiting = async (user: User) => (await inboxOf(user, '?kind=thread')).items.map(({ title }) => title);
    expect([await waiting(reader), await waiting(place.owner)]).toEqual([['Outage'], []]);
    await place.markRead(thread, {}, reader);
    expect(await waiting(reader)).toEqual([]);
    await place.post(thread, 'It is back.');
    const late = await place.begin('Review');
    expect(await waiting(reader)).toEqual(['Review', 'Outage']);
    const first = await inboxOf(reader, '?kind=thread&limit=1');
    expect(first.items.map(({ id }) => id)).toEqual([late.id]);
    const second = await inboxOf(reader, `?kind=thread&limit=1&cursor=${first.nextCursor ?? ''}`);
    expect(second.items.map(({ id }) => id)).toEqual([thread.id]);
    const guest = await admit(service, place.owner, place.communityId, 'viewer');
    expect(await waiting(guest)).toEqual([]);
    await place.post(thread, 'Once more.');
    expect(await waiting(guest)).toEqual(['Outage']);
    const { statements } = await countStatements(() => inboxOf(reader));
    expect(statements).toHaveLength(1);
  });
});
