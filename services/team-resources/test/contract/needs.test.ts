import { timesAtOnce } from '@guildhall/testkit';
import { randomUUID } from 'node:crypto';
import { needRoutes, type Council, type Need, type Wealth } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const start = async () => {
  const { id: communityId, owner, members } = await newPlace(service, ['member', 'member']);
  const [ada = newUser(), bob = newUser()] = members;
  const community = `/v1/communities/${communityId}`;
  const url = `${community}/needs`;
  const create = async (user: User, fields: object = {}) =>
    (await service.as(user)('POST', url, { body: { title: 'Charger', ...fields } })).body as Need;
  const edit = (user: User, { id }: Need, body: object, ifMatch = 1) =>
    service.as(user)('PATCH', `${url}/${id}`, { body, ifMatch });
  const fulfil = (user: User, { id }: Need, body: object = {}) => service.as(user)('POST', `${url}/${id}/fulfil`, { body });
  const newCouncil = async (...seated: readonly User[]): Promise<string> => {
    const { id } = (await service.as(owner)('POST', `${community}/councils`, { body: { name: 'Hardware' } })).body as Council;
    for (const { userId } of seated) await service.as(owner)('PUT', `${community}/councils/${id}/members/${userId}`);
    return id;
  };
  const titles = async (query = '') =>
    ((await service.as(owner)('GET', `${url}${query}`)).body as { items: Need[] }).items.map(({ title }) => title);
  return { communityId, community, owner, ada, bob, url, create, edit, fulfil, newCouncil, titles };
};

describe('needs at /v1/communities/:communityId/needs', () => {
  test('are created open, read as they were answered, met by hand, deleted and restored', async () => {
    const { communityId, ada, url, fulfil, titles } = await start();
    const send = service.as(ada);
    const created = await send('POST', url, { body: { title: 'Charger', quantity: 2 } });
    const { id, createdAt } = created.body as Need;
    const whole: Need = {
      id,
      communityId,
      title: 'Charger',
      description: '',
      quantity: 2,
      intervalDays: null,
      councilId: null,
      isOfCommunity: false,
      status: 'open',
      timesMet: 0,
      metByWealthId: null,
      metAt: null,
      createdBy: ada.userId,
      createdByName: ada.displayName,
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(created).toEqual({ status: 201, etag: '"1"', body: whole });
    expect(await send('GET', `${url}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    const met = await fulfil(ada, whole);
    const { metAt, updatedAt } = met.body as Need;
    expect(met.body).toEqual({ ...whole, status: 'met', timesMet: 1, metAt, version: 2, updatedAt });
    expect([metAt, (await send('GET', `${url}/${id}`)).body]).toEqual([expect.any(String), met.body]);
    expect(await fulfil(ada, whole)).toEqual(problem(409, 'CONFLICT', 'The need is met already.'));
    expect([await titles(), await titles('?status=met')]).toEqual([[], ['Charger']]);
    expect(await send('DELETE', `${url}/${id}`, { ifMatch: 2 })).toEqual(done);
    expect([await send('GET', `${url}/${id}`), await titles('?state=deleted')]).toEqual([noSuch('need'), ['Charger']]);
    expect((await send('POST', `${url}/${id}/restore`)).body).toMatchObject({ status: 'met', version: 4 });
  });

  test('are met by wealth that the caller sees', async () => {
    const { community, owner, ada, create, fulfil } = await start();
    const need = await create(ada);
    const offer = async (fields: object) =>
      (await service.as(owner)('POST', `${community}/wealth`, { body: { type: 'object', title: 'Charger', ...fields } }))
        .body as Wealth;
    const unknown = problem(422, 'UNPROCESSABLE', 'The community has no such wealth.');
    const hidden = await offer({ minTrustRequired: 5 });
    expect(await fulfil(ada, need, { metByWealthId: randomUUID() })).toEqual(unknown);
    expect(await fulfil(ada, need, { metByWealthId: hidden.id })).toEqual(unknown);
    const { id: metByWealthId } = await offer({});
    expect((await fulfil(ada, need, { metByWealthId })).body).toMatchObject({ status: 'met', metByWealthId });
  });

  test('that recur are open again once their time has come, by the clock of the database', async () => {
    const { ada, create, edit, fulfil, titles } = await start();
    const need = await create(ada, { intervalDays: 7 });
    await fulfil(ada, need);
    expect(await titles()).toEqual([]);
    await outbox.run(`UPDATE team.needs SET reopens_at = now() WHERE id = '${need.id}'`);
    expect(await titles()).toEqual(['Charger']);
    expect((await edit(ada, need, { quantity: 3 }, 2)).body).toMatchObject({ status: 'open', quantity: 3 });
    expect((await fulfil(ada, need)).body).toMatchObject({ status: 'met', timesMet: 2 });
  });

  test('are sorted by age or title, and read once each, page by page', async () => {
    const { ada, url, create, titles } = await start();
    for (const title of ['charger', 'Desk', 'Adapter', 'desk', 'Boxes']) await create(ada, { title });
    expect(await titles()).toEqual(['Boxes', 'desk', 'Adapter', 'Desk', 'charger']);
    expect(await titles('?sort=oldest')).toEqual(['charger', 'Desk', 'Adapter', 'desk', 'Boxes']);
    expect((await titles('?sort=title')).map((title) => title.toLowerCase())).toEqual([
      'adapter',
      'boxes',
      'charger',
      'desk',
      'desk',
    ]);
    const page = async (query: string) =>
      (await service.as(ada)('GET', `${url}?limit=2${query}`)).body as { items: Need[]; nextCursor: string | null };
    for (const sort of ['newest', 'oldest', 'title']) {
      const read: string[] = [];
      let cursor: string | null = null;
      do {
        const found = await page(`&sort=${sort}${cursor === null ? '' : `&cursor=${cursor}`}`);
        read.push(...found.items.map(({ title }) => title));
        cursor = found.nextCursor;
      } while (cursor !== null);
      expect(read).toEqual(await titles(`?sort=${sort}`));
    }
    const { nextCursor } = await page('&sort=title');
    expect((await service.as(ada)('GET', `${url}?sort=oldest&cursor=${String(nextCursor)}`)).status).toBe(400);
  });

  test('are changed by whose they are and by admins alone, and no more once they are cancelled', async () => {
    const { owner, ada, bob, create, edit, fulfil, titles } = await start();
    const need = await create(ada);
    const refused = problem(403, 'FORBIDDEN', 'Only whose need it is, admins and owners may change it.');
    expect(await edit(bob, need, { title: 'Mine' })).toEqual(refused);
    expect(await fulfil(bob, need)).toEqual(refused);
    await create(ada, { title: 'Desk' });
    expect([await titles('?q=CHAR'), await titles(`?createdBy=${bob.userId}`)]).toEqual([['Charger'], []]);
    expect((await edit(owner, need, { status: 'cancelled' })).status).toBe(200);
    expect(await edit(ada, need, { title: 'Again' }, 2)).toEqual(
      problem(409, 'CONFLICT', 'The need is cancelled, and changes no more.'),
    );
    expect((await fulfil(ada, need)).status).toBe(409);
    expect([await titles(), await titles('?status=met'), await titles('?status=cancelled')]).toEqual([['Desk'], [], ['Charger']]);
  });

  test('are met once, however many say so at once', async () => {
    const { ada, url, create, fulfil } = await start();
    const need = await create(ada, { intervalDays: 7 });
    const answers = await timesAtOnce(200, () => fulfil(ada, need));
    const statuses = answers.map(({ status }) => status);
    expect([statuses.filter((status) => status === 200).length, new Set(statuses)]).toEqual([1, new Set([200, 409])]);
    expect((await service.as(ada)('GET', `${url}/${need.id}`)).body).toMatchObject({ timesMet: 1, version: 2 });
  });
});

const refusal = problem(
  403,
  'FORBIDDEN',
  'Its members say what a council is short of, admins and owners that and what the community is.',
);
const notTheirs = problem(403, 'FORBIDDEN', 'Only whose need it is, admins and owners may change it.');

describe('needs of councils and of the community', () => {
  test('are stated, changed and met by the members of the council, by admins and owners, and seen by every member', async () => {
    const { community, owner, ada, bob, url, create, edit, fulfil, newCouncil, titles } = await start();
    const councilId = await newCouncil(ada, bob);
    const need = await create(ada, { title: 'Minutes', councilId });
    expect(need).toMatchObject({ councilId, isOfCommunity: false, createdBy: ada.userId });
    expect((await edit(bob, need, { quantity: 2 })).status).toBe(200);
    expect([await titles(`?councilId=${councilId}`), await titles('?isOfCommunity=true')]).toEqual([['Minutes'], []]);
    for (const { userId } of [ada, bob])
      await service.as(owner)('DELETE', `${community}/councils/${councilId}/members/${userId}`);
    expect(await service.as(ada)('POST', url, { body: { title: 'Minutes', councilId } })).toEqual(refusal);
    expect([await edit(ada, need, { quantity: 3 }, 2), await fulfil(bob, need)]).toEqual([notTheirs, notTheirs]);
    expect(await service.as(ada)('DELETE', `${url}/${need.id}`, { ifMatch: 2 })).toEqual(notTheirs);
    expect((await service.as(ada)('GET', `${url}/${need.id}`)).status).toBe(200);
    expect((await fulfil(owner, need)).body).toMatchObject({ status: 'met', councilId });
  });

  test('of the community are those of its admins and owners', async () => {
    const { owner, ada, url, create, edit, titles } = await start();
    expect(await service.as(ada)('POST', url, { body: { title: 'Server', isOfCommunity: true } })).toEqual(refusal);
    const need = await create(owner, { title: 'Server', isOfCommunity: true });
    await create(ada);
    expect(await edit(ada, need, { quantity: 2 })).toEqual(notTheirs);
    expect([await titles('?isOfCommunity=true'), await titles('?isOfCommunity=false')]).toEqual([['Server'], ['Charger']]);
  });

  test('are refused for a council that the community does not have, and for a council and the community at once', async () => {
    const { community, owner, url, newCouncil } = await start();
    const [elsewhere, councilId] = [await start(), await newCouncil()];
    const send = (fields: object) => service.as(owner)('POST', url, { body: { title: 'Minutes', ...fields } });
    const unknown = problem(422, 'UNPROCESSABLE', 'The community has no such council.');
    expect(await send({ councilId: await elsewhere.newCouncil() })).toEqual(unknown);
    expect(await send({ councilId, isOfCommunity: true })).toEqual(
      problem(422, 'UNPROCESSABLE', 'It is the need of one council or of the community, not of both.'),
    );
    await service.as(owner)('DELETE', `${community}/councils/${councilId}`, { ifMatch: 1 });
    expect(await send({ councilId })).toEqual(unknown);
  });

  test('are audited when they are refused, under the name of the action', async () => {
    const { communityId, ada, url } = await start();
    await service.as(ada)('POST', url, { body: { title: 'Server', isOfCommunity: true } });
    const denied = (await outboxOf(outbox, communityId)).filter(({ result }) => result === 'denied');
    expect(denied.map(({ action, actor }) => [action, actor.id])).toEqual([['need.create', ada.userId]]);
  });
});

test.each(Object.values(needRoutes))('$name is not found by a member of another community', async ({ name, method, path }) => {
  const { communityId, ada, create } = await start();
  const need = await create(ada);
  const other = await newPlace(service);
  const bodies: Readonly<Record<string, object>> = { createNeed: { title: 'x' }, updateNeed: { title: 'x' }, fulfilNeed: {} };
  const at = path.replace(':communityId', communityId).replace(':needId', need.id);
  const noun = path.includes(':needId') ? 'need' : 'community';
  expect(await service.as(other.owner)(method, at, { body: bodies[name], ifMatch: 1 })).toEqual(noSuch(noun));
});
