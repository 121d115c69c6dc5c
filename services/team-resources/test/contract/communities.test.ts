import { randomUUID } from 'node:crypto';
import { defaultCommunitySettings, type Community } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, stale } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const found = async () => {
  const owner = newUser();
  const { body } = await service.as(owner)('POST', '/v1/communities', { body: { name: 'Night shift' } });
  return { owner, community: body as Community, url: `/v1/communities/${(body as Community).id}` };
};

const namesOf = ({ body }: { readonly body: unknown }) => (body as { items: Community[] }).items.map(({ name }) => name);

describe('POST /v1/communities', () => {
  test('founds a community whose owner is the caller, and tells of it', async () => {
    const owner = newUser();
    const created = await service.as(owner)('POST', '/v1/communities', { body: { name: 'Night shift', description: 'Ops' } });
    const body = created.body as Community;
    expect(created).toEqual({
      status: 201,
      etag: '"1"',
      body: {
        id: expect.any(String),
        name: 'Night shift',
        description: 'Ops',
        role: 'owner',
        settings: defaultCommunitySettings,
        createdBy: owner.userId,
        createdByName: owner.displayName,
        version: 1,
        createdAt: expect.any(String),
        updatedAt: body.createdAt,
      },
    });
    expect(await service.as(owner)('GET', `/v1/communities/${body.id}`)).toEqual({ status: 200, etag: '"1"', body });
    expect(await service.as(owner)('GET', `/v1/communities/${body.id}/members`)).toEqual({
      status: 200,
      etag: undefined,
      body: {
        items: [
          {
            userId: owner.userId,
            displayName: owner.displayName,
            role: 'owner',
            ownRole: null,
            version: 1,
            joinedAt: body.createdAt,
          },
        ],
        nextCursor: null,
      },
    });
    expect(await outboxOf(outbox, body.id)).toEqual([
      {
        actor: { type: 'user', id: owner.userId, sessionId: expect.any(String), ip: '203.0.113.7', userAgent: 'test' },
        action: 'community.create',
        resource: { type: 'community', id: body.id, name: 'Night shift' },
        communityId: body.id,
        result: 'success',
        changes: [
          { path: '/name', after: 'Night shift' },
          { path: '/description', after: 'Ops' },
        ],
        requestId: expect.any(String),
        service: 'team-resources',
      },
    ]);
  });

  test('answers the first answer to a repeated key, and refuses the key for another request', async () => {
    const send = service.as(newUser());
    const key = randomUUID();
    const first = await send('POST', '/v1/communities', { body: { name: 'One' }, key });
    expect(await send('POST', '/v1/communities', { body: { name: 'One' }, key })).toEqual(first);
    expect(await send('POST', '/v1/communities', { body: { name: 'Two' }, key })).toEqual(problem(422, 'IDEMPOTENCY_KEY_REUSED'));
    expect(((await send('GET', '/v1/communities')).body as { items: unknown[] }).items).toEqual([first.body]);
  });

  test('takes a key anew once its day is over', async () => {
    const send = service.as(newUser());
    const key = randomUUID();
    const first = await send('POST', '/v1/communities', { body: { name: 'One' }, key });
    await outbox.run(`UPDATE team.idempotency_keys SET expires_at = now() WHERE key = '${key}'`);
    const second = await send('POST', '/v1/communities', { body: { name: 'Two' }, key });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await send('POST', '/v1/communities', { body: { name: 'Two' }, key })).toEqual(second);
  });

  test('keeps the keys of two users apart', async () => {
    const key = randomUUID();
    const answers = [];
    for (const user of [newUser(), newUser()]) {
      answers.push((await service.as(user)('POST', '/v1/communities', { body: { name: 'One' }, key })).status);
    }
    expect(answers).toEqual([201, 201]);
  });

  test.each([
    ['an unknown field', { name: 'x', color: 'red' }, 400, 'INVALID'],
    ['no name', {}, 400, 'INVALID'],
    ['a blank name', { name: '  ' }, 400, 'INVALID'],
    ['half of a surrogate pair', { name: 'x\ud800' }, 400, 'INVALID'],
    ['a body beyond the bound', { name: 'x', description: 'y'.repeat(300_000) }, 413, 'TOO_LARGE'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await service.as(newUser())('POST', '/v1/communities', { body });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
  });
});

describe('GET /v1/communities', () => {
  test('lists the caller’s own communities only, newest first, page by page', async () => {
    const owner = newUser();
    const send = service.as(owner);
    const made: Community[] = [];
    for (const name of ['a', 'b', 'c']) made.push((await send('POST', '/v1/communities', { body: { name } })).body as Community);
    const expected = made.toSorted((one, other) => (one.createdAt + one.id < other.createdAt + other.id ? 1 : -1));
    await found();
    const first = (await send('GET', '/v1/communities?limit=2')).body as { nextCursor: string };
    expect(first).toEqual({ items: expected.slice(0, 2), nextCursor: expect.any(String) });
    await send('POST', '/v1/communities', { body: { name: 'd' } });
    expect((await send('GET', `/v1/communities?limit=2&cursor=${first.nextCursor}`)).body).toEqual({
      items: expected.slice(2),
      nextCursor: null,
    });
  });

  test('searches by a part of the name, and sorts by name', async () => {
    const send = service.as(newUser());
    for (const name of ['beta', 'Alpha', 'alphabet']) await send('POST', '/v1/communities', { body: { name } });
    expect(namesOf(await send('GET', '/v1/communities?sort=name'))).toEqual(['Alpha', 'alphabet', 'beta']);
    const first = await send('GET', '/v1/communities?sort=name&q=ALPHA&limit=1');
    expect(namesOf(first)).toEqual(['Alpha']);
    const { nextCursor } = first.body as { nextCursor: string };
    expect(namesOf(await send('GET', `/v1/communities?sort=name&q=ALPHA&limit=1&cursor=${nextCursor}`))).toEqual(['alphabet']);
    expect((await send('GET', `/v1/communities?cursor=${nextCursor}`)).status).toBe(400);
  });
});

describe('PATCH /v1/communities/:communityId', () => {
  test('changes what is given, one version at a time', async () => {
    const { owner, community, url } = await found();
    const changed = await service.as(owner)('PATCH', url, { body: { name: 'Day shift' }, ifMatch: 1 });
    const updatedAt = (changed.body as Community).updatedAt;
    expect(changed).toEqual({ status: 200, etag: '"2"', body: { ...community, name: 'Day shift', version: 2, updatedAt } });
    expect(await service.as(owner)('GET', url)).toEqual(changed);
    expect(await service.as(owner)('PATCH', url, { body: { name: 'Late' }, ifMatch: 1 })).toEqual(stale(2));
    expect(await service.as(owner)('PATCH', url, { body: { name: 'x' } })).toEqual(problem(428, 'VERSION_REQUIRED'));
    expect(await service.as(owner)('PATCH', url, { body: { name: 'Day shift' }, ifMatch: 2 })).toEqual(changed);
  });

  test('is refused to a viewer, who sees it, with a trace in the audit trail', async () => {
    const { id, members } = await newPlace(service, ['viewer']);
    const [viewer] = members;
    const answer = await service.as(viewer ?? newUser())('PATCH', `/v1/communities/${id}`, { body: { name: 'x' }, ifMatch: 1 });
    expect(answer).toEqual(problem(403, 'FORBIDDEN', 'Your role here, viewer, does not include community:update.'));
    expect((await outboxOf(outbox, id)).at(-1)).toMatchObject({
      actor: { id: viewer?.userId },
      action: 'community.update',
      result: 'denied',
    });
  });
});

describe('DELETE /v1/communities/:communityId', () => {
  test('hides it and all that is in it', async () => {
    const { owner, url } = await found();
    const workspace = await service.as(owner)('POST', `${url}/workspaces`, { body: { name: 'w' } });
    const { id } = workspace.body as { id: string };
    expect(await service.as(owner)('DELETE', url, { ifMatch: 2 })).toEqual(stale(1));
    expect(await service.as(owner)('DELETE', url, { ifMatch: 1 })).toEqual(done);
    expect(await service.as(owner)('GET', url)).toEqual(noSuch('community'));
    expect(await service.as(owner)('DELETE', url, { ifMatch: 2 })).toEqual(noSuch('community'));
    expect(await service.as(owner)('GET', `${url}/members`)).toEqual(noSuch('community'));
    expect(await service.as(owner)('GET', `/v1/workspaces/${id}`)).toEqual(noSuch('workspace'));
    expect((await service.as(owner)('GET', '/v1/communities')).body).toEqual({ items: [], nextCursor: null });
  });

  test('is the owner’s alone', async () => {
    const { id, members } = await newPlace(service, ['admin']);
    const answer = await service.as(members[0] ?? newUser())('DELETE', `/v1/communities/${id}`, { ifMatch: 1 });
    expect(answer).toEqual(problem(403, 'FORBIDDEN', 'Your role here, admin, does not include community:delete.'));
  });
});

describe('GET /v1/communities with a permission', () => {
  test('lists those in which the role of the caller includes it, own roles by what they permit', async () => {
    const { id, owner, members } = await newPlace(service, ['member', 'viewer', 'member']);
    const [member = newUser(), viewer = newUser(), guest = newUser()] = members;
    const own = await service.as(owner)('POST', `/v1/communities/${id}/roles`, {
      body: { name: 'Writers', permissions: ['community:read', 'script:update'] },
    });
    const ownRoleId = (own.body as { readonly id: string }).id;
    const memberUrl = `/v1/communities/${id}/members/${guest.userId}`;
    expect(await service.as(owner)('PATCH', memberUrl, { body: { ownRoleId }, ifMatch: 1 })).toMatchObject({ status: 200 });
    const mayIn = async (user: typeof owner, permission: string) =>
      namesOf(await service.as(user)('GET', `/v1/communities?permission=${permission}`));
    expect(await mayIn(member, 'workspace:create')).toEqual(['Night shift']);
    expect(await mayIn(viewer, 'workspace:create')).toEqual([]);
    expect(await mayIn(guest, 'workspace:create')).toEqual([]);
    expect(await mayIn(guest, 'script:update')).toEqual(['Night shift']);
    expect(await service.as(guest)('GET', '/v1/communities?permission=none')).toMatchObject({ status: 400 });
  });
});

describe('a deleted community', () => {
  test('is listed for its admins and owners, and restored by them with all that is in it', async () => {
    const { id, owner, members } = await newPlace(service, ['admin', 'moderator']);
    const [admin = newUser(), moderator = newUser()] = members;
    const url = `/v1/communities/${id}`;
    const workspace = await service.as(owner)('POST', `${url}/workspaces`, { body: { name: 'w' } });
    const workspaceUrl = `/v1/workspaces/${(workspace.body as { id: string }).id}`;
    await service.as(owner)('DELETE', url, { ifMatch: 1 });
    expect(namesOf(await service.as(admin)('GET', '/v1/communities?state=deleted'))).toEqual(['Night shift']);
    expect(namesOf(await service.as(moderator)('GET', '/v1/communities?state=deleted'))).toEqual([]);
    expect(await service.as(moderator)('POST', `${url}/restore`)).toEqual(noSuch('community'));
    expect(await service.as(newUser())('POST', `${url}/restore`)).toEqual(noSuch('community'));
    const restored = await service.as(admin)('POST', `${url}/restore`);
    expect(restored).toMatchObject({ status: 200, etag: '"3"', body: { id, role: 'admin' } });
    expect(await service.as(admin)('GET', url)).toEqual(restored);
    expect(await service.as(admin)('POST', `${url}/restore`)).toEqual(restored);
    expect((await service.as(owner)('GET', workspaceUrl)).status).toBe(200);
    expect((await outboxOf(outbox, id)).at(-1)).toMatchObject({
      actor: { id: admin.userId },
      action: 'community.restore',
      resource: { type: 'community', id, name: 'Night shift' },
      result: 'success',
    });
    expect(await service.as(moderator)('POST', `${url}/restore`)).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, moderator, does not include community:update.'),
    );
  });
});
