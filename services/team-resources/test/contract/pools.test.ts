import { timesAtOnce } from '@guildhall/testkit';
import { randomUUID } from 'node:crypto';
import { poolRoutes, type Council, type Pool, type PoolContribution } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const start = async () => {
  const { id: communityId, owner, members } = await newPlace(service, ['member', 'member', 'viewer']);
  const [ada = newUser(), bob = newUser(), viewer = newUser()] = members;
  const url = `/v1/communities/${communityId}/pools`;
  const send = service.as(owner);
  const create = async (fields: object = {}) =>
    (await send('POST', url, { body: { name: 'Laptops', unit: 'laptops', ...fields } })).body as Pool;
  const settle = (user: User, { id }: Pool, kind: PoolContribution['kind'], quantity: number, key?: string) =>
    service.as(user)('POST', `${url}/${id}/contributions`, { body: { kind, quantity }, ...(key === undefined ? {} : { key }) });
  const holdingOf = async ({ id }: Pool) => ((await send('GET', `${url}/${id}`)).body as Pool).holding;
  return { communityId, owner, ada, bob, viewer, url, send, create, settle, holdingOf };
};

describe('pools', () => {
  test('are created empty, read as they were answered, renamed, deleted and restored with what they hold', async () => {
    const { communityId, owner, ada, url, send, create, settle } = await start();
    const created = await send('POST', url, { body: { name: 'Laptops', unit: 'laptops' } });
    const { id, createdAt } = created.body as Pool;
    const whole = {
      id,
      communityId,
      councilId: null,
      name: 'Laptops',
      description: '',
      unit: 'laptops',
      holding: 0,
      mayHandOut: true,
      createdBy: owner.userId,
      createdByName: owner.displayName,
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(created).toEqual({ status: 201, etag: '"1"', body: whole });
    expect(await send('GET', `${url}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    expect((await service.as(ada)('GET', url)).body).toEqual({ items: [{ ...whole, mayHandOut: false }], nextCursor: null });
    await settle(ada, whole, 'contribution', 2);
    expect((await send('PATCH', `${url}/${id}`, { body: { name: 'Spare laptops' }, ifMatch: 2 })).body).toMatchObject({
      name: 'Spare laptops',
      holding: 2,
      version: 3,
    });
    expect(await send('DELETE', `${url}/${id}`, { ifMatch: 3 })).toEqual(done);
    expect(await send('GET', `${url}/${id}`)).toEqual(noSuch('pool'));
    expect(await settle(ada, whole, 'contribution', 2)).toEqual(noSuch('pool'));
    expect((await send('GET', `${url}?state=deleted`)).body).toMatchObject({ items: [{ id }] });
    expect((await send('POST', `${url}/${id}/restore`)).body).toMatchObject({ holding: 2, version: 5 });
    await create({ name: 'Hours', unit: 'hours' });
    expect((await send('GET', `${url}?q=HOU`)).body).toMatchObject({ items: [{ name: 'Hours' }] });
  });

  test('of a council that the community does not have are not created', async () => {
    const { url, send } = await start();
    const body = { name: 'Laptops', unit: 'laptops', councilId: randomUUID() };
    expect(await send('POST', url, { body })).toEqual(problem(422, 'UNPROCESSABLE', 'The community has no such council.'));
  });
});

describe('the contributions to a pool at /v1/communities/:communityId/pools/:poolId/contributions', () => {
  test('settle at once, are listed, and leave their audit event', async () => {
    const { communityId, ada, owner, url, send, create, settle, holdingOf } = await start();
    const pool = await create();
    const key = randomUUID();
    const given = await settle(ada, pool, 'contribution', 3, key);
    const whole = {
      id: (given.body as PoolContribution).id,
      communityId,
      poolId: pool.id,
      kind: 'contribution',
      quantity: 3,
      note: '',
      createdBy: ada.userId,
      createdByName: ada.displayName,
      createdAt: (given.body as PoolContribution).createdAt,
    };
    expect(given).toEqual({ status: 201, etag: undefined, body: whole });
    expect(await settle(ada, pool, 'contribution', 3, key)).toEqual(given);
    expect(await send('GET', `${url}/${pool.id}/contributions/${whole.id}`)).toEqual({ ...given, status: 200 });
    const handedOut = await settle(owner, pool, 'hand-out', 2);
    expect([handedOut.status, await holdingOf(pool)]).toEqual([201, 1]);
    const list = async (query: string) =>
      ((await send('GET', `${url}/${pool.id}/contributions${query}`)).body as { items: unknown[] }).items;
    expect(await list('')).toEqual([handedOut.body, whole]);
    expect([await list('?kind=hand-out'), await list(`?createdBy=${ada.userId}`)]).toEqual([[handedOut.body], [whole]]);
    const events = (await outboxOf(outbox, communityId)).filter(({ action }) => action === 'pool-contribution.create');
    expect(events.map(({ actor, result }) => [actor.id, result])).toEqual([
      [ada.userId, 'success'],
      [owner.userId, 'success'],
    ]);
  });

  test('are handed out by members of its council, admins and owners, and never more than there is', async () => {
    const { communityId, ada, bob, viewer, send, create, settle, holdingOf } = await start();
    const councils = `/v1/communities/${communityId}/councils`;
    const council = (await send('POST', councils, { body: { name: 'Hardware' } })).body as Council;
    await send('PUT', `${councils}/${council.id}/members/${ada.userId}`);
    const pool = await create({ councilId: council.id });
    await settle(bob, pool, 'contribution', 2);
    expect(await settle(bob, pool, 'hand-out', 1)).toEqual(
      problem(403, 'FORBIDDEN', 'Members of its council, admins and owners hand out of a pool.'),
    );
    expect((await settle(viewer, pool, 'contribution', 1)).status).toBe(403);
    expect((await settle(ada, pool, 'hand-out', 1)).status).toBe(201);
    expect(await settle(ada, pool, 'hand-out', 2)).toEqual(problem(409, 'CONFLICT', 'The pool holds 1.'));
    await send('DELETE', `${councils}/${council.id}/members/${ada.userId}`);
    expect((await settle(ada, pool, 'hand-out', 1)).status).toBe(403);
    expect(await holdingOf(pool)).toBe(1);
  });

  test('of 200 who want the last unit at once, one gets it, and the sum stays what the pool holds', async () => {
    const { owner, ada, url, send, create, settle, holdingOf } = await start();
    const pool = await create();
    await settle(ada, pool, 'contribution', 1);
    const answers = await timesAtOnce(200, () => settle(owner, pool, 'hand-out', 1, randomUUID()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const { items } = (await send('GET', `${url}/${pool.id}/contributions?limit=100`)).body as { items: PoolContribution[] };
    const sum = items.reduce((total, { kind, quantity }) => total + (kind === 'contribution' ? quantity : -quantity), 0);
    expect([sum, await holdingOf(pool)]).toEqual([0, 0]);
  });

  test('that could not settle do not use up their Idempotency-Key', async () => {
    const { owner, ada, create, settle } = await start();
    const pool = await create();
    const key = randomUUID();
    expect((await settle(owner, pool, 'hand-out', 1, key)).status).toBe(409);
    await settle(ada, pool, 'contribution', 1);
    expect((await settle(owner, pool, 'hand-out', 1, key)).status).toBe(201);
  });
});

test.each(Object.values(poolRoutes))('$name is not found by a member of another community', async ({ name, method, path }) => {
  const { communityId, ada, create, settle } = await start();
  const other = await newPlace(service);
  const pool = await create();
  const { id } = (await settle(ada, pool, 'contribution', 1)).body as PoolContribution;
  const bodies: Readonly<Record<string, object>> = {
    createPool: { name: 'x', unit: 'x' },
    createPoolContribution: { kind: 'contribution', quantity: 1 },
    updatePool: { name: 'x' },
  };
  const pathIn = (community: string) =>
    path.replace(':communityId', community).replace(':poolId', pool.id).replace(':contributionId', id);
  const send = service.as(other.owner);
  const noun = path.includes(':poolId') ? 'pool' : 'community';
  expect(await send(method, pathIn(communityId), { body: bodies[name], ifMatch: 1 })).toEqual(noSuch(noun));
});
