import { randomUUID } from 'node:crypto';
import { wealthRequestRoutes, wealthRoutes, type Wealth, type WealthRequest } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { admit, newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const start = async () => {
  const { id: communityId, owner, members } = await newPlace(service, ['member', 'member', 'viewer']);
  const [ada = newUser(), bob = newUser(), viewer = newUser()] = members;
  const url = `/v1/communities/${communityId}/wealth`;
  const grant = (user: User, points: number) =>
    service.as(owner)('PUT', `/v1/communities/${communityId}/trust/grants/${user.userId}`, {
      body: { points, reason: 'test' },
      ifMatch: 1,
    });
  const offer = async (user: User, fields: object = {}) => {
    const { body } = await service.as(user)('POST', url, { body: { type: 'object', title: 'Laptop', ...fields } });
    return body as Wealth;
  };
  const ask = async (user: User, { id }: Wealth, fields: object = {}) =>
    (await service.as(user)('POST', `${url}/${id}/requests`, { body: fields })).body as WealthRequest;
  const move = (user: User, { id, wealthId }: WealthRequest, status: string, ifMatch: number) =>
    service.as(user)('PATCH', `${url}/${wealthId}/requests/${id}`, { body: { status }, ifMatch });
  const titles = async (user: User, query = '') => {
    const { body } = await service.as(user)('GET', `${url}${query}`);
    return (body as { items: Wealth[] }).items.map(({ title }) => title);
  };
  return { communityId, owner, ada, bob, viewer, url, grant, offer, ask, move, titles };
};

describe('wealth', () => {
  test('is offered with version 1, read as it was answered, changed, deleted and restored', async () => {
    const { communityId, owner, url } = await start();
    const send = service.as(owner);
    const body = { type: 'object', title: 'Laptop', category: 'hardware', quantity: 2, expiresAt: '2999-01-01T01:00:00+01:00' };
    const made = await send('POST', url, { body });
    const { id, createdAt } = made.body as Wealth;
    const whole = {
      id,
      communityId,
      type: 'object',
      title: 'Laptop',
      description: '',
      category: 'hardware',
      councilId: null,
      poolId: null,
      quantity: 2,
      quantityLeft: 2,
      minTrustRequired: 0,
      status: 'active',
      expiresAt: '2999-01-01T00:00:00.000Z',
      createdBy: owner.userId,
      createdByName: owner.displayName,
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(made).toEqual({ status: 201, etag: '"1"', body: whole });
    expect(await send('GET', `${url}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    expect(await send('GET', url)).toEqual({ status: 200, etag: undefined, body: { items: [whole], nextCursor: null } });
    const edited = await send('PATCH', `${url}/${id}`, { body: { category: null, expiresAt: null, quantity: 3 }, ifMatch: 1 });
    const { updatedAt } = edited.body as Wealth;
    expect(edited.body).toEqual({
      ...whole,
      category: null,
      expiresAt: null,
      quantity: 3,
      quantityLeft: 3,
      version: 2,
      updatedAt,
    });
    expect(await send('DELETE', `${url}/${id}`, { ifMatch: 2 })).toEqual(done);
    expect(await send('GET', `${url}/${id}`)).toEqual(noSuch('wealth'));
    expect((await send('GET', `${url}?state=deleted`)).body).toMatchObject({ items: [{ id, version: 3 }] });
    const restored = await send('POST', `${url}/${id}/restore`);
    expect([restored.status, restored.etag]).toEqual([200, '"4"']);
    expect(await send('GET', `${url}/${id}`)).toEqual(restored);
    const events = (await outboxOf(outbox, communityId)).filter(({ resource }) => resource.id === id);
    expect(events.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'wealth.create success',
      'wealth.update success',
      'wealth.delete success',
      'wealth.restore success',
    ]);
  });

  test('is offered by members with the trust score that the community asks for', async () => {
    const { ada, url, grant, viewer } = await start();
    const body = { type: 'service', title: 'Review' };
    expect(await service.as(ada)('POST', url, { body })).toEqual(
      problem(403, 'FORBIDDEN', 'Offering wealth needs a trust score of 10 here; yours is 0.'),
    );
    await grant(ada, 10);
    expect((await service.as(ada)('POST', url, { body })).status).toBe(201);
    expect((await service.as(viewer)('POST', url, { body })).status).toBe(403);
  });

  test('that asks for more trust than a member has does not exist for them: not read, listed, counted or requested', async () => {
    const { owner, ada, bob, url, grant, offer, ask, titles } = await start();
    await grant(ada, 5);
    const hidden = await offer(owner, { title: 'For the trusted', minTrustRequired: 5 });
    expect(await titles(ada)).toEqual(['For the trusted']);
    expect(await titles(bob)).toEqual([]);
    expect(await service.as(bob)('GET', `${url}/${hidden.id}`)).toEqual(noSuch('wealth'));
    expect(await service.as(bob)('GET', `${url}/${hidden.id}/requests`)).toEqual(noSuch('wealth'));
    expect(await service.as(bob)('POST', `${url}/${hidden.id}/requests`, { body: {} })).toEqual(noSuch('wealth'));
    const request = await ask(ada, hidden);
    expect(request.status).toBe('pending');
    expect(await service.as(bob)('GET', `${url}/${hidden.id}/requests/${request.id}`)).toEqual(noSuch('wealth'));
  });

  test('is changed and deleted by who offers it and by admins, not by other members', async () => {
    const { owner, ada, bob, url, grant, offer } = await start();
    await grant(ada, 10);
    const { id } = await offer(ada);
    const refused = problem(403, 'FORBIDDEN', 'Only who offers it, admins and owners may change it.');
    expect(await service.as(bob)('PATCH', `${url}/${id}`, { body: { title: 'Mine' }, ifMatch: 1 })).toEqual(refused);
    expect(await service.as(bob)('DELETE', `${url}/${id}`, { ifMatch: 1 })).toEqual(refused);
    expect((await service.as(ada)('PATCH', `${url}/${id}`, { body: { title: 'Old laptop' }, ifMatch: 1 })).status).toBe(200);
    expect(await service.as(owner)('DELETE', `${url}/${id}`, { ifMatch: 2 })).toEqual(done);
    expect(await service.as(bob)('POST', `${url}/${id}/restore`)).toEqual(noSuch('wealth'));
    expect((await service.as(ada)('POST', `${url}/${id}/restore`)).status).toBe(200);
  });

  test('is not offered to expire in the past, and changes no more once it is over', async () => {
    const { owner, url, offer, titles } = await start();
    const send = service.as(owner);
    const past = problem(422, 'UNPROCESSABLE', 'The time of expiry is over.');
    const expiresAt = '2020-01-01T00:00:00.000Z';
    expect(await send('POST', url, { body: { type: 'object', title: 'Laptop', expiresAt } })).toEqual(past);
    const { id } = await offer(owner);
    expect(await send('PATCH', `${url}/${id}`, { body: { expiresAt }, ifMatch: 1 })).toEqual(past);
    await send('PATCH', `${url}/${id}`, { body: { status: 'cancelled' }, ifMatch: 1 });
    expect(await send('PATCH', `${url}/${id}`, { body: { title: 'Again' }, ifMatch: 2 })).toEqual(
      problem(409, 'CONFLICT', 'It is cancelled, and changes no more.'),
    );
    expect([(await titles(owner)).length, (await titles(owner, '?status=cancelled')).length]).toEqual([0, 1]);
  });
});

describe('GET /v1/communities/:communityId/wealth', () => {
  test('filters by type, category, maker, status and text, and sorts', async () => {
    const { owner, ada, url, grant, offer, titles } = await start();
    await grant(ada, 10);
    await offer(owner, { title: 'Laptop', category: 'hardware', expiresAt: '2999-01-02T00:00:00.000Z' });
    await offer(owner, { title: 'Review', type: 'service' });
    const drill = await offer(ada, { title: 'Drill', category: 'tools', expiresAt: '2999-01-01T00:00:00.000Z' });
    await offer(ada, { title: 'Big LAPTOP' });
    expect(await titles(owner)).toEqual(['Big LAPTOP', 'Drill', 'Review', 'Laptop']);
    expect(await titles(owner, '?sort=title')).toEqual(['Big LAPTOP', 'Drill', 'Laptop', 'Review']);
    expect((await titles(owner, '?sort=expiring')).slice(0, 2)).toEqual(['Drill', 'Laptop']);
    expect(await titles(owner, '?type=service')).toEqual(['Review']);
    expect(await titles(owner, '?category=tools')).toEqual(['Drill']);
    expect(await titles(owner, '?q=lapTop')).toEqual(['Big LAPTOP', 'Laptop']);
    expect(await titles(owner, `?createdBy=${ada.userId}`)).toEqual(['Big LAPTOP', 'Drill']);
    await service.as(ada)('PATCH', `${url}/${drill.id}`, { body: { status: 'fulfilled' }, ifMatch: 1 });
    expect([await titles(owner, '?category=tools'), await titles(owner, '?status=fulfilled')]).toEqual([[], ['Drill']]);
  });

  test.each(['newest', 'expiring', 'title'])('reads every row once, page by page, sorted by %s', async (sort) => {
    const { owner, url, offer, titles } = await start();
    for (const [index, title] of ['c', 'a', 'b', 'a', 'd'].entries()) {
      await offer(owner, { title, ...(index % 2 === 0 ? { expiresAt: `2999-01-0${index + 1}T00:00:00.000Z` } : {}) });
    }
    const whole = await titles(owner, `?sort=${sort}`);
    const read: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await service.as(owner)('GET', `${url}?sort=${sort}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      const page = body as { items: Wealth[]; nextCursor: string | null };
      read.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect([whole.length, read]).toEqual([5, whole]);
    const other = sort === 'title' ? 'newest' : 'title';
    const { body } = await service.as(owner)('GET', `${url}?sort=${other}&limit=2`);
    const { nextCursor } = body as { nextCursor: string };
    expect((await service.as(owner)('GET', `${url}?sort=${sort}&cursor=${nextCursor}`)).status).toBe(400);
  });
});

const otherSide = (status: string) => problem(403, 'FORBIDDEN', `It is for the other side to call the request ${status}.`);

describe('the requests at /v1/communities/:communityId/wealth/:wealthId/requests', () => {
  test('are made, accepted and fulfilled; the quantity follows, and the last unit fulfils the wealth', async () => {
    const { communityId, owner, ada, url, offer, ask, move } = await start();
    const wealth = await offer(owner, { quantity: 2 });
    const key = randomUUID();
    const made = await service.as(ada)('POST', `${url}/${wealth.id}/requests`, { body: { quantity: 2, note: 'Please.' }, key });
    const request = made.body as WealthRequest;
    const whole = {
      id: request.id,
      communityId,
      wealthId: wealth.id,
      requestedBy: ada.userId,
      requestedByName: ada.displayName,
      quantity: 2,
      note: 'Please.',
      status: 'pending',
      version: 1,
      createdAt: request.createdAt,
      updatedAt: request.createdAt,
    };
    expect(made).toEqual({ status: 201, etag: '"1"', body: whole });
    expect(await service.as(owner)('GET', `${url}/${wealth.id}/requests/${request.id}`)).toEqual({ ...made, status: 200 });
    expect((await move(owner, request, 'accepted', 1)).body).toMatchObject({ status: 'accepted', version: 2 });
    const read = async () => (await service.as(owner)('GET', `${url}/${wealth.id}`)).body;
    expect(await read()).toMatchObject({ quantityLeft: 0, status: 'active', version: 2 });
    const second = await ask(ada, wealth);
    expect(await move(owner, second, 'accepted', 1)).toEqual(problem(409, 'CONFLICT', 'The request is for 1, and 0 are left.'));
    expect((await move(ada, request, 'fulfilled', 2)).status).toBe(200);
    expect(await read()).toMatchObject({ quantityLeft: 0, status: 'fulfilled', version: 3 });
    expect(await service.as(ada)('POST', `${url}/${wealth.id}/requests`, { body: {} })).toEqual(
      problem(409, 'CONFLICT', 'The wealth is fulfilled.'),
    );
    const again = await service.as(ada)('POST', `${url}/${wealth.id}/requests`, { body: { quantity: 2, note: 'Please.' }, key });
    expect(again).toEqual(made);
    const changes = (await outboxOf(outbox, communityId)).filter(({ resource }) => resource.id === request.id);
    expect(changes.map(({ action, changes: [first] = [] }) => [action, first?.after])).toEqual([
      ['wealth-request.create', wealth.id],
      ['wealth-request.update', 'accepted'],
      ['wealth-request.update', 'fulfilled'],
    ]);
  });

  test('give the quantity back when they are cancelled', async () => {
    const { owner, ada, url, offer, ask, move } = await start();
    const wealth = await offer(owner, { quantity: 1 });
    const request = await ask(ada, wealth);
    await move(owner, request, 'accepted', 1);
    expect((await move(ada, request, 'cancelled', 2)).status).toBe(200);
    expect((await service.as(owner)('GET', `${url}/${wealth.id}`)).body).toMatchObject({ quantityLeft: 1, status: 'active' });
  });

  test('are moved by the side that may, along the states that there are', async () => {
    const { owner, ada, bob, offer, ask, move, viewer } = await start();
    const wealth = await offer(owner);
    const request = await ask(ada, wealth);
    expect(await move(ada, request, 'accepted', 1)).toEqual(otherSide('accepted'));
    expect(await move(owner, request, 'cancelled', 1)).toEqual(otherSide('cancelled'));
    expect(await move(bob, request, 'cancelled', 1)).toEqual(noSuch('wealth request'));
    expect((await move(viewer, request, 'cancelled', 1)).status).toBe(403);
    expect(await move(owner, request, 'fulfilled', 1)).toEqual(
      problem(409, 'CONFLICT', 'A request that is pending is not fulfilled next.'),
    );
    expect((await move(owner, request, 'rejected', 1)).status).toBe(200);
    expect(await move(ada, request, 'cancelled', 2)).toEqual(
      problem(409, 'CONFLICT', 'A request that is rejected is not cancelled next.'),
    );
  });

  test('are not made for one’s own wealth; others’ are listed for the provider alone', async () => {
    const { owner, ada, bob, url, offer, ask } = await start();
    const wealth = await offer(owner);
    expect(await service.as(owner)('POST', `${url}/${wealth.id}/requests`, { body: {} })).toEqual(
      problem(422, 'UNPROCESSABLE', 'Nobody requests what they offer themselves.'),
    );
    await ask(ada, wealth);
    await ask(bob, wealth);
    const names = async (user: User) => {
      const { body } = await service.as(user)('GET', `${url}/${wealth.id}/requests?status=pending`);
      return (body as { items: WealthRequest[] }).items.map(({ requestedBy }) => requestedBy);
    };
    expect(await names(owner)).toEqual([bob.userId, ada.userId]);
    expect(await names(ada)).toEqual([ada.userId]);
  });

  test('of an admin are not accepted by themselves', async () => {
    const { communityId, owner, ada, grant, offer, ask, move } = await start();
    const admin = await admit(service, owner, communityId, 'admin');
    await grant(ada, 10);
    const request = await ask(admin, await offer(ada));
    expect((await move(admin, request, 'accepted', 1)).status).toBe(403);
    expect((await move(owner, request, 'accepted', 1)).status).toBe(200);
  });
});

const foreignRoutes = [...Object.values(wealthRoutes), ...Object.values(wealthRequestRoutes)];
const foreignBodies: Readonly<Record<string, object>> = {
  createWealth: { type: 'object', title: 'x' },
  createWealthRequest: {},
  updateWealth: { title: 'x' },
  updateWealthRequest: { status: 'cancelled' },
};

/** Wealth with a request, and the owner of another community; `pathIn` is the path to them, in a community. */
const startForeign = async (path: string) => {
  const { communityId, owner, ada, offer, ask } = await start();
  const other = await newPlace(service);
  const wealth = await offer(owner);
  const request = await ask(ada, wealth);
  const pathIn = (id: string) =>
    path.replace(':communityId', id).replace(':wealthId', wealth.id).replace(':requestId', request.id);
  return { send: service.as(other.owner), here: pathIn(communityId), elsewhere: pathIn(other.id) };
};

test.each(foreignRoutes)('$name is not found by a member of another community', async ({ name, method, path }) => {
  const { send, here } = await startForeign(path);
  const noun = path.includes(':wealthId') ? 'wealth' : 'community';
  expect(await send(method, here, { body: foreignBodies[name], ifMatch: 1 })).toEqual(noSuch(noun));
});

test.each(foreignRoutes.filter(({ path }) => path.includes(':wealthId')))(
  '$name does not find wealth of another community in one’s own',
  async ({ name, method, path }) => {
    const { send, elsewhere } = await startForeign(path);
    expect(await send(method, elsewhere, { body: foreignBodies[name], ifMatch: 1 })).toEqual(noSuch('wealth'));
  },
);
