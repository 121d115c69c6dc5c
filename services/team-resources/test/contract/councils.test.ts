import { timesAtOnce } from '@guildhall/testkit';
import type { Council, CouncilMember } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { admit, newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, stale } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const start = async () => {
  const { id: communityId, owner, members } = await newPlace(service, ['admin', 'member', 'viewer']);
  const [admin = newUser(), member = newUser(), viewer = newUser()] = members;
  const url = `/v1/communities/${communityId}/councils`;
  const send = service.as(owner);
  const create = async (name = 'Mediation'): Promise<Council> => (await send('POST', url, { body: { name } })).body as Council;
  return { communityId, owner, admin, member, viewer, url, send, create };
};

type Item = Pick<Council, 'name'> & CouncilMember;
const itemsOf = ({ body }: { readonly body: unknown }) => (body as { readonly items: readonly Item[] }).items;
const namesOf = (answer: { readonly body: unknown }) => itemsOf(answer).map(({ name }) => name);

describe('councils', () => {
  test('are created without members, and read back as they were answered, by every member', async () => {
    const { communityId, owner, viewer, url, send } = await start();
    const created = await send('POST', url, { body: { name: 'Mediation', description: 'Disputes' } });
    const { id, createdAt } = created.body as Council;
    const whole = {
      id,
      communityId,
      name: 'Mediation',
      description: 'Disputes',
      memberCount: 0,
      isMember: false,
      createdBy: owner.userId,
      createdByName: owner.displayName,
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(created).toEqual({ status: 201, etag: '"1"', body: whole });
    expect(await service.as(viewer)('GET', `${url}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    expect((await service.as(viewer)('GET', url)).body).toEqual({ items: [whole], nextCursor: null });
  });

  test('are listed by a part of their name, newest first or by name, page by page', async () => {
    const { url, send, create } = await start();
    for (const name of ['beta', 'Alpha', 'gamma']) await create(name);
    expect(namesOf(await send('GET', `${url}?sort=name`))).toEqual(['Alpha', 'beta', 'gamma']);
    expect(namesOf(await send('GET', url))).toEqual(['gamma', 'Alpha', 'beta']);
    expect(namesOf(await send('GET', `${url}?q=ALP`))).toEqual(['Alpha']);
    const first = (await send('GET', `${url}?sort=name&limit=2`)).body as { readonly nextCursor: string };
    await create('aardvark');
    expect(namesOf(await send('GET', `${url}?sort=name&limit=2&cursor=${first.nextCursor}`))).toEqual(['gamma']);
    expect((await send('GET', `${url}?cursor=${first.nextCursor}`)).status).toBe(400);
  });

  test('are hidden when deleted, listed for who may restore them, and come back with their members', async () => {
    const { member, admin, url, send, create } = await start();
    const { id } = await create();
    await send('PUT', `${url}/${id}/members/${member.userId}`);
    expect(await send('DELETE', `${url}/${id}`, { ifMatch: 2 })).toEqual(stale(1));
    expect(await send('DELETE', `${url}/${id}`, { ifMatch: 1 })).toEqual(done);
    expect(await send('GET', `${url}/${id}`)).toEqual(noSuch('council'));
    expect(await send('GET', `${url}/${id}/members`)).toEqual(noSuch('council'));
    expect(namesOf(await send('GET', url))).toEqual([]);
    expect(namesOf(await service.as(member)('GET', `${url}?state=deleted`))).toEqual([]);
    expect(namesOf(await service.as(admin)('GET', `${url}?state=deleted`))).toEqual(['Mediation']);
    const restored = await service.as(admin)('POST', `${url}/${id}/restore`);
    expect(restored).toMatchObject({ status: 200, etag: '"3"', body: { memberCount: 1 } });
    expect(await service.as(admin)('POST', `${url}/${id}/restore`)).toEqual(restored);
    expect((await service.as(member)('GET', `${url}/${id}`)).body).toMatchObject({ isMember: true });
  });

  test('are not found by a member of another community', async () => {
    const { url, create, member } = await start();
    const { id } = await create();
    const elsewhere = await newPlace(service);
    const send = service.as(elsewhere.owner);
    const other = `/v1/communities/${elsewhere.id}/councils/${id}`;
    expect(await send('GET', `${url}/${id}`)).toEqual(noSuch('council'));
    expect(await send('GET', other)).toEqual(noSuch('council'));
    expect(await send('PATCH', other, { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('council'));
    expect(await send('POST', `${other}/restore`)).toEqual(noSuch('council'));
    expect(await send('GET', `${other}/members`)).toEqual(noSuch('council'));
    expect(await send('PUT', `${other}/members/${elsewhere.owner.userId}`)).toEqual(noSuch('council'));
    expect(await send('DELETE', `${other}/members/${member.userId}`)).toEqual(noSuch('council'));
    expect(await send('GET', url)).toEqual(noSuch('community'));
  });

  test('leave an audit event of every change, and of every refused one', async () => {
    const { communityId, viewer, url, send, create } = await start();
    const { id } = await create();
    await send('PATCH', `${url}/${id}`, { body: { name: 'Second' }, ifMatch: 1 });
    await service.as(viewer)('DELETE', `${url}/${id}`, { ifMatch: 2 });
    await send('DELETE', `${url}/${id}`, { ifMatch: 2 });
    await send('POST', `${url}/${id}/restore`);
    const events = (await outboxOf(outbox, communityId)).filter(({ resource }) => resource.id === id);
    expect(events.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'council.create success',
      'council.update success',
      'council.delete denied',
      'council.delete success',
      'council.restore success',
    ]);
    expect(events[1]?.changes).toEqual([{ path: '/name', before: 'Mediation', after: 'Second' }]);
  });
});

describe('the members of a council', () => {
  test('are active members of the community, added once, listed in the order of joining', async () => {
    const { communityId, member, viewer, url, send, create } = await start();
    const { id } = await create();
    const members = `${url}/${id}/members`;
    const added = await send('PUT', `${members}/${member.userId}`);
    expect(added).toMatchObject({ status: 200, body: { userId: member.userId, displayName: member.displayName } });
    expect(await send('PUT', `${members}/${member.userId}`)).toEqual(added);
    await send('PUT', `${members}/${viewer.userId}`);
    const all = itemsOf(await service.as(viewer)('GET', members));
    expect(all.map(({ userId }) => userId)).toEqual([member.userId, viewer.userId]);
    const first = (await send('GET', `${members}?limit=1`)).body as { readonly nextCursor: string };
    expect(itemsOf(await send('GET', `${members}?limit=1&cursor=${first.nextCursor}`))).toEqual(all.slice(1));
    expect(await send('PUT', `${members}/${newUser().userId}`)).toEqual(
      problem(422, 'UNPROCESSABLE', 'Only members of the community belong to its councils.'),
    );
    const events = (await outboxOf(outbox, communityId)).filter(({ action }) => action === 'council-member.add');
    expect(events.map(({ resource }) => resource.id)).toEqual([member.userId, viewer.userId]);
    expect(events[0]?.changes).toEqual([{ path: '/councilId', after: id }]);
  });

  test('are added and removed by admins alone; everyone may leave, and come back', async () => {
    const { communityId, admin, member, viewer, url, send, create } = await start();
    const { id } = await create();
    const seat = `${url}/${id}/members/${member.userId}`;
    expect((await service.as(admin)('PUT', seat)).status).toBe(200);
    expect(await service.as(viewer)('DELETE', seat)).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, viewer, does not include council-member:remove.'),
    );
    expect(await service.as(viewer)('PUT', seat)).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, viewer, does not include council-member:add.'),
    );
    expect(await service.as(member)('DELETE', seat)).toEqual(done);
    expect((await outboxOf(outbox, communityId)).at(-1)).toMatchObject({ action: 'council-member.leave', result: 'success' });
    expect(await service.as(member)('DELETE', seat)).toEqual(noSuch('council member'));
    expect((await send('PUT', seat)).status).toBe(200);
    expect(await send('DELETE', seat)).toEqual(done);
  });

  test('leave it with the community, and do not come back by an invite', async () => {
    const { communityId, owner, member, url, send, create } = await start();
    const { id } = await create();
    await send('PUT', `${url}/${id}/members/${member.userId}`);
    expect(await send('DELETE', `/v1/communities/${communityId}/members/${member.userId}`)).toEqual(done);
    expect((await send('GET', `${url}/${id}`)).body).toMatchObject({ memberCount: 0 });
    expect((await outboxOf(outbox, communityId)).at(-1)).toMatchObject({
      action: 'council-member.remove',
      resource: { type: 'council-member', id: member.userId },
      changes: [
        { path: '/councilId', before: id },
        { path: '/reason', after: 'member.remove' },
      ],
    });
    await admit(service, owner, communityId, 'member', member);
    expect(itemsOf(await send('GET', `${url}/${id}/members`))).toEqual([]);
  });

  test('hold one seat each, however often they are added at once', async () => {
    const { communityId, member, url, send, create } = await start();
    const { id } = await create();
    const seat = `${url}/${id}/members/${member.userId}`;
    const answers = await timesAtOnce(200, () => send('PUT', seat));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await outbox.run(`SELECT version FROM team.resource_memberships WHERE resource_id = '${id}'`)).toEqual([
      { version: '1' },
    ]);
    const events = (await outboxOf(outbox, communityId)).filter(({ action }) => action === 'council-member.add');
    expect(events).toHaveLength(1);
  });
});
