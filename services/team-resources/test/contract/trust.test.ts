import { trustRoutes, type TrustAward, type TrustGrant, type TrustGraph, type TrustScore } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { admit, newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, stale, type Method, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const start = async () => {
  const { id: communityId, owner, members } = await newPlace(service, ['member', 'member', 'viewer']);
  const [ada = newUser(), bob = newUser(), viewer = newUser()] = members;
  const url = `/v1/communities/${communityId}/trust`;
  const grant = async (user: User, points: number) => {
    const { etag = '' } = await service.as(owner)('GET', `${url}/grants/${user.userId}`);
    const ifMatch = Number(etag.replaceAll('"', ''));
    return service.as(owner)('PUT', `${url}/grants/${user.userId}`, { body: { points, reason: 'A founder.' }, ifMatch });
  };
  const award = (from: User, to: User) => service.as(from)('PUT', `${url}/awards/${to.userId}`);
  const scoreOf = async (user: User) => (await service.as(owner)('GET', `${url}/scores/${user.userId}`)).body as TrustScore;
  const list = async <T>(path: string) => ((await service.as(owner)('GET', `${url}${path}`)).body as { items: T[] }).items;
  return { communityId, owner, ada, bob, viewer, url, grant, award, scoreOf, list };
};

describe('trust awards', () => {
  test('of the owner need no score; they are listed, and withdrawn by who gave them', async () => {
    const { owner, ada, bob, url, award, list, scoreOf } = await start();
    const given = await award(owner, ada);
    const whole = {
      id: expect.any(String),
      fromUserId: owner.userId,
      fromName: owner.displayName,
      toUserId: ada.userId,
      toName: ada.displayName,
      awardedAt: expect.any(String),
    };
    expect(given).toEqual({ status: 200, etag: undefined, body: whole });
    expect(await award(owner, ada)).toEqual(given);
    expect(await list(`/awards`)).toEqual([given.body]);
    expect(await list(`/awards?from=${owner.userId}&to=${ada.userId}`)).toEqual([given.body]);
    expect(await list(`/awards?to=${bob.userId}`)).toEqual([]);
    expect(await scoreOf(ada)).toMatchObject({ awards: 1, points: 0, score: 1, title: 'New' });
    expect(await service.as(ada)('DELETE', `${url}/awards/${ada.userId}`)).toEqual(noSuch('trust award'));
    expect(await service.as(owner)('DELETE', `${url}/awards/${ada.userId}`)).toEqual(done);
    expect(await service.as(owner)('DELETE', `${url}/awards/${ada.userId}`)).toEqual(noSuch('trust award'));
    expect([await list('/awards'), (await scoreOf(ada)).score]).toEqual([[], 0]);
    const again = (await award(owner, ada)).body as TrustAward;
    expect(again.id).toBe((given.body as TrustAward).id);
  });

  test('are listed page by page, newest first', async () => {
    const { owner, ada, bob, url, award } = await start();
    await award(owner, ada);
    await award(owner, bob);
    const page = async (query: string) =>
      (await service.as(owner)('GET', `${url}/awards?limit=1${query}`)).body as {
        items: TrustAward[];
        nextCursor: string | null;
      };
    const first = await page('');
    const second = await page(`&cursor=${String(first.nextCursor)}`);
    expect([first.items, second.items]).toMatchObject([[{ toUserId: bob.userId }], [{ toUserId: ada.userId }]]);
    expect(second.nextCursor).toBeNull();
  });

  test('of a member need the score that the community asks for', async () => {
    const { communityId, ada, bob, award, grant } = await start();
    expect(await award(ada, bob)).toEqual(
      problem(403, 'FORBIDDEN', 'Vouching for others needs a trust score of 15 here; yours is 0.'),
    );
    expect((await outboxOf(outbox, communityId)).at(-1)).toMatchObject({
      action: 'trust-award.create',
      resource: { type: 'member', id: bob.userId, name: bob.displayName },
      result: 'denied',
    });
    await grant(ada, 14);
    expect((await award(ada, bob)).status).toBe(403);
    await grant(ada, 15);
    expect((await award(ada, bob)).status).toBe(200);
  });

  test('are not given to oneself, by a viewer, or to who is no member', async () => {
    const { owner, ada, viewer, award } = await start();
    expect(await award(owner, owner)).toEqual(problem(422, 'UNPROCESSABLE', 'Nobody vouches for themselves.'));
    expect(await award(viewer, ada)).toEqual(problem(403, 'FORBIDDEN', 'Your role here, viewer, does not include trust:award.'));
    expect(await award(owner, newUser())).toEqual(noSuch('member'));
  });

  test('of someone who left are kept: not counted while they are away, and counted when they come back', async () => {
    const { communityId, owner, ada, bob, award, grant, list, scoreOf } = await start();
    await grant(ada, 15);
    await award(ada, bob);
    const scores = [(await scoreOf(bob)).score];
    await service.as(ada)('DELETE', `/v1/communities/${communityId}/members/${ada.userId}`);
    scores.push((await scoreOf(bob)).score);
    expect(await list('/awards')).toEqual([]);
    await admit(service, owner, communityId, 'viewer', ada);
    scores.push((await scoreOf(bob)).score);
    expect(scores).toEqual([1, 0, 1]);
    expect((await list<TrustAward>('/awards')).map(({ fromUserId }) => fromUserId)).toEqual([ada.userId]);
  });
});

describe('trust grants', () => {
  test('are revised by admins, one version at a time, with a reason and both values in the audit trail', async () => {
    const { communityId, owner, ada, url, list } = await start();
    const path = `${url}/grants/${ada.userId}`;
    const none = {
      userId: ada.userId,
      displayName: ada.displayName,
      points: 0,
      reason: '',
      grantedBy: null,
      grantedByName: null,
      version: 1,
      grantedAt: null,
    };
    expect(await service.as(ada)('GET', path)).toEqual({ status: 200, etag: '"1"', body: none });
    expect(await list('/grants')).toEqual([]);
    const edit = { points: 15, reason: 'A founder.' };
    const revised = await service.as(owner)('PUT', path, { body: edit, ifMatch: 1 });
    const granter = { grantedBy: owner.userId, grantedByName: owner.displayName };
    const whole = { ...none, ...edit, ...granter, version: 2, grantedAt: (revised.body as TrustGrant).grantedAt };
    expect(revised).toEqual({ status: 200, etag: '"2"', body: whole });
    expect(await list('/grants')).toEqual([whole]);
    expect(await service.as(owner)('PUT', path, { body: { points: 20, reason: 'More.' }, ifMatch: 1 })).toEqual(stale(2));
    expect(await service.as(owner)('PUT', path, { body: edit, ifMatch: 2 })).toEqual(revised);
    const answers = await Promise.all(
      [30, 40].map((points) => service.as(owner)('PUT', path, { body: { points, reason: 'At once.' }, ifMatch: 2 })),
    );
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412]);
    const events = (await outboxOf(outbox, communityId)).filter(({ action }) => action === 'trust-grant.update');
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      resource: { type: 'member', id: ada.userId, name: ada.displayName },
      result: 'success',
      changes: [
        { path: '/points', before: 0, after: 15 },
        { path: '/reason', before: '', after: 'A founder.' },
      ],
    });
  });

  test('are refused to members, and not found for who is no member', async () => {
    const { owner, ada, url } = await start();
    const body = { points: 15, reason: 'I am good.' };
    expect(await service.as(ada)('PUT', `${url}/grants/${ada.userId}`, { body, ifMatch: 1 })).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, member, does not include trust:grant.'),
    );
    const stranger = `${url}/grants/${newUser().userId}`;
    expect(await service.as(owner)('PUT', stranger, { body, ifMatch: 1 })).toEqual(noSuch('member'));
    expect(await service.as(owner)('GET', stranger)).toEqual(noSuch('member'));
  });
});

describe('trust scores', () => {
  test('are listed highest first, page by page, with the highest title reached', async () => {
    const { ada, bob, owner, viewer, url, grant } = await start();
    await grant(ada, 50);
    await grant(bob, 10);
    await grant(viewer, 9);
    const first = (await service.as(owner)('GET', `${url}/scores?limit=2`)).body as { items: TrustScore[]; nextCursor: string };
    const second = (await service.as(owner)('GET', `${url}/scores?limit=2&cursor=${first.nextCursor}`)).body as {
      items: TrustScore[];
    };
    expect([...first.items, ...second.items].map(({ userId, score, title }) => [userId, score, title])).toEqual([
      [ada.userId, 50, 'Trusted'],
      [bob.userId, 10, 'Stable'],
      [viewer.userId, 9, 'New'],
      [owner.userId, 0, 'New'],
    ]);
    expect(await service.as(owner)('GET', `${url}/scores/${newUser().userId}`)).toEqual(noSuch('member'));
    expect(await service.as(owner)('GET', `${url}/scores?cursor=WyIxZTQiLCJ4Il0`)).toMatchObject({ status: 400 });
  });
});

/** The members of a graph with their distance, its awards, and whether it is cut off. */
const shape = ({ nodes, edges, isTruncated }: TrustGraph) => [
  nodes.map(({ userId, distance }) => `${userId} ${distance}`),
  edges.map(({ from, to }) => `${from}>${to}`).toSorted(),
  isTruncated,
];
const edge = (from: User, to: User) => `${from.userId}>${to.userId}`;

describe('GET /v1/communities/:communityId/trust/graph', () => {
  test('shows the awards around a member, nearest first, to the depth and limit', async () => {
    const { owner, ada, bob, viewer, url, grant, award } = await start();
    await grant(ada, 15);
    await grant(bob, 15);
    await award(owner, ada);
    await award(ada, bob);
    await award(bob, ada);
    await award(bob, viewer);
    const read = async (query: string) => (await service.as(owner)('GET', `${url}/graph${query}`)).body as TrustGraph;
    const near = [`${owner.userId} 0`, `${ada.userId} 1`];
    expect(shape(await read('?depth=1'))).toEqual([near, [edge(owner, ada)], false]);
    const between = [edge(owner, ada), edge(ada, bob), edge(bob, ada)].toSorted();
    expect(shape(await read(''))).toEqual([[...near, `${bob.userId} 2`], between, false]);
    expect(shape(await read('?depth=4&limit=2'))).toEqual([near, [edge(owner, ada)], true]);
    expect(shape(await read(`?around=${viewer.userId}&depth=1`))).toEqual([
      [`${viewer.userId} 0`, `${bob.userId} 1`],
      [edge(bob, viewer)],
      false,
    ]);
    expect(await service.as(owner)('GET', `${url}/graph?around=nobody`)).toEqual(noSuch('member'));
  });
});

test.each(Object.values(trustRoutes))('$name is not found by a member of another community', async ({ method, path }) => {
  const { communityId, ada } = await start();
  const other = await newPlace(service);
  const at = path.replace(':communityId', communityId).replace(':userId', ada.userId);
  const body = method === 'PUT' && path.includes('grants') ? { body: { points: 1, reason: 'x' }, ifMatch: 1 } : {};
  expect(await service.as(other.owner)(method as Method, at, body)).toEqual(noSuch('community'));
});
