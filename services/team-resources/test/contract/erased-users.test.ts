import { randomUUID } from 'node:crypto';
import type { AuditPayload, CommunityRole, Invite, Member, NewInvite, UserChangedMessage } from '@guildhall/contracts';
import { createPublisher } from '@guildhall/events';
import { createLog } from '@guildhall/http';
import { identityOf, waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { admit, newPlace } from '../support/people.ts';
import { newUser, noSuch, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService({ hasQueue: true });
const log = createLog({ service: 'test', level: 'silent' });
let publisher: ReturnType<typeof createPublisher>;
beforeAll(() => {
  publisher = createPublisher({ queueUrl: service.databaseUrl, identity: identityOf('auth'), log });
});
afterAll(() => publisher.close());

const erasedEvent = ({ userId, email }: User, version = 2): UserChangedMessage => ({
  id: randomUUID(),
  kind: 'user-changed',
  occurredAt: new Date().toISOString(),
  payload: { userId, displayName: 'Erased user', version, status: 'erased', email },
});
const isTaken = async ({ id }: UserChangedMessage): Promise<boolean> =>
  (await outbox.run(`SELECT id FROM team.inbox_events WHERE id = '${id}'`)).length > 0;
const erase = async (user: User): Promise<void> => {
  const event = erasedEvent(user);
  await publisher.publish('user-changed', [event]);
  await waitFor(() => isTaken(event), { what: 'the erasure to be taken', timeoutMs: 20_000 });
};

const itemsOf = async <T>(by: User, path: string): Promise<T[]> =>
  ((await service.as(by)('GET', path)).body as { items: T[] }).items;
const rolesIn = async (by: User, communityId: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await itemsOf<Member>(by, `/v1/communities/${communityId}/members`)).map(({ userId, role }) => [userId, role]),
  );
/** The events of a community that the erasure wrote, without the ids of its request. */
const erasureEvents = async (communityId: string): Promise<Omit<AuditPayload, 'requestId'>[]> =>
  (await outboxOf(outbox, communityId))
    .filter(({ actor }) => actor.id === 'erasure')
    .map(({ requestId: _requestId, ...payload }) => payload);
const erasureEvent = (communityId: string, action: string, resource: object, changes: readonly object[]) => ({
  actor: { type: 'system', id: 'erasure' },
  action,
  resource,
  communityId,
  result: 'success',
  changes: [...changes, { path: '/reason', after: 'user.erase' }],
  service: 'team-resources',
});

test('an erased user loses memberships, seats and invites at once, each with its event, and leaves no name', async () => {
  const { id, owner, members } = await newPlace(service, ['admin']);
  const [grace = newUser()] = members;
  const base = `/v1/communities/${id}`;
  const council = (await service.as(owner)('POST', `${base}/councils`, { body: { name: 'Wealth' } })).body as { id: string };
  expect((await service.as(owner)('PUT', `${base}/councils/${council.id}/members/${grace.userId}`)).status).toBe(200);
  const script = await service.as(grace)('POST', `${base}/workspaces`, { body: { name: 'Made by Grace' } });
  const made = (await service.as(grace)('POST', `${base}/invites`, { body: { role: 'member' } })).body as NewInvite;
  const grant = { body: { points: 15, reason: 'A founder.' }, ifMatch: 1 };
  expect((await service.as(grace)('PUT', `${base}/trust/grants/${owner.userId}`, grant)).status).toBe(200);
  await waitFor(async () => JSON.stringify(await itemsOf(owner, `${base}/activity`)).includes('Grace'), {
    what: 'an activity that names her',
    timeoutMs: 20_000,
  });

  await erase(grace);

  expect(await service.as(grace)('GET', base)).toEqual(noSuch('community'));
  expect(await rolesIn(owner, id)).toEqual({ [owner.userId]: 'owner' });
  expect(await itemsOf(owner, `${base}/councils/${council.id}/members`)).toEqual([]);
  expect(await itemsOf<Invite>(owner, `${base}/invites`)).toContainEqual(
    expect.objectContaining({ id: made.id, status: 'revoked', createdByName: 'Erased user' }),
  );
  expect((await service.as(newUser())('POST', '/v1/invites/accept', { body: { token: made.token } })).status).toBe(410);
  expect(await itemsOf(owner, `${base}/workspaces`)).toEqual([
    expect.objectContaining({ id: (script.body as { id: string }).id, createdBy: grace.userId }),
  ]);
  expect(await itemsOf(owner, `${base}/trust/grants`)).toEqual([
    expect.objectContaining({ grantedBy: grace.userId, grantedByName: 'Erased user' }),
  ]);
  const member = { type: 'member', id: grace.userId };
  expect(await erasureEvents(id)).toEqual(
    expect.arrayContaining([
      erasureEvent(id, 'member.remove', member, [{ path: '/role', before: 'admin' }]),
      erasureEvent(id, 'council-member.remove', { ...member, type: 'council-member' }, [
        { path: '/councilId', before: council.id },
      ]),
      erasureEvent(id, 'invite.revoke', { type: 'invite', id: made.id }, []),
    ]),
  );
  expect(await erasureEvents(id)).toHaveLength(3);
  // Nothing that the service shows or stores names her, or knows her address; the audit events are on their way.
  const kept = await outbox.run(`
    SELECT 'user' AS kept FROM team.app_users AS t WHERE id = '${grace.userId}' AND to_jsonb(t)::text LIKE '%Grace%'
    UNION ALL SELECT 'activity' FROM team.activities AS t WHERE resource_id = '${grace.userId}' AND to_jsonb(t)::text LIKE '%Grace%'
    UNION ALL SELECT 'invite' FROM team.invites AS t WHERE to_jsonb(t)::text LIKE '%${grace.email}%'`);
  expect(kept).toEqual([]);
});

test('invites to the address end and forget it: they let nobody else in', async () => {
  const { id, owner } = await newPlace(service);
  const grace = newUser('Grace');
  const invite = (
    await service.as(owner)('POST', `/v1/communities/${id}/invites`, { body: { role: 'admin', email: grace.email } })
  ).body as NewInvite;
  await erase(grace);
  expect(await itemsOf<Invite>(owner, `/v1/communities/${id}/invites`)).toEqual([
    expect.objectContaining({ id: invite.id, email: null, status: 'revoked' }),
  ]);
  expect((await service.as(newUser())('POST', '/v1/invites/accept', { body: { token: invite.token } })).status).toBe(410);
  expect(await itemsOf(grace, '/v1/me/invites')).toEqual([]);
});

const heirs: readonly { readonly left: readonly Exclude<CommunityRole, 'owner'>[]; readonly heir: number | null }[] = [
  { left: ['member', 'admin', 'admin'], heir: 1 },
  { left: ['member', 'moderator', 'member'], heir: 1 },
  { left: ['viewer', 'member', 'member'], heir: 1 },
  { left: ['viewer'], heir: null },
  { left: [], heir: null },
];
test.each(heirs)('the last owner is erased, of $left member $heir becomes the owner', async ({ left, heir }) => {
  const { id, owner, members } = await newPlace(service, left);
  await erase(owner);
  const actions = (await erasureEvents(id)).map(({ action }) => action).toSorted();
  expect(actions).toEqual(heir === null ? ['member.remove'] : ['member.remove', 'member.update']);
  const remaining = members.length === 0 ? {} : await rolesIn(members[0] ?? owner, id);
  expect(remaining).toEqual(
    Object.fromEntries(members.map(({ userId }, index) => [userId, index === heir ? 'owner' : left[index]])),
  );
});

test('a community with another owner keeps its roles', async () => {
  const { id, owner, members } = await newPlace(service, ['admin', 'admin']);
  const [second = newUser(), third = newUser()] = members;
  await service.as(owner)('PATCH', `/v1/communities/${id}/members/${second.userId}`, { body: { role: 'owner' }, ifMatch: 1 });
  await erase(owner);
  expect(await rolesIn(second, id)).toEqual({ [second.userId]: 'owner', [third.userId]: 'admin' });
});

test('an erasure that is delivered again, or in front of older events, changes nothing more', async () => {
  const { id, owner, members } = await newPlace(service, ['member']);
  const [grace = newUser()] = members;
  const renamed: UserChangedMessage = {
    ...erasedEvent(grace),
    payload: { userId: grace.userId, displayName: 'Grace 2', version: 2 },
  };
  const erased = erasedEvent(grace, 3);
  await publisher.publish('user-changed', [erased]);
  await waitFor(() => isTaken(erased), { what: 'the erasure to be taken', timeoutMs: 20_000 });
  await publisher.publish('user-changed', [renamed, { ...erased, id: randomUUID() }]);
  await waitFor(() => isTaken(renamed), { what: 'the older event to be taken', timeoutMs: 20_000 });
  expect(await outbox.run(`SELECT display_name, version FROM team.app_users WHERE id = '${grace.userId}'`)).toEqual([
    { display_name: 'Erased user', version: '3' },
  ]);
  expect(await erasureEvents(id)).toHaveLength(1);
  expect(await rolesIn(owner, id)).toEqual({ [owner.userId]: 'owner' });
});

test('an erased user whose token is still good founds and joins nothing', async () => {
  const { id, owner } = await newPlace(service);
  const grace = await admit(service, owner, id, 'member', newUser('Grace'));
  const { token } = (await service.as(owner)('POST', `/v1/communities/${id}/invites`, { body: { role: 'member' } }))
    .body as NewInvite;
  await erase(grace);
  expect((await service.as(grace)('POST', '/v1/invites/accept', { body: { token } })).status).toBeGreaterThanOrEqual(400);
  expect((await service.as(grace)('POST', '/v1/communities', { body: { name: 'After' } })).status).toBeGreaterThanOrEqual(400);
  expect(await itemsOf(grace, '/v1/communities')).toEqual([]);
  expect(await rolesIn(owner, id)).toEqual({ [owner.userId]: 'owner' });
});
