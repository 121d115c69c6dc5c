import type { MyInvite, NewInvite } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { newPlace, type Place } from '../support/people.ts';
import { done, newUser, noSuch, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service } = useTeamService();

const invite = async (place: Place, body: object): Promise<NewInvite> =>
  (await service.as(place.owner)('POST', `/v1/communities/${place.id}/invites`, { body })).body as NewInvite;

const lookAs = (user: User, token: string) => service.as(user)('POST', '/v1/invites/look', { body: { token } });

const mine = async (
  user: User,
  query = '',
): Promise<{ readonly items: readonly MyInvite[]; readonly nextCursor: string | null }> =>
  (await service.as(user)('GET', `/v1/me/invites${query}`)).body as never;

describe('POST /v1/invites/look', () => {
  test('shows who invites, to what and as what, and changes nothing', async () => {
    const place = await newPlace(service);
    const { token, email: _email, usesLeft: _usesLeft, delivery: _delivery, ...made } = await invite(place, { role: 'viewer' });
    const guest = newUser('Grace');
    const view = {
      ...made,
      communityId: place.id,
      communityName: 'Night shift',
      isMember: false,
    };
    const look = { status: 200, etag: undefined, body: view };
    expect([await lookAs(guest, token), await lookAs(guest, token)]).toEqual([look, look]);
    expect((await lookAs(place.owner, token)).body).toEqual({ ...view, isMember: true });
    expect((await service.as(guest)('POST', '/v1/invites/accept', { body: { token } })).status).toBe(200);
    expect((await lookAs(guest, token)).body).toEqual({ ...view, isMember: true, status: 'used' });
  });

  test('does not find an invite to another address, and one to a deleted community', async () => {
    const place = await newPlace(service);
    const [invited, other] = [newUser('Grace'), newUser('Eve')];
    const { token } = await invite(place, { role: 'viewer', email: invited.email });
    expect(await lookAs(other, token)).toEqual(noSuch('invite'));
    expect((await lookAs(invited, token)).status).toBe(200);
    await service.as(place.owner)('DELETE', `/v1/communities/${place.id}`, { ifMatch: 1 });
    expect(await lookAs(invited, token)).toEqual(noSuch('invite'));
  });
});

describe('GET /v1/me/invites', () => {
  test('lists the open invites to the own address with their tokens, page by page', async () => {
    const [one, other, left] = [await newPlace(service), await newPlace(service), await newPlace(service)];
    const guest = newUser('Grace');
    const body = { role: 'member', email: guest.email.toUpperCase() };
    const made = [await invite(one, body), await invite(other, body), await invite(left, body)];
    await invite(one, { role: 'member' });
    await invite(one, { role: 'member', email: newUser('Eve').email });
    const tokens = made.map(({ token }) => token).toReversed();
    expect((await mine(guest)).items.map(({ token }) => token)).toEqual(tokens);
    const first = await mine(guest, '?limit=2');
    expect((await mine(guest, `?limit=2&cursor=${first.nextCursor ?? ''}`)).items.map(({ token }) => token)).toEqual(
      tokens.slice(2),
    );
    await service.as(left.owner)('DELETE', `/v1/communities/${left.id}/invites/${made[2]?.id ?? ''}`);
    await service.as(guest)('POST', '/v1/invites/accept', { body: { token: made[1]?.token } });
    expect((await mine(guest)).items.map(({ communityId, createdByName }) => [communityId, createdByName])).toEqual([
      [one.id, one.owner.displayName],
    ]);
    expect(await service.as(guest)('POST', '/v1/invites/decline', { body: { token: made[0]?.token } })).toEqual(done);
    expect((await mine(guest)).items).toEqual([]);
  });

  test('leaves out an invite whose maker may not invite any more', async () => {
    const place = await newPlace(service, ['moderator']);
    const [moderator = newUser()] = place.members;
    const guest = newUser('Grace');
    await service.as(moderator)('POST', `/v1/communities/${place.id}/invites`, { body: { role: 'viewer', email: guest.email } });
    expect((await mine(guest)).items).toHaveLength(1);
    await service.as(moderator)('DELETE', `/v1/communities/${place.id}/members/${moderator.userId}`);
    expect((await mine(guest)).items).toEqual([]);
  });
});
