import { memberRoutes, type Member } from '@guildhall/contracts';
import { bindCursor } from '@guildhall/http';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { admit, newPlace, newPlaceByInvites, type Place } from '../support/people.ts';
import { done, newUser, noSuch, problem, stale, type User, type Reply } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const urlOf = ({ id }: Place, user: User): string => `/v1/communities/${id}/members/${user.userId}`;
const memberOf = async (place: Place, user: User): Promise<Member | undefined> => {
  const { body } = await service.as(place.owner)('GET', `/v1/communities/${place.id}/members?limit=100`);
  return (body as { items: Member[] }).items.find(({ userId }) => userId === user.userId);
};
const nth = (place: Place, index: number): User => place.members[index] ?? newUser();

const lastOwner = problem(409, 'CONFLICT', 'A community keeps at least one owner. Make someone else an owner first.');

describe('GET /v1/communities/:communityId/members', () => {
  test('lists members in the order of joining, page by page', async () => {
    const place = await newPlaceByInvites(service, ['admin', 'viewer']);
    const all = (await service.as(nth(place, 1))('GET', `/v1/communities/${place.id}/members`)).body as { items: Member[] };
    expect(all.items.map(({ userId, role }) => [userId, role])).toEqual([
      [place.owner.userId, 'owner'],
      [nth(place, 0).userId, 'admin'],
      [nth(place, 1).userId, 'viewer'],
    ]);
    const first = (await service.as(place.owner)('GET', `/v1/communities/${place.id}/members?limit=2`)).body as {
      nextCursor: string;
    };
    await admit(service, place.owner, place.id, 'member');
    const second = await service.as(place.owner)('GET', `/v1/communities/${place.id}/members?limit=1&cursor=${first.nextCursor}`);
    expect((second.body as { items: Member[] }).items).toEqual(all.items.slice(2));
  });

  test('refuses a position that it did not give out', async () => {
    const { id, owner } = await newPlace(service);
    const position = Buffer.from(JSON.stringify(['soon', 'x\0'])).toString('base64url');
    const cursor = bindCursor(memberRoutes.listMembers, { params: { communityId: id }, query: {} }, position);
    const answer = await service.as(owner)('GET', `/v1/communities/${id}/members?cursor=${cursor}`);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, 'INVALID']);
  });
});

describe('GET /v1/communities/:communityId/members/:userId', () => {
  test('reads one member with their version, for who belongs to the community', async () => {
    const [place, elsewhere] = [await newPlace(service, ['viewer']), await newPlace(service)];
    const viewer = nth(place, 0);
    const url = urlOf(place, viewer);
    const whole = await memberOf(place, viewer);
    expect(await service.as(viewer)('GET', url)).toEqual({ status: 200, etag: '"1"', body: whole });
    expect(await service.as(elsewhere.owner)('GET', url)).toEqual(noSuch('community'));
    expect(await service.as(viewer)('GET', urlOf(place, elsewhere.owner))).toEqual(noSuch('member'));
    expect(await service.as(place.owner)('GET', urlOf(place, newUser()))).toEqual(noSuch('member'));
  });
});

describe('PATCH /v1/communities/:communityId/members/:userId', () => {
  test('changes a role, and tells what it was', async () => {
    const place = await newPlace(service, ['viewer']);
    const viewer = nth(place, 0);
    const before = await memberOf(place, viewer);
    expect(before?.version).toBe(1);
    const changed = await service.as(place.owner)('PATCH', urlOf(place, viewer), { body: { role: 'admin' }, ifMatch: 1 });
    expect(changed).toEqual({ status: 200, etag: '"2"', body: { ...before, role: 'admin', version: 2 } });
    expect(await memberOf(place, viewer)).toEqual(changed.body);
    expect(await service.as(place.owner)('PATCH', urlOf(place, viewer), { body: { role: 'member' }, ifMatch: 1 })).toEqual(
      stale(2),
    );
    expect((await outboxOf(outbox, place.id)).at(-1)).toMatchObject({
      action: 'member.update',
      resource: { type: 'member', id: viewer.userId, name: viewer.displayName },
      result: 'success',
      changes: [{ path: '/role', before: 'viewer', after: 'admin' }],
    });
  });

  test('lets nobody grant a role above their own, nor change who stands above them', async () => {
    const place = await newPlace(service, ['admin', 'member']);
    const [admin, member] = [nth(place, 0), nth(place, 1)];
    const refused = problem(403, 'FORBIDDEN', 'Nobody grants a role above their own, or changes who stands above them.');
    const send = service.as(admin);
    expect(await send('PATCH', urlOf(place, member), { body: { role: 'owner' }, ifMatch: 1 })).toEqual(refused);
    expect(await send('PATCH', urlOf(place, admin), { body: { role: 'owner' }, ifMatch: 1 })).toEqual(refused);
    expect(await send('PATCH', urlOf(place, place.owner), { body: { role: 'member' }, ifMatch: 1 })).toEqual(refused);
    expect((await send('PATCH', urlOf(place, member), { body: { role: 'admin' }, ifMatch: 1 })).status).toBe(200);
    expect(await service.as(newUser())('PATCH', urlOf(place, member), { body: { role: 'viewer' }, ifMatch: 2 })).toEqual(
      noSuch('community'),
    );
  });

  test('is refused to a member, and does not find who is not there', async () => {
    const place = await newPlace(service, ['member']);
    const member = nth(place, 0);
    expect(await service.as(member)('PATCH', urlOf(place, place.owner), { body: { role: 'viewer' }, ifMatch: 1 })).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, member, does not include member:update.'),
    );
    const stranger = newUser();
    const send = service.as(place.owner);
    expect(await send('PATCH', urlOf(place, stranger), { body: { role: 'viewer' }, ifMatch: 1 })).toEqual(noSuch('member'));
    expect(await send('DELETE', urlOf(place, stranger))).toEqual(noSuch('member'));
  });

  test('keeps the last owner', async () => {
    const place = await newPlace(service);
    const url = urlOf(place, place.owner);
    expect(await service.as(place.owner)('PATCH', url, { body: { role: 'admin' }, ifMatch: 1 })).toEqual(lastOwner);
  });
});

describe('DELETE /v1/communities/:communityId/members/:userId', () => {
  test('removes a member, who is refused on the very next request', async () => {
    const place = await newPlace(service, ['member']);
    const member = nth(place, 0);
    const workspace = await service.as(member)('POST', `/v1/communities/${place.id}/workspaces`, { body: { name: 'w' } });
    const { id } = workspace.body as { id: string };
    expect(await service.as(place.owner)('DELETE', urlOf(place, member))).toEqual(done);
    expect(await service.as(member)('GET', `/v1/workspaces/${id}`)).toEqual(noSuch('workspace'));
    expect(await service.as(member)('GET', `/v1/communities/${place.id}`)).toEqual(noSuch('community'));
    expect(await service.as(place.owner)('DELETE', urlOf(place, member))).toEqual(noSuch('member'));
  });

  test('lets anyone leave, and come back by another invite', async () => {
    const place = await newPlace(service, ['viewer']);
    const viewer = nth(place, 0);
    expect(await service.as(viewer)('DELETE', urlOf(place, viewer))).toEqual(done);
    expect((await outboxOf(outbox, place.id)).at(-1)).toMatchObject({ action: 'member.leave', result: 'success' });
    await admit(service, place.owner, place.id, 'moderator', viewer);
    expect(await memberOf(place, viewer)).toMatchObject({ role: 'moderator', version: 3 });
  });

  test('is refused to who lacks the permission or the rank', async () => {
    const place = await newPlace(service, ['moderator', 'admin']);
    const [moderator, admin] = [nth(place, 0), nth(place, 1)];
    expect(await service.as(moderator)('DELETE', urlOf(place, admin))).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, moderator, does not include member:remove.'),
    );
    expect(await service.as(admin)('DELETE', urlOf(place, place.owner))).toEqual(
      problem(403, 'FORBIDDEN', 'Nobody removes who stands above them.'),
    );
  });

  test('keeps the last owner', async () => {
    const place = await newPlace(service, ['admin']);
    expect(await service.as(place.owner)('DELETE', urlOf(place, place.owner))).toEqual(lastOwner);
  });

  test('keeps one owner of ten who all leave, twenty times each, two hundred requests at once', async () => {
    const place = await newPlace(
      service,
      Array.from({ length: 9 }, () => 'admin' as const),
    );
    for (const admin of place.members) {
      await service.as(place.owner)('PATCH', urlOf(place, admin), { body: { role: 'owner' }, ifMatch: 1 });
    }
    const owners = [place.owner, ...place.members];
    const leave = (owner: User): Promise<Reply> => service.as(owner)('DELETE', urlOf(place, owner));
    const atOnce = await Promise.all(Array.from({ length: 20 }, () => owners.map(leave)).flat());
    // A busy machine sheds load: who waits too long for one of ten connections is told so, and has not left.
    const settled = atOnce.filter(({ status }) => status !== 503);
    const shed = atOnce.flatMap(({ status, body }) => (status === 503 ? [(body as { detail: string }).detail] : []));
    expect(shed.filter((detail) => detail !== 'Too many requests wait for the shared database.')).toEqual([]);
    const answers = [...settled, ...(await Promise.all(owners.map(leave)))];
    const left = answers.filter(({ status }) => status === 204);
    const rows = await outbox.run(
      `SELECT role FROM team.resource_memberships WHERE resource_id = '${place.id}' AND deleted_at IS NULL`,
    );
    expect(rows).toEqual([{ role: 'owner' }]);
    expect(left).toHaveLength(9);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 404, 409]));
    expect((await outboxOf(outbox, place.id)).filter(({ action }) => action === 'member.leave')).toHaveLength(9);
  });

  test('keeps one owner of two who demote each other at once', async () => {
    const place = await newPlace(service, ['admin']);
    const other = nth(place, 0);
    await service.as(place.owner)('PATCH', urlOf(place, other), { body: { role: 'owner' }, ifMatch: 1 });
    await Promise.all([
      service.as(place.owner)('PATCH', urlOf(place, other), { body: { role: 'viewer' }, ifMatch: 2 }),
      service.as(other)('PATCH', urlOf(place, place.owner), { body: { role: 'viewer' }, ifMatch: 1 }),
    ]);
    const rows = await outbox.run(`SELECT role FROM team.resource_memberships WHERE resource_id = '${place.id}' ORDER BY role`);
    expect(rows).toEqual([{ role: 'owner' }, { role: 'viewer' }]);
  });
});
