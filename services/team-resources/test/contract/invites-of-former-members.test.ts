import { randomUUID } from 'node:crypto';
import { communityRolesWith, includesRole, type CommunityRole, type Invite, type NewInvite } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace, type Place } from '../support/people.ts';
import { newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

type Invited = Invite['role'];

const inviteBy = async (by: User, { id }: Place, body: object): Promise<NewInvite> => {
  const made = await service.as(by)('POST', `/v1/communities/${id}/invites`, { body });
  expect(made.status).toBe(201);
  return made.body as NewInvite;
};
const accept = (by: User, { token }: NewInvite) => service.as(by)('POST', '/v1/invites/accept', { body: { token } });
const remove = async (by: User, { id }: Place, { userId }: User): Promise<void> => {
  expect((await service.as(by)('DELETE', `/v1/communities/${id}/members/${userId}`)).status).toBe(204);
};
const demote = async ({ id, owner }: Place, { userId }: User, role: CommunityRole): Promise<void> => {
  const changed = await service.as(owner)('PATCH', `/v1/communities/${id}/members/${userId}`, { body: { role }, ifMatch: 1 });
  expect(changed.status).toBe(200);
};
const statusOf = async ({ id, owner }: Place, invite: NewInvite): Promise<Invite> => {
  const { items } = (await service.as(owner)('GET', `/v1/communities/${id}/invites`)).body as { items: Invite[] };
  return items.find((found) => found.id === invite.id) as Invite;
};
const revoked = problem(410, 'GONE', 'This invite is no longer open: it is revoked.');
const removedSince = problem(410, 'GONE', 'You were removed from this community after this invite was made. Ask for a new one.');

/** One inviter of each role with an invite of each role that they may give. */
const inviters = communityRolesWith('invite:create').filter((role): role is Invited => role !== 'owner');
const invitedRoles = ['admin', 'moderator', 'member', 'viewer'] as const satisfies readonly Invited[];
const given = inviters.flatMap((by) => invitedRoles.filter((role) => includesRole(by, role)).map((role) => ({ by, role })));

describe('an invite falls with the right of who made it:', () => {
  const ends = {
    removed: (place: Place, inviter: User) => remove(place.owner, place, inviter),
    left: (place: Place, inviter: User) => remove(inviter, place, inviter),
    demoted: (place: Place, inviter: User) => demote(place, inviter, 'viewer'),
  };
  const cases = Object.entries(ends).flatMap(([how, end]) => given.map((one) => ({ ...one, how, end })));

  test.each(cases)('of $by to $role, who $how', async ({ by, role, end }) => {
    const place = await newPlace(service, [by]);
    const [inviter = newUser()] = place.members;
    const invite = await inviteBy(inviter, place, { role, uses: 1000 });
    await end(place, inviter);
    expect(await accept(newUser(), invite)).toEqual(revoked);
    expect(await statusOf(place, invite)).toMatchObject({ status: 'revoked', createdBy: inviter.userId, usesLeft: 1000 });
  });

  test('a demotion that leaves the right to give a role leaves the invites to it', async () => {
    const place = await newPlace(service, ['admin']);
    const [inviter = newUser()] = place.members;
    const [toAdmin, toMember] = [
      await inviteBy(inviter, place, { role: 'admin' }),
      await inviteBy(inviter, place, { role: 'member' }),
    ];
    await demote(place, inviter, 'moderator');
    expect(await accept(newUser(), toAdmin)).toEqual(revoked);
    expect((await accept(newUser(), toMember)).status).toBe(200);
  });

  test('and each is told to the audit trail, with what brought it about', async () => {
    const place = await newPlace(service, ['admin']);
    const [inviter = newUser()] = place.members;
    const invites = [await inviteBy(inviter, place, { role: 'member' }), await inviteBy(inviter, place, { role: 'viewer' })];
    const ofOwner = await inviteBy(place.owner, place, { role: 'member' });
    await remove(place.owner, place, inviter);
    const told = (await outboxOf(outbox, place.id)).filter(({ action }) => action === 'invite.revoke');
    expect(told.map(({ resource }) => resource.id).toSorted()).toEqual(invites.map(({ id }) => id).toSorted());
    expect(told.map(({ actor, changes }) => [actor.id, changes])).toEqual(
      told.map(() => [place.owner.userId, [{ path: '/reason', after: 'member.remove' }]]),
    );
    expect((await accept(newUser(), ofOwner)).status).toBe(200);
  });

  test('also when the loss of the right was written by something that revokes nothing', async () => {
    const place = await newPlace(service, ['admin']);
    const [inviter = newUser()] = place.members;
    const invite = await inviteBy(inviter, place, { role: 'admin' });
    await outbox.run(`UPDATE team.resource_memberships SET role = 'moderator' WHERE user_id = '${inviter.userId}'`);
    expect(await accept(newUser(), invite)).toEqual(revoked);
    expect(await statusOf(place, invite)).toMatchObject({ status: 'revoked' });
  });
});

const bringBack = async (place: Place, former: User, end: () => Promise<void>) => {
  const older = await inviteBy(place.owner, place, { role: 'member', uses: 10 });
  const toAddress = await inviteBy(place.owner, place, { role: 'member', email: former.email });
  await end();
  return { older, toAddress, newer: () => inviteBy(place.owner, place, { role: 'viewer', uses: 10 }) };
};

describe('a removal is remembered:', () => {
  test.each(invitedRoles)('a %s who was removed comes back by no older link, but by a newer one', async (role) => {
    const place = await newPlace(service, [role]);
    const [former = newUser()] = place.members;
    const { older, newer } = await bringBack(place, former, () => remove(place.owner, place, former));
    expect(await accept(former, older)).toEqual(removedSince);
    expect(await service.as(former)('GET', `/v1/communities/${place.id}`)).toEqual(noSuch('community'));
    expect((await accept(newUser(), older)).status).toBe(200);
    expect((await accept(former, await newer())).status).toBe(200);
    await remove(former, place, former);
    expect((await accept(former, older)).status).toBe(200);
  });

  test('an invite to their address brings them back', async () => {
    const place = await newPlace(service, ['member']);
    const [former = newUser()] = place.members;
    const { toAddress } = await bringBack(place, former, () => remove(place.owner, place, former));
    expect((await accept(former, toAddress)).status).toBe(200);
  });

  test('who left by themselves may come back by an older link', async () => {
    const place = await newPlace(service, ['member']);
    const [former = newUser()] = place.members;
    const { older } = await bringBack(place, former, () => remove(former, place, former));
    expect((await accept(former, older)).status).toBe(200);
  });
});

test('an earlier Idempotency-Key shows the token of an invite to nobody who may not invite any more', async () => {
  const place = await newPlace(service, ['admin']);
  const [inviter = newUser()] = place.members;
  const url = `/v1/communities/${place.id}/invites`;
  const request = { body: { role: 'member' }, key: randomUUID() };
  expect((await service.as(inviter)('POST', url, request)).status).toBe(201);
  await demote(place, inviter, 'viewer');
  expect(await service.as(inviter)('POST', url, request)).toEqual(
    problem(403, 'FORBIDDEN', 'Your role here, viewer, does not include invite:create.'),
  );
});
