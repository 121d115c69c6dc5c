import {
  communityPermissions,
  type Invite,
  type Member,
  type NewInvite,
  type OwnRole,
  type PermissionExplanation,
} from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, stale, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const operator = { name: 'Operator', permissions: ['workspace:read', 'script:update', 'script:read'] };

const statusOf = async (work: Promise<{ readonly status: number }>): Promise<number> => (await work).status;

/** A community with an owner, an admin and a member, and what they do with roles. */
const start = async () => {
  const { id: communityId, owner, members } = await newPlace(service, ['admin', 'member']);
  const [admin = newUser(), member = newUser()] = members;
  const place = `/v1/communities/${communityId}`;
  const url = `/v1/communities/${communityId}/roles`;
  const send = service.as(owner);
  const create = async (body: object = operator): Promise<OwnRole> => (await send('POST', url, { body })).body as OwnRole;
  const memberOf = async ({ userId }: User): Promise<Member> => {
    const { items } = (await send('GET', `${place}/members`)).body as { readonly items: Member[] };
    return items.find((each) => each.userId === userId) ?? Promise.reject(new Error('There is no such member.'));
  };
  const give = async (user: User, body: object, by = owner) =>
    service.as(by)('PATCH', `${place}/members/${user.userId}`, { body, ifMatch: (await memberOf(user)).version });
  const permissionsOf = async ({ userId }: User): Promise<string[]> => {
    const held: string[] = [];
    for (const permission of communityPermissions) {
      const { body } = await send('GET', `${place}/permissions/explain?userId=${userId}&permission=${permission}`);
      const { isAllowed, rule } = body as PermissionExplanation;
      if (isAllowed || rule !== 'role') held.push(permission);
    }
    return held;
  };
  return { communityId, owner, admin, member, place, url, send, create, memberOf, give, permissionsOf };
};

describe('own roles', () => {
  test('are created with version 1, their permissions in order, and read back as they were answered', async () => {
    const { communityId, owner, url, send } = await start();
    const created = await send('POST', url, { body: operator });
    const { id, createdAt } = created.body as OwnRole;
    const whole = {
      id,
      communityId,
      name: 'Operator',
      description: '',
      permissions: ['community:read', 'script:read', 'script:update', 'workspace:read'],
      createdBy: owner.userId,
      createdByName: owner.displayName,
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(created).toEqual({ status: 201, etag: '"1"', body: whole });
    expect(await send('GET', `${url}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    expect(await send('GET', url)).toEqual({ status: 200, etag: undefined, body: { items: [whole], nextCursor: null } });
    expect((await send('GET', `${url}?q=OPER&sort=name`)).body).toEqual({ items: [whole], nextCursor: null });
  });

  test('are created once per Idempotency-Key', async () => {
    const { url, send } = await start();
    const once = { body: operator, key: 'key-1' };
    const answers = await Promise.all([send('POST', url, once), send('POST', url, once)]);
    expect(answers[0]).toEqual(answers[1]);
    expect((await send('POST', url, { body: { ...operator, name: 'Other' }, key: 'key-1' })).status).toBe(422);
  });

  test('have a name of their own, in any case, however many are made at once', async () => {
    const { url, send, create } = await start();
    const bodies = ['Operator', 'operator', 'OPERATOR'].map((name) => ({ ...operator, name }));
    const answers = await Promise.all(bodies.map((body) => send('POST', url, { body })));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409, 409]);
    const { id } = await create({ ...operator, name: 'Other' });
    const taken = problem(409, 'CONFLICT', 'Another role of this community has this name.');
    expect(await send('PATCH', `${url}/${id}`, { body: { name: 'operatoR' }, ifMatch: 1 })).toEqual(taken);
    expect((await send('PATCH', `${url}/${id}`, { body: { name: 'OTHER' }, ifMatch: 1 })).status).toBe(200);
  });

  test('let exactly one of two changes of one version through', async () => {
    const { url, send, create } = await start();
    const { id } = await create();
    const answers = await Promise.all(['a', 'b'].map((name) => send('PATCH', `${url}/${id}`, { body: { name }, ifMatch: 1 })));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412]);
    expect(answers.find(({ status }) => status === 412)).toEqual(stale(2));
  });

  test('are deleted when nobody holds them, and restored', async () => {
    const { member, url, send, create, give } = await start();
    const { id } = await create();
    await give(member, { ownRoleId: id });
    const used = 'Members hold this role, or open invites give it. Give them another one first.';
    expect(await send('DELETE', `${url}/${id}`, { ifMatch: 1 })).toEqual(problem(409, 'CONFLICT', used));
    await give(member, { role: 'viewer' });
    expect(await send('DELETE', `${url}/${id}`, { ifMatch: 1 })).toEqual(done);
    expect(await send('GET', `${url}/${id}`)).toEqual(noSuch('own role'));
    expect((await send('GET', `${url}?state=deleted`)).body).toMatchObject({ items: [{ id }] });
    expect((await give(member, { ownRoleId: id })).status).toBe(422);
    expect(await send('POST', `${url}/${id}/restore`)).toMatchObject({ status: 200, body: { id, version: 3 } });
  });

  test('are not found by who does not belong to the community', async () => {
    const { url, create } = await start();
    const { id } = await create();
    expect(await service.as(newUser())('GET', `${url}/${id}`)).toEqual(noSuch('own role'));
  });

  test('leave an audit event of every change, and of every refused one', async () => {
    const { communityId, member, url, send, create } = await start();
    const { id } = await create();
    await send('PATCH', `${url}/${id}`, { body: { permissions: ['script:read'] }, ifMatch: 1 });
    await service.as(member)('DELETE', `${url}/${id}`, { ifMatch: 2 });
    await send('DELETE', `${url}/${id}`, { ifMatch: 2 });
    const events = (await outboxOf(outbox, communityId)).filter(({ resource }) => resource.id === id);
    expect(events.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'own-role.create success',
      'own-role.update success',
      'own-role.delete denied',
      'own-role.delete success',
    ]);
    expect(events[1]?.changes).toEqual([
      {
        path: '/permissions',
        before: ['community:read', 'script:read', 'script:update', 'workspace:read'],
        after: ['community:read', 'script:read'],
      },
    ]);
  });
});

describe('a member with an own role', () => {
  test('may do what it includes, and nothing else, from the next request on', async () => {
    const { member, place, url, send, create, give, memberOf, permissionsOf } = await start();
    const own = await create();
    expect((await give(member, { ownRoleId: own.id })).body).toMatchObject({
      role: 'member',
      ownRole: { id: own.id, name: 'Operator' },
    });
    expect(await memberOf(member)).toMatchObject({ role: 'member', ownRole: { id: own.id, name: 'Operator' }, version: 2 });
    expect(await permissionsOf(member)).toEqual(
      communityPermissions.filter((each) => own.permissions.some((held) => held === each)),
    );
    const asMember = service.as(member);
    expect((await asMember('POST', `${place}/workspaces`, { body: { name: 'Mine' } })).status).toBe(403);
    expect((await asMember('GET', `${place}/councils`)).status).toBe(404);
    expect((await asMember('GET', place)).status).toBe(200);

    await send('PATCH', `${url}/${own.id}`, { body: { permissions: ['council:create', 'council:read'] }, ifMatch: 1 });
    expect(await memberOf(member)).toMatchObject({ role: 'admin', version: 3 });
    expect((await asMember('POST', `${place}/councils`, { body: { name: 'Night' } })).status).toBe(201);
    expect((await asMember('PATCH', place, { body: { name: 'Mine now' }, ifMatch: 1 })).status).toBe(403);
    expect(await permissionsOf(member)).toEqual(['community:read', 'council:read', 'council:create']);
  });

  test('is refused a role that is not the community’s, or is named beside another', async () => {
    const { member, give } = await start();
    const elsewhere = await (await start()).create();
    expect(await give(member, { ownRoleId: elsewhere.id })).toEqual(
      problem(422, 'UNPROCESSABLE', 'The community has no such role of its own.'),
    );
    expect((await give(member, { ownRoleId: elsewhere.id, role: 'viewer' })).status).toBe(400);
  });

  test('gets it by an invite, which falls with the right of who made it', async () => {
    const { owner, admin, place, send, create, give, memberOf } = await start();
    const own = await create();
    const inviter = await create({ name: 'Host', permissions: [...own.permissions, 'invite:create', 'own-role:read'] });
    const invite = async (by: User) =>
      (await service.as(by)('POST', `${place}/invites`, { body: { ownRoleId: own.id } })).body as NewInvite;
    const joining = newUser();
    const first = await invite(owner);
    expect(first).toMatchObject({ role: 'member', ownRole: { id: own.id, name: 'Operator' } });
    expect((await service.as(joining)('POST', '/v1/invites/look', { body: { token: first.token } })).body).toMatchObject({
      ownRole: { name: 'Operator' },
    });
    expect((await service.as(joining)('POST', '/v1/invites/accept', { body: { token: first.token } })).status).toBe(200);
    expect(await memberOf(joining)).toMatchObject({ role: 'member', ownRole: { id: own.id, name: 'Operator' } });

    await give(admin, { ownRoleId: inviter.id });
    const fromHost = await invite(admin);
    expect(fromHost.status).toBe('open');
    await send('PATCH', `${place}/roles/${inviter.id}`, {
      body: { permissions: ['invite:create', 'own-role:read'] },
      ifMatch: 1,
    });
    const { items } = (await send('GET', `${place}/invites`)).body as { readonly items: Invite[] };
    expect(items.find(({ id }) => id === fromHost.id)?.status).toBe('revoked');
    expect((await service.as(newUser())('POST', '/v1/invites/accept', { body: { token: fromHost.token } })).status).toBe(410);
  });
});

describe('nobody gives more than they have', () => {
  test('an own role that manages roles and members composes, changes and gives parts of itself alone', async () => {
    const { admin, member, place, url, create, give } = await start();
    const manager = await create({
      name: 'Manager',
      permissions: [
        'own-role:create',
        'own-role:read',
        'own-role:update',
        'member:read',
        'member:update',
        'member:remove',
        'script:read',
      ],
    });
    const strong = await create({ name: 'Strong', permissions: ['script:delete', 'script:read'] });
    await give(admin, { ownRoleId: manager.id });
    const asManager = service.as(admin);
    expect(await statusOf(asManager('POST', url, { body: { name: 'Weak', permissions: ['script:read'] } }))).toBe(201);
    expect(await statusOf(asManager('POST', url, { body: { name: 'More', permissions: ['script:delete'] } }))).toBe(403);
    expect(await statusOf(asManager('PATCH', `${url}/${strong.id}`, { body: { name: 'Mine' }, ifMatch: 1 }))).toBe(403);
    expect(
      await statusOf(asManager('PATCH', `${url}/${manager.id}`, { body: { permissions: ['wealth:moderate'] }, ifMatch: 1 })),
    ).toBe(403);
    // They stand above the manager: a member may create scripts.
    expect(await statusOf(give(member, { ownRoleId: manager.id }, admin))).toBe(403);
    expect(await statusOf(asManager('DELETE', `${place}/members/${member.userId}`))).toBe(403);
    expect(await statusOf(give(admin, { role: 'admin' }, admin))).toBe(403);
    expect(await statusOf(give(admin, { ownRoleId: strong.id }, admin))).toBe(403);
  });

  test('what only owners may is in no own role', async () => {
    const { url, send } = await start();
    const answer = await send('POST', url, { body: { name: 'King', permissions: ['community:delete'] } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/permissions/0' }] } });
  });

  test('a role that changes while it is given gives what it has become, or is not given', async () => {
    const { member, url, send, create, give, memberOf, permissionsOf } = await start();
    const { id } = await create();
    const edit = send('PATCH', `${url}/${id}`, { body: { permissions: ['council:create'] }, ifMatch: 1 });
    const [edited, given] = await Promise.all([edit, give(member, { ownRoleId: id })]);
    expect([edited.status, given.status]).toEqual([200, 200]);
    expect(await memberOf(member)).toMatchObject({ role: 'admin', ownRole: { id } });
    expect(await permissionsOf(member)).toEqual(['community:read', 'council:create']);
  });
});
