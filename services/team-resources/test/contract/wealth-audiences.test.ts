import type { Council, InboxItem, Pool, Wealth } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service } = useTeamService();

/** A community in which the owner offers wealth; `ada` and `bob` are members, `carol` is an admin. */
const start = async () => {
  const { id: communityId, owner, members } = await newPlace(service, ['member', 'member', 'admin']);
  const [ada = newUser(), bob = newUser(), carol = newUser()] = members;
  const community = `/v1/communities/${communityId}`;
  const url = `${community}/wealth`;
  const make = async <T>(noun: string, body: object): Promise<T> =>
    (await service.as(owner)('POST', `${community}/${noun}`, { body })).body as T;
  const newCouncil = async (...seated: readonly User[]): Promise<Council> => {
    const council = await make<Council>('councils', { name: 'Hardware' });
    for (const { userId } of seated) await service.as(owner)('PUT', `${community}/councils/${council.id}/members/${userId}`);
    return council;
  };
  const newPool = (fields: object = {}) => make<Pool>('pools', { name: 'Laptops', unit: 'laptops', ...fields });
  const contribute = (user: User, { id }: Pool, kind: string) =>
    service.as(user)('POST', `${community}/pools/${id}/contributions`, { body: { kind, quantity: 1 } });
  const offer = (fields: object) => make<Wealth>('wealth', { type: 'object', title: 'Laptop', ...fields });
  const titles = async (user: User, query = '') => {
    const { body } = await service.as(user)('GET', `${url}${query}`);
    return (body as { readonly items: readonly Wealth[] }).items.map(({ title }) => title);
  };
  /** The users who see the wealth by its id, in lists, filters and search; each must agree with the others. */
  const seenBy = async ({ id, title }: Wealth, users: Readonly<Record<string, User>>): Promise<readonly string[]> => {
    const seeing: string[] = [];
    for (const [name, user] of Object.entries(users)) {
      const { status } = await service.as(user)('GET', `${url}/${id}`);
      const isListed = (await titles(user)).includes(title);
      expect([name, (await titles(user, '?q=laptop')).includes(title)]).toEqual([name, isListed]);
      expect([name, status]).toEqual([name, isListed ? 200 : 404]);
      if (isListed) seeing.push(name);
    }
    return seeing;
  };
  return { communityId, community, owner, ada, bob, carol, url, newCouncil, newPool, contribute, offer, titles, seenBy };
};

describe('wealth that is shared with a council', () => {
  test('is seen and requested by its members, by who offers it and by admins, and does not exist for others', async () => {
    const { owner, ada, bob, carol, url, newCouncil, offer, seenBy } = await start();
    const { id: councilId } = await newCouncil(ada);
    const wealth = await offer({ councilId });
    expect(wealth).toMatchObject({ councilId, poolId: null });
    expect(await seenBy(wealth, { owner, ada, bob, carol })).toEqual(['owner', 'ada', 'carol']);
    const requests = `${url}/${wealth.id}/requests`;
    expect(await service.as(bob)('GET', requests)).toEqual(noSuch('wealth'));
    expect(await service.as(bob)('POST', requests, { body: {} })).toEqual(noSuch('wealth'));
    expect((await service.as(ada)('POST', requests, { body: {} })).status).toBe(201);
    const { body } = await service.as(owner)('GET', '/v1/me/inbox?kind=request');
    expect((body as { readonly items: readonly InboxItem[] }).items).toMatchObject([{ title: 'Laptop' }]);
  });

  test('is hidden at once from who leaves the council, and from its members while it is deleted', async () => {
    const { community, owner, ada, bob, newCouncil, offer, seenBy } = await start();
    const { id: councilId } = await newCouncil(ada, bob);
    const wealth = await offer({ councilId });
    await service.as(owner)('DELETE', `${community}/councils/${councilId}/members/${bob.userId}`);
    expect(await seenBy(wealth, { owner, ada, bob })).toEqual(['owner', 'ada']);
    await service.as(owner)('DELETE', `${community}/councils/${councilId}`, { ifMatch: 1 });
    expect(await seenBy(wealth, { owner, ada, bob })).toEqual(['owner']);
    await service.as(owner)('POST', `${community}/councils/${councilId}/restore`);
    expect(await seenBy(wealth, { owner, ada, bob })).toEqual(['owner', 'ada']);
  });

  test('asks its members for trust, too', async () => {
    const { owner, ada, newCouncil, offer, seenBy } = await start();
    const { id: councilId } = await newCouncil(ada);
    expect(await seenBy(await offer({ councilId, minTrustRequired: 1 }), { owner, ada })).toEqual(['owner']);
  });

  test('meets no need of who does not see it', async () => {
    const { community, bob, newCouncil, offer } = await start();
    const { id: councilId } = await newCouncil();
    const wealth = await offer({ councilId });
    const need = await service.as(bob)('POST', `${community}/needs`, { body: { title: 'Laptop' } });
    const { id } = need.body as { readonly id: string };
    const fulfil = service.as(bob)('POST', `${community}/needs/${id}/fulfil`, { body: { metByWealthId: wealth.id } });
    expect(await fulfil).toEqual(problem(422, 'UNPROCESSABLE', 'The community has no such wealth.'));
  });
});

describe('wealth that is shared with a pool', () => {
  test('is seen by who contributed to it and by the council that hands out of it, not by who was given something', async () => {
    const { community, owner, ada, bob, newCouncil, newPool, contribute, offer, seenBy } = await start();
    const council = await newCouncil(bob);
    const pool = await newPool({ councilId: council.id });
    const wealth = await offer({ poolId: pool.id });
    expect(await seenBy(wealth, { owner, ada, bob })).toEqual(['owner', 'bob']);
    await contribute(ada, pool, 'contribution');
    await contribute(bob, pool, 'hand-out');
    expect(await seenBy(wealth, { owner, ada, bob })).toEqual(['owner', 'ada', 'bob']);
    await service.as(owner)('DELETE', `${community}/councils/${council.id}/members/${bob.userId}`);
    expect(await seenBy(wealth, { owner, ada, bob })).toEqual(['owner', 'ada']);
    const { version } = (await service.as(owner)('GET', `${community}/pools/${pool.id}`)).body as Pool;
    expect(await service.as(owner)('DELETE', `${community}/pools/${pool.id}`, { ifMatch: version })).toEqual(done);
    expect(await seenBy(wealth, { owner, ada, bob })).toEqual(['owner']);
  });
});

const both = problem(422, 'UNPROCESSABLE', 'It is shared with one council or one pool, not with both.');

describe('sharing', () => {
  test('is changed, between a council, a pool and the whole community; lists are filtered by it', async () => {
    const { ada, bob, owner, url, newCouncil, newPool, contribute, offer, seenBy, titles } = await start();
    const [council, pool] = [await newCouncil(ada), await newPool()];
    await contribute(bob, pool, 'contribution');
    const wealth = await offer({});
    const share = (ifMatch: number, body: object) => service.as(owner)('PATCH', `${url}/${wealth.id}`, { body, ifMatch });
    expect(await seenBy(wealth, { ada, bob })).toEqual(['ada', 'bob']);
    await share(1, { councilId: council.id });
    expect(await seenBy(wealth, { ada, bob })).toEqual(['ada']);
    expect([await titles(ada, `?councilId=${council.id}`), await titles(ada, `?poolId=${pool.id}`)]).toEqual([['Laptop'], []]);
    expect(await share(2, { poolId: pool.id })).toEqual(both);
    await share(2, { councilId: null, poolId: pool.id });
    expect(await seenBy(wealth, { ada, bob })).toEqual(['bob']);
    expect(await titles(bob, `?poolId=${pool.id}`)).toEqual(['Laptop']);
    expect((await share(3, { poolId: null })).body).toMatchObject({ councilId: null, poolId: null, version: 4 });
    expect(await seenBy(wealth, { ada, bob })).toEqual(['ada', 'bob']);
  });

  test('is refused with a council or a pool that the community does not have, and with both', async () => {
    const { community, owner, url, newCouncil, newPool, offer } = await start();
    const elsewhere = await start();
    const [council, pool] = [await newCouncil(), await newPool()];
    await service.as(owner)('DELETE', `${community}/councils/${council.id}`, { ifMatch: 1 });
    const { id } = await offer({});
    const refusals: readonly (readonly [object, unknown])[] = [
      [{ councilId: (await elsewhere.newCouncil()).id }, problem(422, 'UNPROCESSABLE', 'The community has no such council.')],
      [{ councilId: council.id }, problem(422, 'UNPROCESSABLE', 'The community has no such council.')],
      [{ poolId: (await elsewhere.newPool()).id }, problem(422, 'UNPROCESSABLE', 'The community has no such pool.')],
      [{ councilId: council.id, poolId: pool.id }, both],
    ];
    for (const [fields, refusal] of refusals) {
      expect(await service.as(owner)('POST', url, { body: { type: 'object', title: 'Laptop', ...fields } })).toEqual(refusal);
      expect(await service.as(owner)('PATCH', `${url}/${id}`, { body: fields, ifMatch: 1 })).toEqual(refusal);
    }
  });

  test('with a council that was deleted since does not keep wealth from other changes', async () => {
    const { community, owner, url, newCouncil, offer } = await start();
    const council = await newCouncil();
    const { id } = await offer({ councilId: council.id });
    await service.as(owner)('DELETE', `${community}/councils/${council.id}`, { ifMatch: 1 });
    const renamed = await service.as(owner)('PATCH', `${url}/${id}`, { body: { title: 'Old laptop' }, ifMatch: 1 });
    expect(renamed.body).toMatchObject({ title: 'Old laptop', councilId: council.id });
  });
});
