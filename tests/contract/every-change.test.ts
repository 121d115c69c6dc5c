import {
  communityRoleMay,
  communityRoutes,
  inviteRoutes,
  type CommunityPermission,
  type PublicContract,
} from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { newUser, routedTeam } from './callers.ts';
import * as community from './community-changes.ts';
import { auditedOneByOne, changes, codeOf, contracts, fieldsOf, inCommunity, isChange, unaudited } from './community-changes.ts';
import { askFromOutside, newOutsider, type Outsider } from './other-community.ts';
import { exampleRequest, sendAs, type RoutedService } from './route-client.ts';

/** The rules for every route in a community, reads and changes, by the permission, the action and the subject of its contract. */

const anyId: unknown = expect.any(String);
const edits = changes.filter(([, { isVersioned, method }]) => isVersioned === true && (method === 'PATCH' || method === 'PUT'));
const audited = new Set(changes.map(([name]) => name).filter((name) => !unaudited.has(name) && !auditedOneByOne.has(name)));

let fixture: Awaited<ReturnType<typeof startFixture>>;
let service: RoutedService;
let outsider: Outsider;
beforeAll(async () => {
  fixture = await startFixture();
  service = routedTeam(fixture);
  outsider = await newOutsider(service);
});
afterAll(() => fixture.close());

const newCommunity = () => community.newCommunity({ service, tables: fixture.tables });
const prepare = (contract: PublicContract) => community.prepare({ service, tables: fixture.tables }, contract);
/** The reads that one community can have all of: a document brings a folder of its own, whose name is taken where folders are read. */
const isSharedRead = (contract: PublicContract): boolean => !isChange(contract) && !contract.name.includes('ControlMDocument');
let forReads: ReturnType<typeof newCommunity> | undefined;
/** Prepares a read in one community for all of them, which change nothing in it: what one of them needed is there for the next. */
const prepareRead = async (contract: PublicContract) => {
  const shared = await (forReads ??= newCommunity());
  const prepared = await community.prepare({ service, tables: fixture.tables }, contract, shared);
  for (const [name, value] of prepared.parameters) if (name.endsWith('Id')) shared.known.set(name, value);
  return prepared;
};
const eventsOf = (communityId: string) => community.eventsOf(fixture.tables, communityId);

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** The callers of a prepared community whose role does not hold the permission of a contract, by their role. */
const refusedBy = ({ permission }: PublicContract, { members }: Prepared) =>
  [...members].filter(([role]) => !communityRoleMay(role, permission as CommunityPermission));

/** The events of a change: one for each caller who was refused, in this order, and one for the owner who made it. */
const eventsAfter = (
  { action, subject }: PublicContract,
  refused: readonly string[],
  { owner, parameters }: Prepared,
  id: unknown,
) => {
  const idOf = (created: unknown) => ('parameter' in subject ? parameters.get(subject.parameter) : created);
  return [
    ...refused.map((actor) => ({ actor, action, type: subject.type, id: idOf(anyId), result: 'denied' })),
    { actor: owner.userId, action, type: subject.type, id: idOf(id), result: 'success' },
  ];
};

describe('in a community', () => {
  test.each(inCommunity)(
    '%s is for the roles that hold its permission, and not found by others, nor by way of a community of their own; an audited change leaves an event with its action and subject for each refusal of a role, and one when it is made',
    async (name, contract) => {
      const prepared = await (isSharedRead(contract) ? prepareRead : prepare)(contract);
      const { communityId, owner, request } = prepared;
      const refused = refusedBy(contract, prepared);
      const earlier = audited.has(name) ? (await eventsOf(communityId)).length : 0;
      for (const [role, member] of refused) {
        expect([role, ...codeOf(await sendAs(service, member, contract, request))]).toEqual([role, 403, 'FORBIDDEN']);
      }
      expect(codeOf(await sendAs(service, await newUser(), contract, request))).toEqual([404, 'NOT_FOUND']);
      for (const { theirs, none } of await askFromOutside(service, outsider, contract, request)) {
        expect(theirs).toMatchObject({ status: 404, etag: null, body: { code: 'NOT_FOUND' } });
        expect(theirs).toEqual(none);
      }
      const answer = await sendAs(service, owner, contract, request);
      expect(answer.status).toBeLessThan(300);
      if (!audited.has(name)) return;
      const actors = refused.map(([, { userId }]) => userId);
      expect((await eventsOf(communityId)).slice(earlier)).toEqual(eventsAfter(contract, actors, prepared, fieldsOf(answer).id));
    },
  );

  test.each(changes.filter(([name]) => unaudited.has(name)))('%s leaves no event', async (_name, contract) => {
    const { communityId, owner, request } = await prepare(contract);
    const earlier = await eventsOf(communityId);
    expect((await sendAs(service, owner, contract, request)).status).toBeLessThan(300);
    expect(await eventsOf(communityId)).toEqual(earlier);
  });

  test.each(edits)('%s lets one of two changes of one version through', async (_name, contract) => {
    const { owner, request } = await prepare(contract);
    const answers = await Promise.all([1, 2].map(() => sendAs(service, owner, contract, request)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412]);
  });
});

test('an invite that is accepted and one that is declined leave the events of their contracts', async () => {
  const { communityId, owner } = await newCommunity();
  for (const contract of [inviteRoutes.acceptInvite, inviteRoutes.declineInvite]) {
    const guest = await newUser();
    const body = { role: 'member', email: 'ada@example.org' };
    const path = `/v1/communities/${communityId}/invites`;
    const { id, token } = fieldsOf(await sendAs(service, owner, inviteRoutes.createInvite, { path, body }));
    const earlier = (await eventsOf(communityId)).length;
    const answer = await sendAs(service, guest, contract, { path: contract.path, body: { token } });
    expect(answer.status).toBeLessThan(300);
    expect((await eventsOf(communityId)).slice(earlier)).toEqual([
      { actor: guest.userId, action: contract.action, type: contract.subject.type, id, result: 'success' },
    ]);
  }
});

test('a community that is founded leaves the event of its contract', async () => {
  const { communityId, owner } = await newCommunity();
  const { action, subject } = communityRoutes.createCommunity;
  expect(await eventsOf(communityId)).toEqual([
    { actor: owner.userId, action, type: subject.type, id: communityId, result: 'success' },
  ]);
});

test('a deleted community is restored by its admins and owners, with the event of its contract, and not found by others', async () => {
  const { communityId, members, owner } = await newCommunity();
  const { deleteCommunity, restoreCommunity } = communityRoutes;
  const path = `/v1/communities/${communityId}`;
  await sendAs(service, owner, deleteCommunity, { path, headers: { 'if-match': '"1"' } });
  const request = exampleRequest(restoreCommunity, `${path}/restore`);
  const outsiders = [
    await newUser(),
    ...[...members].filter(([role]) => !communityRoleMay(role, 'community:update')).map(([, user]) => user),
  ];
  for (const user of outsiders)
    expect(codeOf(await sendAs(service, user, restoreCommunity, request))).toEqual([404, 'NOT_FOUND']);
  const admin = members.get('admin') ?? owner;
  expect((await sendAs(service, admin, restoreCommunity, request)).status).toBe(200);
  const { action, subject } = restoreCommunity;
  expect((await eventsOf(communityId)).at(-1)).toEqual({
    actor: admin.userId,
    action,
    type: subject.type,
    id: communityId,
    result: 'success',
  });
});

test('every change that team-resources makes is tried here', () => {
  const tried = [...changes.map(([name]) => name), 'createCommunity', 'restoreCommunity', 'acceptInvite', 'declineInvite'];
  // It changes nothing: it is a POST for the sake of the token in its body.
  const looked = ['lookAtInvite'];
  expect([...tried, ...looked].toSorted()).toEqual(
    contracts
      .filter(isChange)
      .map(({ name }) => name)
      .toSorted(),
  );
  expect(changes.length).toBeGreaterThan(14);
});
