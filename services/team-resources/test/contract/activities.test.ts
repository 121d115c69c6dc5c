import type { Activity, Member, Wealth } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { admit, newPlace, newPlaceByInvites, type Place } from '../support/people.ts';
import { newUser, noSuch, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

// Nothing answers at the address of the queue: activities are recorded with their changes.
const { service, outbox } = useTeamService({ env: { QUEUE_URL: 'redis://127.0.0.1:9' } });

const pageOf = async (user: User, place: Place, query = '') => {
  const answer = await service.as(user)('GET', `/v1/communities/${place.id}/activity${query}`);
  return answer.body as { readonly items: readonly Activity[]; readonly nextCursor: string | null };
};

describe('GET /v1/communities/:communityId/activity', () => {
  test('tells every member who did what, newest first, without addresses, devices, invites and refusals', async () => {
    const place = await newPlaceByInvites(service, ['viewer']);
    const [viewer = newUser()] = place.members;
    const councils = `/v1/communities/${place.id}/councils`;
    const { id } = (await service.as(place.owner)('POST', councils, { body: { name: 'Mediation' } })).body as {
      readonly id: string;
    };
    await service.as(viewer)('DELETE', `${councils}/${id}`, { ifMatch: 1 });
    const { items } = await pageOf(viewer, place);
    expect(items.map(({ action, userId }) => [action, userId])).toEqual([
      ['council.create', place.owner.userId],
      ['invite.accept', viewer.userId],
      ['community.create', place.owner.userId],
    ]);
    expect(items[0]).toEqual({
      id: expect.any(String),
      occurredAt: expect.any(String),
      userId: place.owner.userId,
      displayName: place.owner.displayName,
      action: 'council.create',
      resource: { type: 'council', id, name: 'Mediation' },
    });
    const first = await pageOf(viewer, place, '?limit=2');
    expect(first.items).toEqual(items.slice(0, 2));
    expect((await pageOf(viewer, place, `?limit=2&cursor=${first.nextCursor ?? ''}`)).items).toEqual(items.slice(2));
    expect((await pageOf(viewer, place, `?userId=${viewer.userId}`)).items).toEqual(items.slice(1, 2));
  });

  test('shows nothing of wealth and requests for it to who does not see these, whatever was done to them', async () => {
    const place = await newPlace(service, ['member', 'member', 'admin']);
    const [offerer = newUser(), stranger = newUser(), admin = newUser()] = place.members;
    const url = `/v1/communities/${place.id}/wealth`;
    await service.as(place.owner)('PUT', `/v1/communities/${place.id}/trust/grants/${offerer.userId}`, {
      body: { points: 20, reason: 'test' },
      ifMatch: 1,
    });
    const offer = async (minTrustRequired: number) => {
      const { body } = await service.as(offerer)('POST', url, { body: { type: 'object', title: 'Laptop', minTrustRequired } });
      return (body as Wealth).id;
    };
    const [open, rare] = [await offer(0), await offer(15)];
    await service.as(offerer)('PATCH', `${url}/${rare}`, { body: { title: 'Rare laptop' }, ifMatch: 1 });
    await service.as(stranger)('POST', `${url}/${open}/requests`, { body: {} });
    await service.as(place.owner)('POST', `${url}/${rare}/requests`, { body: {} });
    const seenBy = async (user: User) => {
      const { items } = await pageOf(user, place, '?limit=100');
      return items.filter(({ action }) => action.startsWith('wealth')).map(({ action, resource }) => [action, resource.id]);
    };
    const ids = (await seenBy(admin)).filter(([action]) => action === 'wealth-request.create').map(([, id]) => id);
    const [ofOwner, ofStranger] = ids;
    const all = [
      ['wealth-request.create', ofOwner],
      ['wealth-request.create', ofStranger],
      ['wealth.update', rare],
      ['wealth.create', rare],
      ['wealth.create', open],
    ];
    expect(ids).toHaveLength(2);
    expect([await seenBy(admin), await seenBy(offerer)]).toEqual([all, all]);
    expect(await seenBy(stranger)).toEqual([
      ['wealth-request.create', ofStranger],
      ['wealth.create', open],
    ]);
    const third = await admit(service, place.owner, place.id, 'viewer');
    expect(await seenBy(third)).toEqual([['wealth.create', open]]);
  });

  test('is not found by a member of another community', async () => {
    const [place, elsewhere] = [await newPlace(service), await newPlace(service)];
    expect(await service.as(elsewhere.owner)('GET', `/v1/communities/${place.id}/activity`)).toEqual(noSuch('community'));
  });
});

const membersOf = async (place: Place, query: string) => {
  const { body } = await service.as(place.owner)('GET', `/v1/communities/${place.id}/members?${query}`);
  return (body as { readonly items: readonly Member[] }).items.map(({ userId }) => userId);
};

describe('GET /v1/communities/:communityId/members', () => {
  test('finds members by a part of their name and by their role', async () => {
    const place = await newPlace(service, ['viewer', 'admin']);
    const [viewer, admin] = place.members;
    expect(await membersOf(place, 'q=RAC')).toEqual([viewer?.userId, admin?.userId]);
    expect(await membersOf(place, 'q=grace&role=admin')).toEqual([admin?.userId]);
    expect(await membersOf(place, 'q=%25')).toEqual([]);
  });

  test('finds those who joined long ago and have not contributed since', async () => {
    const place = await newPlace(service, ['member', 'member', 'member']);
    const [idle, busy, fresh] = place.members;
    const age = (user: User | undefined, days: number) =>
      outbox.run(
        `UPDATE team.resource_memberships SET joined_at = now() - interval '${days} days'
         WHERE resource_id = '${place.id}' AND user_id = '${user?.userId ?? ''}'`,
      );
    await age(idle, 31);
    await age(busy, 31);
    await age(fresh, 29);
    await service.as(busy ?? newUser())('POST', `/v1/communities/${place.id}/workspaces`, { body: { name: 'w' } });
    expect(await membersOf(place, 'notContributedForDays=30')).toEqual([idle?.userId]);
    expect(await membersOf(place, 'notContributedForDays=29')).toEqual([idle?.userId, fresh?.userId]);
    await outbox.run(
      `UPDATE team.activities SET occurred_at = now() - interval '30 days' WHERE user_id = '${busy?.userId ?? ''}'`,
    );
    expect(await membersOf(place, 'notContributedForDays=30')).toEqual([idle?.userId, busy?.userId]);
  });
});
