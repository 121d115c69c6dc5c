import { randomUUID } from 'node:crypto';
import type { Invite, NewInvite } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { atOnce } from '@guildhall/testkit';
import { outboxOf } from '../support/outbox.ts';
import { newPlace, type Place } from '../support/people.ts';
import { done, newUser, noSuch, problem } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const invite = async (place: Place, body: object = { role: 'member' }): Promise<NewInvite> =>
  (await service.as(place.owner)('POST', `/v1/communities/${place.id}/invites`, { body })).body as NewInvite;
const listOf = async (place: Place): Promise<readonly Invite[]> =>
  ((await service.as(place.owner)('GET', `/v1/communities/${place.id}/invites`)).body as { items: Invite[] }).items;
const gone = (status: string) => problem(410, 'GONE', `This invite is no longer open: it is ${status}.`);
const expire = (id: string) => outbox.run(`UPDATE team.invites SET expires_at = now() - interval '1 second' WHERE id = '${id}'`);

describe('POST /v1/communities/:communityId/invites', () => {
  test('makes a link for one use and a week, and shows its token this once', async () => {
    const place = await newPlace(service);
    const created = await service.as(place.owner)('POST', `/v1/communities/${place.id}/invites`, { body: { role: 'viewer' } });
    const { token, ...rest } = created.body as NewInvite;
    expect(created.status).toBe(201);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(rest).toEqual({
      id: expect.any(String),
      role: 'viewer',
      ownRole: null,
      email: null,
      usesLeft: 1,
      status: 'open',
      createdBy: place.owner.userId,
      createdByName: place.owner.displayName,
      createdAt: expect.any(String),
      expiresAt: new Date(Date.parse(rest.createdAt) + 604_800_000).toISOString(),
      delivery: 'link_only',
    });
    expect(await listOf(place)).toEqual([rest]);
    const kept = await outbox.run(
      `SELECT count(*)::int4 AS count FROM (
         SELECT to_jsonb(i)::text FROM team.invites i UNION ALL SELECT to_jsonb(k)::text FROM team.idempotency_keys k
         UNION ALL SELECT to_jsonb(o)::text FROM team.outbox_events o) AS everything (row) WHERE row LIKE '%${token}%'`,
    );
    expect(kept).toEqual([{ count: 0 }]);
  });

  test('answers the first answer with its token to a repeated key, without keeping the token', async () => {
    const place = await newPlace(service);
    const url = `/v1/communities/${place.id}/invites`;
    const key = randomUUID();
    const first = await service.as(place.owner)('POST', url, { body: { role: 'viewer' }, key });
    expect(await service.as(place.owner)('POST', url, { body: { role: 'viewer' }, key })).toEqual(first);
    expect(await service.as(place.owner)('POST', url, { body: { role: 'member' }, key })).toEqual(
      problem(422, 'IDEMPOTENCY_KEY_REUSED'),
    );
    expect(await listOf(place)).toHaveLength(1);
    const { token } = first.body as NewInvite;
    expect(await outbox.run(`SELECT id FROM team.idempotency_keys WHERE answer::text LIKE '%${token}%'`)).toEqual([]);
  });

  test('is for moderators and up, to roles up to their own', async () => {
    const place = await newPlace(service, ['member', 'moderator']);
    const [member = newUser(), moderator = newUser()] = place.members;
    const url = `/v1/communities/${place.id}/invites`;
    expect(await service.as(member)('POST', url, { body: { role: 'viewer' } })).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, member, does not include invite:create.'),
    );
    expect(await service.as(moderator)('POST', url, { body: { role: 'admin' } })).toEqual(
      problem(403, 'FORBIDDEN', 'Nobody invites to a role above their own.'),
    );
    expect((await service.as(moderator)('POST', url, { body: { role: 'moderator' } })).status).toBe(201);
    expect(await service.as(newUser())('POST', url, { body: { role: 'viewer' } })).toEqual(noSuch('community'));
    expect((await service.as(place.owner)('POST', url, { body: { role: 'owner' } })).status).toBe(400);
  });
});

describe('GET /v1/communities/:communityId/invites', () => {
  test('lists newest first with what became of each, to moderators and up', async () => {
    const place = await newPlace(service, ['member']);
    const invited = newUser();
    const [used, declined, revoked, expired, open] = [
      await invite(place),
      await invite(place, { role: 'member', email: invited.email }),
      await invite(place),
      await invite(place),
      await invite(place),
    ];
    await service.as(newUser())('POST', '/v1/invites/accept', { body: { token: used.token } });
    await service.as(invited)('POST', '/v1/invites/decline', { body: { token: declined.token } });
    await service.as(place.owner)('DELETE', `/v1/communities/${place.id}/invites/${revoked.id}`);
    await expire(expired.id);
    const statuses = new Map((await listOf(place)).map(({ id, status }) => [id, status]));
    expect([used, declined, revoked, expired, open].map(({ id }) => statuses.get(id))).toEqual([
      'used',
      'declined',
      'revoked',
      'expired',
      'open',
    ]);
    expect(await service.as(place.members[0] ?? newUser())('GET', `/v1/communities/${place.id}/invites`)).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, member, does not include invite:read.'),
    );
    expect(await service.as(newUser())('GET', `/v1/communities/${place.id}/invites`)).toEqual(noSuch('community'));
  });
});

describe('POST /v1/invites/accept', () => {
  test('makes the caller a member with the invited role, and tells of it', async () => {
    const place = await newPlace(service);
    const { id, token } = await invite(place, { role: 'moderator' });
    const user = newUser('Grace');
    const joined = await service.as(user)('POST', '/v1/invites/accept', { body: { token } });
    const seen = await service.as(user)('GET', `/v1/communities/${place.id}`);
    expect(joined).toEqual(seen);
    expect(seen.body).toMatchObject({ id: place.id, role: 'moderator' });
    expect((await outboxOf(outbox, place.id)).at(-1)).toMatchObject({
      actor: { id: user.userId },
      action: 'invite.accept',
      resource: { type: 'invite', id },
      result: 'success',
      changes: [{ path: '/members', after: { userId: user.userId, role: 'moderator' } }],
    });
    expect(await service.as(user)('POST', '/v1/invites/accept', { body: { token } })).toEqual(
      problem(409, 'CONFLICT', 'You belong to this community already.'),
    );
    expect(await service.as(newUser())('POST', '/v1/invites/accept', { body: { token } })).toEqual(gone('used'));
  });

  test('knows an address however it is written, and shows nobody else that there is such an invite', async () => {
    const place = await newPlace(service);
    const user = newUser();
    const { token } = await invite(place, { role: 'viewer', email: user.email.toUpperCase() });
    expect(await service.as(newUser())('POST', '/v1/invites/accept', { body: { token } })).toEqual(noSuch('invite'));
    expect(await service.as(newUser())('POST', '/v1/invites/decline', { body: { token } })).toEqual(noSuch('invite'));
    expect((await service.as(user)('POST', '/v1/invites/accept', { body: { token } })).status).toBe(200);
  });

  test('answers 410 once an invite is expired or revoked, 404 for one that never was or whose community is gone', async () => {
    const place = await newPlace(service);
    const [expired, revoked, orphaned] = [await invite(place), await invite(place), await invite(place)];
    await expire(expired.id);
    await service.as(place.owner)('DELETE', `/v1/communities/${place.id}/invites/${revoked.id}`);
    const accept = (token: string) => service.as(newUser())('POST', '/v1/invites/accept', { body: { token } });
    expect(await accept(expired.token)).toEqual(gone('expired'));
    expect(await accept(revoked.token)).toEqual(gone('revoked'));
    expect(await accept('guessed')).toEqual(noSuch('invite'));
    await service.as(place.owner)('DELETE', `/v1/communities/${place.id}`, { ifMatch: 1 });
    expect(await accept(orphaned.token)).toEqual(noSuch('invite'));
  });

  test('lets exactly seven of 200 at once through an invite for seven', async () => {
    const place = await newPlace(service);
    const { token } = await invite(place, { role: 'viewer', uses: 7 });
    const users = Array.from({ length: 200 }, newUser);
    const answers = await atOnce(users, (user) => service.as(user)('POST', '/v1/invites/accept', { body: { token } }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(answers.filter(({ status }) => status !== 200)).toEqual(Array.from({ length: 193 }, () => gone('used')));
    const members = await outbox.run(
      `SELECT user_id FROM team.resource_memberships WHERE resource_id = '${place.id}' AND deleted_at IS NULL`,
    );
    expect(members).toHaveLength(8);
  });

  test('spends one use on a user who accepts ten times at once', async () => {
    const place = await newPlace(service);
    const { id, token } = await invite(place, { role: 'viewer', uses: 5 });
    const user = newUser();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => service.as(user)('POST', '/v1/invites/accept', { body: { token } })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    expect((await listOf(place)).find((entry) => entry.id === id)?.usesLeft).toBe(4);
  });
});

describe('POST /v1/invites/decline', () => {
  test('declines what was sent to the caller, for good', async () => {
    const place = await newPlace(service);
    const user = newUser();
    const { token } = await invite(place, { role: 'viewer', email: user.email });
    const decline = () => service.as(user)('POST', '/v1/invites/decline', { body: { token } });
    expect(await decline()).toEqual(done);
    expect(await decline()).toEqual(gone('declined'));
    expect(await service.as(user)('POST', '/v1/invites/accept', { body: { token } })).toEqual(gone('declined'));
  });

  test('does not let one holder of a link decline it for all', async () => {
    const { token } = await invite(await newPlace(service));
    expect(await service.as(newUser())('POST', '/v1/invites/decline', { body: { token } })).toEqual(noSuch('invite'));
  });
});

describe('DELETE /v1/communities/:communityId/invites/:inviteId', () => {
  test('takes an invite back once and for all', async () => {
    const place = await newPlace(service, ['member']);
    const { id } = await invite(place);
    const url = `/v1/communities/${place.id}/invites/${id}`;
    expect(await service.as(place.members[0] ?? newUser())('DELETE', url)).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, member, does not include invite:revoke.'),
    );
    expect(await service.as(newUser())('DELETE', url)).toEqual(noSuch('community'));
    expect(await service.as(place.owner)('DELETE', url)).toEqual(done);
    expect(await service.as(place.owner)('DELETE', url)).toEqual(done);
    expect(
      (await outboxOf(outbox, place.id)).filter(({ action, result }) => action === 'invite.revoke' && result === 'success'),
    ).toHaveLength(1);
  });

  test('does not find an invite of another community', async () => {
    const [place, other] = [await newPlace(service), await newPlace(service)];
    const { id } = await invite(other);
    expect(await service.as(place.owner)('DELETE', `/v1/communities/${place.id}/invites/${id}`)).toEqual(noSuch('invite'));
  });
});
