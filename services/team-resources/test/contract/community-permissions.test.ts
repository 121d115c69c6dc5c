import { communityRights, type CommunityPermission, type OwnPermissions, type PermissionExplanation } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { newPlace, type Place } from '../support/people.ts';
import { newUser, noSuch, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service } = useTeamService();

const urlOf = ({ id }: Place, { userId }: User, permission: CommunityPermission): string =>
  `/v1/communities/${id}/permissions/explain?userId=${userId}&permission=${permission}`;

const explain = async (place: Place, user: User, permission: CommunityPermission): Promise<PermissionExplanation> =>
  (await service.as(place.owner)('GET', urlOf(place, user, permission))).body as PermissionExplanation;

describe('GET /v1/communities/:communityId/permissions/explain', () => {
  test('says yes or no and which rule decided, in agreement with the routes', async () => {
    const place = await newPlace(service, ['admin', 'member', 'viewer']);
    const [admin = newUser(), member = newUser(), viewer = newUser()] = place.members;
    expect(await explain(place, member, 'trust:award')).toEqual({
      userId: member.userId,
      permission: 'trust:award',
      isAllowed: false,
      rule: 'trust-threshold',
      role: 'member',
      globalPermissions: null,
      explanation: 'The trust score is 0, and the community asks for 15.',
    });
    const award = `/v1/communities/${place.id}/trust/awards/${viewer.userId}`;
    expect((await service.as(member)('PUT', award)).status).toBe(403);
    expect(await explain(place, admin, 'trust:award')).toMatchObject({ isAllowed: true, rule: 'role' });
    expect((await service.as(admin)('PUT', award)).status).toBe(200);
    const settings = {
      minTrustForWealth: { type: 'share', value: 0.25 },
      minTrustToAwardTrust: { type: 'number', value: 0 },
      pollCreatorUsers: [admin.userId],
    };
    await service.as(place.owner)('PATCH', `/v1/communities/${place.id}`, { body: { settings }, ifMatch: 1 });
    expect(await explain(place, member, 'wealth:create')).toMatchObject({
      isAllowed: false,
      explanation: 'The trust score is 0, and the community asks for 1.',
    });
    expect(await explain(place, member, 'poll:create')).toMatchObject({ isAllowed: false, rule: 'poll-creators' });
    const poll = { body: { question: 'Tea?', choice: 'single', options: ['Yes', 'No'] } };
    expect((await service.as(member)('POST', `/v1/communities/${place.id}/polls`, poll)).status).toBe(403);
    expect(await explain(place, viewer, 'script:create')).toMatchObject({ isAllowed: false, rule: 'role', role: 'viewer' });
  });

  test('shows the global permissions of the caller, and says of another user that they are not looked at', async () => {
    const place = await newPlace(service, ['member']);
    const [member = newUser()] = place.members;
    const own = await service.as(member)('GET', urlOf(place, member, 'community:update'));
    expect(own.body).toMatchObject({ isAllowed: false, rule: 'role', globalPermissions: ['community:create'] });
    expect(await explain(place, member, 'community:update')).toMatchObject({ isAllowed: false, globalPermissions: null });
  });

  test('says of a stranger and of a former member that they do not belong to the community', async () => {
    const place = await newPlace(service, ['member']);
    const [member = newUser()] = place.members;
    await service.as(member)('DELETE', `/v1/communities/${place.id}/members/${member.userId}`);
    for (const user of [newUser(), member]) {
      expect(await explain(place, user, 'community:read')).toMatchObject({ isAllowed: false, rule: 'membership', role: null });
    }
  });

  test('is not found by a member of another community', async () => {
    const [place, elsewhere] = [await newPlace(service), await newPlace(service)];
    expect(await service.as(elsewhere.owner)('GET', urlOf(place, place.owner, 'community:read'))).toEqual(noSuch('community'));
  });
});

const listed = async (place: Place, user: User) =>
  (await service.as(user)('GET', `/v1/communities/${place.id}/permissions`)).body as OwnPermissions;

describe('GET /v1/communities/:communityId/permissions', () => {
  test('lists every right that an explanation allows, and no other', async () => {
    const place = await newPlace(service, ['member', 'viewer']);
    for (const user of [place.owner, ...place.members]) {
      const own = await listed(place, user);
      const explained: PermissionExplanation[] = [];
      for (const right of communityRights) explained.push(await explain(place, user, right as CommunityPermission));
      const allowed = explained.filter(({ isAllowed }) => isAllowed).map(({ permission }) => permission);
      expect(own).toEqual({ userId: user.userId, role: explained[0]?.role, permissions: allowed });
    }
  });

  test('follows the trust of the caller, and their own role', async () => {
    const place = await newPlace(service, ['member']);
    const [member = newUser()] = place.members;
    expect((await listed(place, member)).permissions).not.toContain('wealth:create');
    const grant = { body: { points: 10, reason: 'A founder.' }, ifMatch: 1 };
    await service.as(place.owner)('PUT', `/v1/communities/${place.id}/trust/grants/${member.userId}`, grant);
    expect((await listed(place, member)).permissions).toContain('wealth:create');

    const role = { body: { name: 'Guest', permissions: ['community:read'] } };
    const { id } = (await service.as(place.owner)('POST', `/v1/communities/${place.id}/roles`, role)).body as { id: string };
    const change = { body: { ownRoleId: id }, ifMatch: 1 };
    await service.as(place.owner)('PATCH', `/v1/communities/${place.id}/members/${member.userId}`, change);
    expect((await listed(place, member)).permissions).toEqual(['community:read']);
  });

  test('is not found by who does not belong to the community', async () => {
    const [place, elsewhere] = [await newPlace(service), await newPlace(service)];
    expect(await service.as(elsewhere.owner)('GET', `/v1/communities/${place.id}/permissions`)).toEqual(noSuch('community'));
  });
});
