import type { NewInvite, Poll, Wealth } from '@guildhall/contracts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startOutbox } from '../support/outbox.ts';
import { admit, newPlace, type Place } from '../support/people.ts';
import { newUser, startTeamService, type TeamService } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

/**
 * Invites, polls and wealth expire by the clock of the database, at the moment of the statement: no job notes that they have, and the
 * clock of the process is not asked.
 */

const { service } = useTeamService();

const halfAnHour = 1_800_000;
const hour = 3_600_000;

afterEach(() => void vi.useRealTimers());

/** Sets the system's clock of this process, by which the service would be wrong. */
const setSystemClock = (offsetMs: number): void => {
  const now = performance.timeOrigin + performance.now() + offsetMs;
  vi.useFakeTimers({ toFake: ['Date'], now });
};

interface Expiring {
  readonly place: Place;
  readonly invite: NewInvite;
  readonly poll: Poll;
  readonly wealth: Wealth;
}

/** An invite, a poll and wealth that expire half an hour from now. */
const createExpiring = async (on: TeamService): Promise<Expiring> => {
  const place = await newPlace(on);
  const create = async <T>(path: string, body: object): Promise<T> => {
    const answer = await on.as(place.owner)('POST', `/v1/communities/${place.id}/${path}`, { body });
    expect([path, answer.status]).toEqual([path, 201]);
    return answer.body as T;
  };
  const expiresAt = new Date(performance.timeOrigin + performance.now() + halfAnHour).toISOString();
  return {
    place,
    invite: await create<NewInvite>('invites', { role: 'member', uses: 20, expiresInSeconds: halfAnHour / 1000 }),
    poll: await create<Poll>('polls', { question: 'Tea?', options: ['Yes', 'No'], closesAt: expiresAt }),
    wealth: await create<Wealth>('wealth', { type: 'object', title: 'Laptop', expiresAt }),
  };
};

/** The status of each of them, and that of the answer to who uses it. */
const outcomesOf = async (on: TeamService, { place, invite, poll, wealth }: Expiring) => {
  const [guest, member] = [newUser('Grace'), await admit(on, place.owner, place.id, 'member')];
  const community = `/v1/communities/${place.id}`;
  const { token } = invite;
  const statusAt = async (path: string) => ((await on.as(place.owner)('GET', path)).body as { status: string }).status;
  const looked = await on.as(guest)('POST', '/v1/invites/look', { body: { token } });
  const accepted = await on.as(guest)('POST', '/v1/invites/accept', { body: { token } });
  const vote = await on.as(place.owner)('PUT', `${community}/polls/${poll.id}/ballot`, { body: { options: [1] } });
  const request = await on.as(member)('POST', `${community}/wealth/${wealth.id}/requests`, { body: {} });
  return {
    invite: [(looked.body as { status: string }).status, accepted.status],
    poll: [await statusAt(`${community}/polls/${poll.id}`), vote.status],
    wealth: [await statusAt(`${community}/wealth/${wealth.id}`), request.status],
  };
};

const usable = { invite: ['open', 200], poll: ['open', 200], wealth: ['active', 201] };
const expired = { invite: ['expired', 410], poll: ['closed', 409], wealth: ['expired', 409] };

/** Moves the times of all three: as if the clock of the database were set by so much in the other direction. */
const moveTimes = async ({ databaseUrl }: TeamService, { invite, poll, wealth }: Expiring, interval: string): Promise<void> => {
  const database = await startOutbox(databaseUrl);
  await database.run(`
    UPDATE team.invites SET expires_at = expires_at + interval '${interval}' WHERE id = '${invite.id}';
    UPDATE team.polls SET closes_at = closes_at + interval '${interval}' WHERE id = '${poll.id}';
    UPDATE team.wealth SET expires_at = expires_at + interval '${interval}' WHERE id = '${wealth.id}'`);
  await database.close();
};

const restartOn = ({ databaseUrl }: TeamService): Promise<TeamService> =>
  startTeamService({ env: { DATABASE_URL: databaseUrl } });

describe('invites, polls and wealth expire by the clock of the database', () => {
  test.each([
    ['back', -2 * hour],
    ['forward', 2 * hour],
  ])('when that of the process was set %s, and is when it starts again', async (_direction, offsetMs) => {
    const before = await createExpiring(service);
    setSystemClock(offsetMs);
    const after = await createExpiring(service);
    const restarted = await restartOn(service);
    expect([await outcomesOf(service, before), await outcomesOf(restarted, after)]).toEqual([usable, usable]);
    for (const each of [before, after]) await moveTimes(service, each, '-31 minutes');
    expect([await outcomesOf(restarted, before), await outcomesOf(service, after)]).toEqual([expired, expired]);
    await restarted.close();
  });

  test('when that was set forward and back, nothing is left of the time between, and what ended by hand stays ended', async () => {
    const [left, ended] = [await createExpiring(service), await createExpiring(service)];
    const { place, poll, invite, wealth } = ended;
    const [send, community] = [service.as(place.owner), `/v1/communities/${place.id}`];
    expect((await send('POST', `${community}/polls/${poll.id}/close`)).status).toBe(200);
    expect((await send('DELETE', `${community}/invites/${invite.id}`)).status).toBe(204);
    const cancel = { body: { status: 'cancelled' }, ifMatch: 1 };
    expect((await send('PATCH', `${community}/wealth/${wealth.id}`, cancel)).status).toBe(200);
    for (const each of [left, ended]) await moveTimes(service, each, '-31 minutes');
    expect(await outcomesOf(service, left)).toEqual(expired);
    const restarted = await restartOn(service);
    for (const each of [left, ended]) await moveTimes(service, each, '31 minutes');
    expect(await outcomesOf(restarted, left)).toEqual(usable);
    const byHand = { invite: ['revoked', 410], poll: ['closed', 409], wealth: ['cancelled', 409] };
    expect(await outcomesOf(restarted, ended)).toEqual(byHand);
    await restarted.close();
  });
});
