import type { Wealth } from '@guildhall/contracts';
import { principalHeader } from '@guildhall/principal';
import { waitFor } from '@guildhall/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newPlace, type Place } from '../support/people.ts';
import { newUser, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service } = useTeamService();

interface Told {
  readonly communityId: string;
  readonly type: string;
  readonly id: string | null;
}

/** One connection to the stream of a user: what came of it so far. */
const listen = async (user: User, lastEventId?: string) => {
  const abort = new AbortController();
  const response = await fetch(`${service.url}/v1/events`, {
    headers: {
      ...(await service.headersOf(user)),
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: abort.signal,
  });
  let text = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
  })().catch(() => undefined);
  const told = (): Told[] =>
    [...text.matchAll(/^event: changed\ndata: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Told);
  const close = async (): Promise<void> => {
    abort.abort();
    await reading;
  };
  onTestFinished(close);
  await waitFor(() => response.status !== 200 || text !== '', { what: 'the stream to begin' });
  const lastId = () => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1];
  return { response, told, text: () => text, lastId, close };
};

const createCouncil = async (place: Place, name: string): Promise<string> => {
  const made = await service.as(place.owner)('POST', `/v1/communities/${place.id}/councils`, { body: { name } });
  return (made.body as { id: string }).id;
};

describe('GET /v1/events', () => {
  test('tells members what changed in their communities, by id and type, and strangers nothing', async () => {
    const place = await newPlace(service, ['viewer']);
    const other = await newPlace(service);
    const [viewer = newUser()] = place.members;
    const [heard, unheard] = [await listen(viewer), await listen(other.owner)];
    expect(heard.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const id = await createCouncil(place, 'Secret name');
    const elsewhere = await createCouncil(other, 'Elsewhere');
    await waitFor(() => heard.told().some((told) => told.id === id) && unheard.told().some((told) => told.id === elsewhere));
    expect(heard.told().at(-1)).toEqual({ communityId: place.id, type: 'council', id });
    expect(unheard.told().every(({ communityId }) => communityId === other.id)).toBe(true);
    expect(heard.text()).not.toContain('Secret name');
  });

  test('goes on behind Last-Event-ID: what happened meanwhile is told', async () => {
    const place = await newPlace(service);
    const first = await listen(place.owner);
    const before = await createCouncil(place, 'Before');
    await waitFor(() => first.told().some(({ id }) => id === before));
    await first.close();
    const missed = await createCouncil(place, 'Meanwhile');
    const second = await listen(place.owner, first.lastId());
    await waitFor(() => second.told().some(({ id }) => id === missed));
    expect(second.text()).not.toContain('event: reset');
  });

  test('says that everything is to be read again where it cannot go on', async () => {
    const place = await newPlace(service);
    for (const lastEventId of ['1', 'yesterday']) {
      const stream = await listen(place.owner, lastEventId);
      await waitFor(() => stream.text().includes('event: reset'));
      // Before anything that it looks back for.
      expect(stream.text().split('event: changed')[0]).toContain('event: reset');
    }
  });

  test('tells of wealth that it changed, and not which: not every member may see it', async () => {
    const place = await newPlace(service, ['member']);
    const [member = newUser()] = place.members;
    const stream = await listen(member);
    const body = { title: 'Ladder', type: 'object', minTrustRequired: 15 };
    const made = await service.as(place.owner)('POST', `/v1/communities/${place.id}/wealth`, { body });
    const { id } = made.body as Wealth;
    await waitFor(() => stream.told().some(({ type }) => type === 'wealth'));
    expect(stream.text()).not.toContain(id);
  });

  test('tells a member who was removed of that, once, and nothing more', async () => {
    const place = await newPlace(service, ['member']);
    const [leaver = newUser()] = place.members;
    const [left, kept] = [await listen(leaver), await listen(place.owner)];
    const removed = await service.as(place.owner)('DELETE', `/v1/communities/${place.id}/members/${leaver.userId}`, {
      ifMatch: 1,
    });
    expect(removed.status).toBeLessThan(300);
    const id = await createCouncil(place, 'Afterwards');
    const isOwn = (told: Told): boolean => told.type === 'member' && told.id === leaver.userId;
    await waitFor(() => kept.told().some((told) => told.id === id) && left.told().some(isOwn));
    expect(left.told().filter(isOwn)).toEqual([{ communityId: place.id, type: 'member', id: leaver.userId }]);
    // Polls go on over what was told: the next change of the place comes with all that they read again.
    const next = await createCouncil(place, 'Later');
    await waitFor(() => kept.told().some((told) => told.id === next));
    expect(left.told().filter(isOwn)).toHaveLength(1);
    expect(left.told().some((told) => told.id === id || told.id === next)).toBe(false);
  });

  test('tells who loses the right to hear, by another role or by a role with other permissions, of that alone', async () => {
    const place = await newPlace(service, ['member', 'member']);
    const [given = newUser(), changed = newUser()] = place.members;
    const asOwner = service.as(place.owner);
    const path = `/v1/communities/${place.id}`;
    const roleOf = async (name: string, permissions: readonly string[]): Promise<string> =>
      ((await asOwner('POST', `${path}/roles`, { body: { name, permissions } })).body as { id: string }).id;
    const [deaf, hearing] = [await roleOf('Deaf', ['script:read']), await roleOf('Hearing', ['activity:read'])];
    const give = (user: User, ownRoleId: string) =>
      asOwner('PATCH', `${path}/members/${user.userId}`, { ifMatch: 1, body: { ownRoleId } });
    expect((await give(changed, hearing)).status).toBe(200);
    const [first, second, kept] = [await listen(given), await listen(changed), await listen(place.owner)];
    expect((await give(given, deaf)).status).toBe(200);
    const fewer = await asOwner('PATCH', `${path}/roles/${hearing}`, { ifMatch: 1, body: { permissions: ['script:read'] } });
    expect(fewer.status).toBe(200);
    const id = await createCouncil(place, 'Afterwards');
    await waitFor(() => kept.told().some((told) => told.id === id));
    await waitFor(() => first.told().some((told) => told.type === 'member' && told.id === given.userId));
    await waitFor(() => second.told().some((told) => told.type === 'own-role' && told.id === hearing));
    for (const { told } of [first, second]) expect(told().some((change) => change.id === id)).toBe(false);
  });

  test('tells the members of a community that it was deleted, and those who had left it nothing', async () => {
    const place = await newPlace(service, ['viewer', 'member']);
    const [viewer = newUser(), leaver = newUser()] = place.members;
    const left = await service.as(leaver)('DELETE', `/v1/communities/${place.id}/members/${leaver.userId}`, { ifMatch: 1 });
    expect(left.status).toBeLessThan(300);
    const [heard, unheard] = [await listen(viewer), await listen(leaver)];
    const deleted = await service.as(place.owner)('DELETE', `/v1/communities/${place.id}`, { ifMatch: 1 });
    expect(deleted.status).toBeLessThan(300);
    // Its creation, which the stream looks back for, and its end.
    await waitFor(() => heard.told().filter(({ type }) => type === 'community').length === 2);
    expect(unheard.told().filter(({ type }) => type !== 'member')).toEqual([]);
  });

  test('is bounded for each user', async () => {
    const user = newUser();
    const streams = await Promise.all(Array.from({ length: 7 }, () => listen(user)));
    expect(streams.filter(({ response }) => response.status === 429)).toHaveLength(1);
    const one = streams.find(({ response }) => response.status === 200);
    await one?.close();
    await waitFor(async () => {
      const again = await listen(user);
      await again.close();
      return again.response.status === 200;
    });
  });
});

test('no stream is opened for a caller without a principal', async () => {
  const answers = await Promise.all([
    fetch(`${service.url}/v1/events`),
    fetch(`${service.url}/v1/events`, { headers: { [principalHeader]: 'x' } }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([401, 401]);
});
