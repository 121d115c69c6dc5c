import type { ChangeImpact, Community, Council, NewInvite, OwnRole } from '@guildhall/contracts';
import { timesAtOnce } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace } from '../support/people.ts';
import { newUser, noSuch, problem, stale, type Reply, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

/** A community with an admin, a moderator and a member. */
const start = async () => {
  const { id: communityId, owner, members } = await newPlace(service, ['admin', 'moderator', 'member']);
  const [admin = newUser(), moderator = newUser(), member = newUser()] = members;
  const place = `/v1/communities/${communityId}`;
  const send = service.as(owner);
  const memberUrl = ({ userId }: User): string => `${place}/members/${userId}`;
  const council = async (...seats: readonly User[]): Promise<Council> => {
    const made = (await send('POST', `${place}/councils`, { body: { name: 'Court' } })).body as Council;
    for (const { userId } of seats) await send('PUT', `${place}/councils/${made.id}/members/${userId}`, { body: {} });
    return made;
  };
  return { communityId, owner, admin, moderator, member, place, send, memberUrl, council };
};

const impactOf = ({ status, body }: Reply): ChangeImpact => {
  expect([status, body]).toEqual([200, body]);
  return body as ChangeImpact;
};

const trySettings = async (place: string, by: User, settings: object): Promise<ChangeImpact> => {
  const { version } = (await service.as(by)('GET', place)).body as Community;
  return impactOf(await service.as(by)('PATCH', `${place}?dryRun=true`, { body: { settings }, ifMatch: version }));
};

describe('?dryRun=true', () => {
  test('of a role that is given answers whole what the member gains and loses, and makes nothing of it', async () => {
    const { communityId, member, place, send, memberUrl } = await start();
    const before = await outboxOf(outbox, communityId);
    const answer = await send('PATCH', `${memberUrl(member)}?dryRun=true`, { body: { role: 'viewer' }, ifMatch: 1 });
    const losses = [
      'workspace:create',
      'workspace:update',
      'script:create',
      'script:update',
      'script:delete',
      'control-m:create',
      'control-m:update',
      'control-m:delete',
      'poll:vote',
      'poll:create',
      'wealth:update',
      'wealth:delete',
      'wealth:request',
      'forum:post',
      'pool:contribute',
      'dispute:open',
      'need:create',
      'need:update',
    ];
    expect(impactOf(answer)).toEqual({
      memberCount: 1,
      rights: losses.map((permission) => ({ permission, gained: 0, lost: 1 })).toSorted(inCatalogue(answer)),
      members: [
        {
          userId: member.userId,
          displayName: member.displayName,
          gains: [],
          losses: losses.map((permission) => ({ permission, rule: 'role' })).toSorted(inCatalogue(answer)),
          title: null,
        },
      ],
      nextAfter: null,
      unreachable: [],
      revokedInvites: 0,
    });
    expect(answer.etag).toBeUndefined();
    expect(await outboxOf(outbox, communityId)).toEqual(before);
    const { items } = (await send('GET', `${place}/members?role=member`)).body as { readonly items: readonly object[] };
    expect(items).toMatchObject([{ userId: member.userId, version: 1 }]);
  });

  test('of an own role, its deletion and a removal says whom it changes, and which invites fall', async () => {
    const { moderator, member, place, send, memberUrl } = await start();
    const own = (await send('POST', `${place}/roles`, { body: { name: 'Host', permissions: ['invite:create', 'member:read'] } }))
      .body as OwnRole;
    await send('PATCH', memberUrl(member), { body: { ownRoleId: own.id }, ifMatch: 1 });
    const url = `${place}/roles/${own.id}?dryRun=true`;
    const changed = impactOf(await send('PATCH', url, { body: { permissions: ['member:read', 'script:read'] }, ifMatch: 1 }));
    expect(changed.members).toMatchObject([
      { userId: member.userId, gains: [{ permission: 'script:read' }], losses: [{ permission: 'invite:create' }] },
    ]);
    expect(await send('DELETE', url, { ifMatch: 1 })).toEqual(problem(409, 'CONFLICT'));
    expect((await send('GET', `${place}/roles/${own.id}`)).body).toEqual(own);
    const invite = (await service.as(moderator)('POST', `${place}/invites`, { body: { role: 'viewer' } })).body as NewInvite;
    const removed = impactOf(await send('DELETE', `${memberUrl(moderator)}?dryRun=true`));
    expect(removed).toMatchObject({ memberCount: 1, revokedInvites: 1, members: [{ userId: moderator.userId, title: null }] });
    expect(removed.members[0]?.losses.every(({ rule }) => rule === 'membership')).toBe(true);
    const { items } = (await send('GET', `${place}/invites?limit=1`)).body as { readonly items: readonly object[] };
    expect(items).toMatchObject([{ id: invite.id, status: 'open' }]);
    const unused = (await send('POST', `${place}/roles`, { body: { name: 'None', permissions: [] } })).body as OwnRole;
    const gone = impactOf(await send('DELETE', `${place}/roles/${unused.id}?dryRun=true`, { ifMatch: 1 }));
    expect(gone).toMatchObject({ memberCount: 0, rights: [], members: [], unreachable: [] });
    expect((await send('GET', `${place}/roles/${unused.id}`)).status).toBe(200);
  });

  test('of settings names who gets over a threshold, the titles, and what nobody reaches by awards any more', async () => {
    const { owner, member, place, send } = await start();
    await send('PUT', `${place}/trust/grants/${member.userId}`, { body: { points: 2, reason: 'A founder.' }, ifMatch: 1 });
    const opened = await trySettings(place, owner, {
      minTrustForWealth: { type: 'number', value: 2 },
      trustTitles: {
        titles: [
          { name: 'New', minScore: 0 },
          { name: 'Known', minScore: 2 },
          { name: 'Legend', minScore: 900 },
        ],
      },
    });
    expect(opened.rights).toEqual([{ permission: 'wealth:create', gained: 1, lost: 0 }]);
    expect(opened.members).toEqual([
      {
        userId: member.userId,
        displayName: member.displayName,
        gains: [{ permission: 'wealth:create', rule: 'trust-threshold' }],
        losses: [],
        title: { before: 'New', after: 'Known' },
      },
    ]);
    expect(opened.unreachable).toEqual([{ kind: 'trust-title', name: 'Legend', explanation: expect.stringContaining('900') }]);
    const easy = { minTrustForWealth: { type: 'number', value: 1 }, minTrustToAwardTrust: { type: 'number', value: 1 } };
    await send('PATCH', place, { body: { settings: easy }, ifMatch: 1 });
    const closed = await trySettings(place, owner, { minTrustForWealth: { type: 'number', value: 10 } });
    expect(closed.unreachable).toEqual([
      {
        kind: 'trust-threshold',
        name: 'wealth:create',
        explanation:
          'It asks for a score of 10. With every award that can still be given, members reach 5 at most: it takes a grant.',
      },
    ]);
    expect(closed.rights).toEqual([{ permission: 'wealth:create', gained: 0, lost: 1 }]);
  });

  test('says when nobody is left to resolve disputes', async () => {
    const { owner, admin, place, send, council, memberUrl, moderator } = await start();
    const [empty, court] = [await council(), await council(moderator)];
    const emptied = await trySettings(place, owner, { disputeHandlingCouncils: [empty.id] });
    const nobody = { kind: 'right', name: 'dispute:resolve', explanation: 'Nobody in the community may do this.' };
    expect(emptied.unreachable).toEqual([nobody]);
    expect(emptied.rights).toEqual([{ permission: 'dispute:resolve', gained: 0, lost: 2 }]);
    expect(emptied.members.map(({ userId }) => userId)).toEqual([owner.userId, admin.userId].toSorted());
    await send('PATCH', place, { body: { settings: { disputeHandlingCouncils: [court.id] } }, ifMatch: 1 });
    expect(impactOf(await send('DELETE', `${memberUrl(moderator)}?dryRun=true`)).unreachable).toContainEqual(nobody);
    const demoted = { body: { role: 'viewer' }, ifMatch: 1 };
    expect(impactOf(await send('PATCH', `${memberUrl(moderator)}?dryRun=true`, demoted)).unreachable).toContainEqual(nobody);
  });

  test('lists members page by page, and none of them to who may not read members', async () => {
    const { owner, admin, moderator, member, place, send, memberUrl } = await start();
    const settings = { metricVisibilitySettings: { showDisputeRate: false } };
    const ids = [moderator.userId, member.userId].toSorted();
    const page = async (query: string) =>
      impactOf(await send('PATCH', `${place}?dryRun=true&limit=1${query}`, { body: { settings }, ifMatch: 1 }));
    const first = await page('');
    expect([first.memberCount, first.members.map(({ userId }) => userId), first.nextAfter]).toEqual([2, [ids[0]], ids[0]]);
    const second = await page(`&after=${first.nextAfter}`);
    expect([second.memberCount, second.members.map(({ userId }) => userId), second.nextAfter]).toEqual([2, [ids[1]], null]);
    const own = await send('POST', `${place}/roles`, { body: { name: 'Setter', permissions: ['community:update'] } });
    await send('PATCH', memberUrl(admin), { body: { ownRoleId: (own.body as OwnRole).id }, ifMatch: 1 });
    expect(await trySettings(place, admin, settings)).toMatchObject({ memberCount: 2, members: [], nextAfter: null });
    expect(await trySettings(place, owner, settings)).toMatchObject({ memberCount: 2, nextAfter: null });
  });

  test('is refused as the change itself is: without the right, of another version, of another community', async () => {
    const { communityId, owner, member, place, send, memberUrl } = await start();
    const body = { settings: { minTrustForWealth: { type: 'number', value: 1 } } };
    const tried = `${place}?dryRun=true`;
    expect(await service.as(member)('PATCH', tried, { body, ifMatch: 1 })).toEqual(problem(403, 'FORBIDDEN'));
    const denied = (await outboxOf(outbox, communityId)).filter(({ result }) => result === 'denied');
    expect(denied).toMatchObject([{ action: 'community.update', actor: { id: member.userId } }]);
    expect(await send('PATCH', tried, { body, ifMatch: 7 })).toEqual(stale(1));
    expect(await send('PATCH', tried, { body })).toEqual(problem(428, 'VERSION_REQUIRED'));
    expect(await service.as((await start()).owner)('PATCH', tried, { body, ifMatch: 1 })).toEqual(noSuch('community'));
    expect(await send('DELETE', `${memberUrl(owner)}?dryRun=true`)).toEqual(problem(409, 'CONFLICT'));
    expect(await send('DELETE', `${memberUrl(newUser())}?dryRun=true`)).toEqual(noSuch('member'));
  });

  test('many refused ones at once do not starve the pool of connections', async () => {
    const { member, place } = await start();
    const body = { settings: { nonContributionThresholdDays: 1 } };
    const answers = await timesAtOnce(40, () => service.as(member)('PATCH', `${place}?dryRun=true`, { body, ifMatch: 1 }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
  });
});

/** The order of an answer: that of the catalogue of rights. */
const inCatalogue = ({ body }: Reply) => {
  const names = (body as ChangeImpact).rights.map(({ permission }) => permission as string);
  return (one: { readonly permission: string }, other: { readonly permission: string }): number =>
    names.indexOf(one.permission) - names.indexOf(other.permission);
};
