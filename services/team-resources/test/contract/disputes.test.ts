import { timesAtOnce } from '@guildhall/testkit';
import { randomUUID } from 'node:crypto';
import { disputeRoutes, type Council, type Dispute, type Wealth, type WealthRequest } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace } from '../support/people.ts';
import { newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

/** A community in which ada has requested wealth of the owner, who accepted it unless told otherwise. */
const start = async ({ isAccepted = true } = {}) => {
  const { id: communityId, owner, members } = await newPlace(service, ['member', 'admin', 'member', 'viewer']);
  const [ada = newUser(), admin = newUser(), bob = newUser(), viewer = newUser()] = members;
  const community = `/v1/communities/${communityId}`;
  const send = service.as(owner);
  const wealth = (await send('POST', `${community}/wealth`, { body: { type: 'object', title: 'Laptop' } })).body as Wealth;
  const requests = `${community}/wealth/${wealth.id}/requests`;
  const request = (await service.as(ada)('POST', requests, { body: {} })).body as WealthRequest;
  if (isAccepted) await send('PATCH', `${requests}/${request.id}`, { body: { status: 'accepted' }, ifMatch: 1 });
  const url = `${community}/disputes`;
  const open = (user: User, key?: string) =>
    service.as(user)('POST', `${requests}/${request.id}/disputes`, {
      body: { reason: 'No charger.' },
      ...(key === undefined ? {} : { key }),
    });
  const end = (user: User, { id }: Dispute, body: object, ifMatch = 1) =>
    service.as(user)('PATCH', `${url}/${id}`, { body, ifMatch });
  const idsFor = async (user: User, query = '') => {
    const { body } = await service.as(user)('GET', `${url}${query}`);
    return (body as { items: Dispute[] }).items.map(({ id }) => id);
  };
  return { communityId, community, owner, ada, admin, bob, viewer, wealth, request, url, send, open, end, idsFor };
};

const resolved = { status: 'resolved', resolution: 'It follows by Friday.' };

describe('disputes at /v1/communities/:communityId/disputes', () => {
  test('are opened by a side of an accepted request, seen by both sides and admins, and resolved by an admin', async () => {
    const { communityId, owner, ada, admin, bob, wealth, request, url, open, end, idsFor } = await start();
    const opened = await open(ada);
    const { id, createdAt } = opened.body as Dispute;
    const whole = {
      id,
      communityId,
      wealthId: wealth.id,
      requestId: request.id,
      wealthTitle: 'Laptop',
      reason: 'No charger.',
      status: 'open',
      resolution: null,
      resolvedBy: null,
      resolvedByName: null,
      mayResolve: false,
      createdBy: ada.userId,
      createdByName: ada.displayName,
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    expect(opened).toEqual({ status: 201, etag: '"1"', body: whole });
    expect(await service.as(ada)('GET', `${url}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    expect((await service.as(admin)('GET', `${url}/${id}`)).body).toEqual({ ...whole, mayResolve: true });
    expect(await service.as(bob)('GET', `${url}/${id}`)).toEqual(noSuch('dispute'));
    expect([await idsFor(owner), await idsFor(ada), await idsFor(admin), await idsFor(bob)]).toEqual([[id], [id], [id], []]);
    const done = await end(admin, whole as Dispute, resolved);
    const { updatedAt } = done.body as Dispute;
    const resolver = { resolvedBy: admin.userId, resolvedByName: admin.displayName };
    expect(done.body).toEqual({ ...whole, ...resolved, ...resolver, version: 2, updatedAt });
    expect((await service.as(owner)('GET', `${url}/${id}`)).body).toEqual(done.body);
    expect([await idsFor(owner, '?status=open'), await idsFor(owner, '?status=resolved')]).toEqual([[], [id]]);
    const events = (await outboxOf(outbox, communityId)).filter(({ resource }) => resource.id === id);
    expect(events.map(({ action, actor, result }) => [action, actor.id, result])).toEqual([
      ['dispute.create', ada.userId, 'success'],
      ['dispute.update', admin.userId, 'success'],
    ]);
  });

  test('are not opened by others, nor on a request that is not accepted', async () => {
    const { admin, bob, viewer, open } = await start();
    expect(await open(admin)).toEqual(noSuch('wealth request'));
    expect(await open(bob)).toEqual(noSuch('wealth request'));
    expect((await open(viewer)).status).toBe(403);
    const pending = await start({ isAccepted: false });
    expect(await pending.open(pending.ada)).toEqual(
      problem(409, 'CONFLICT', 'A dispute is about an accepted request; this one is pending.'),
    );
  });

  test('are withdrawn by who opened them, and then another one may be opened', async () => {
    const { owner, ada, url, open, end } = await start();
    const dispute = (await open(owner)).body as Dispute;
    expect(await end(ada, dispute, { status: 'withdrawn' })).toEqual(
      problem(403, 'FORBIDDEN', 'Who opened a dispute withdraws it.'),
    );
    expect(await open(ada)).toEqual(problem(409, 'CONFLICT', 'The request has an open dispute already.'));
    expect((await end(owner, dispute, { status: 'withdrawn' })).status).toBe(200);
    expect(await end(owner, dispute, { status: 'withdrawn' }, 2)).toEqual(
      problem(409, 'CONFLICT', 'The dispute is withdrawn already.'),
    );
    const another = await open(ada);
    expect(another.status).toBe(201);
    const page = async (query: string) =>
      (await service.as(owner)('GET', `${url}?limit=1${query}`)).body as { items: Dispute[]; nextCursor: string | null };
    const first = await page('');
    const second = await page(`&cursor=${String(first.nextCursor)}`);
    expect([first.items, second.items]).toMatchObject([[{ id: (another.body as Dispute).id }], [{ id: dispute.id }]]);
    expect(second.nextCursor).toBeNull();
    const [oldest, last] = [await page('&sort=oldest'), (another.body as Dispute).id];
    const next = await page(`&sort=oldest&cursor=${String(oldest.nextCursor)}`);
    expect([oldest.items, next.items, next.nextCursor]).toMatchObject([[{ id: dispute.id }], [{ id: last }], null]);
    expect((await service.as(owner)('GET', `${url}?sort=newest&cursor=${String(oldest.nextCursor)}`)).status).toBe(400);
  });

  test('are never resolved by a side of them, and only with a resolution', async () => {
    const { owner, ada, admin, open, end } = await start();
    const dispute = (await open(ada)).body as Dispute;
    const refused = problem(403, 'FORBIDDEN', 'Who handles disputes resolves it, and never one of its sides.');
    expect(await end(owner, dispute, resolved)).toEqual(refused);
    expect(await end(ada, dispute, resolved)).toEqual(refused);
    const unfit = problem(422, 'UNPROCESSABLE', 'A dispute is resolved with a resolution, and withdrawn without one.');
    expect(await end(admin, dispute, { status: 'resolved' })).toEqual(unfit);
    expect(await end(ada, dispute, { ...resolved, status: 'withdrawn' })).toEqual(unfit);
  });

  test('are handled by the councils that the settings name, by nobody else while one of them is there', async () => {
    const { community, admin, bob, ada, send, open, end, idsFor } = await start();
    const council = (await send('POST', `${community}/councils`, { body: { name: 'Mediation' } })).body as Council;
    await send('PUT', `${community}/councils/${council.id}/members/${bob.userId}`);
    const settings = { disputeHandlingCouncils: [council.id] };
    const { etag = '' } = await send('GET', community);
    const changed = await send('PATCH', community, { body: { settings }, ifMatch: Number(etag.replaceAll('"', '')) });
    expect(changed.status).toBe(200);
    const dispute = (await open(ada)).body as Dispute;
    expect(await idsFor(bob)).toEqual([dispute.id]);
    expect((await end(admin, dispute, resolved)).status).toBe(403);
    expect((await end(bob, dispute, resolved)).status).toBe(200);
    const second = (await open(ada)).body as Dispute;
    await send('DELETE', `${community}/councils/${council.id}`, { ifMatch: 1 });
    expect((await end(bob, second, resolved)).status).toBe(404);
    expect((await end(admin, second, resolved)).status).toBe(200);
  });

  test('of 200 that are opened on one request at once, one is open', async () => {
    const { owner, ada, open, idsFor } = await start();
    const answers = await timesAtOnce(200, (n) => open(n % 2 === 0 ? owner : ada, randomUUID()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(await idsFor(owner, '?limit=100')).toHaveLength(1);
  });
});

test.each(Object.values(disputeRoutes))('$name is not found by a member of another community', async ({ name, method, path }) => {
  const { communityId, ada, wealth, request, open } = await start();
  const dispute = (await open(ada)).body as Dispute;
  const other = await newPlace(service);
  const bodies: Readonly<Record<string, object>> = { openDispute: { reason: 'x' }, updateDispute: { status: 'withdrawn' } };
  const pathIn = (community: string) =>
    path
      .replace(':communityId', community)
      .replace(':wealthId', wealth.id)
      .replace(':requestId', request.id)
      .replace(':disputeId', dispute.id);
  const ask = (at: string) => service.as(other.owner)(method, at, { body: bodies[name], ifMatch: 1 });
  expect(await ask(pathIn(communityId))).toEqual(noSuch('community'));
  const elsewhere: Readonly<Record<string, unknown>> = {
    listDisputes: { status: 200, etag: undefined, body: { items: [], nextCursor: null } },
    openDispute: noSuch('wealth request'),
  };
  expect(await ask(pathIn(other.id))).toEqual(elsewhere[name] ?? noSuch('dispute'));
});
