import {
  communityRoleMay,
  communityRoles,
  communityRoutes,
  inviteRoutes,
  type AuditPayload,
  type CommunityPermission,
  type CommunityRole,
  type PublicContract,
} from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { newMember, newUser, routedTeam } from './callers.ts';
import {
  createTarget,
  exampleRequest,
  otherExampleBody,
  sendAs,
  versionAt,
  type Caller,
  type RouteAnswer,
  type RoutedService,
} from './route-client.ts';

/** The rules for every route in a community, by the permission, the action and the subject of its contract. */

const routes = routeTable.filter(({ service }) => service === 'team-resources');
const contracts = routes.map(({ contract }) => contract);
const inCommunity = routes
  .filter(({ access }) => access.kind === 'community' || access.kind === 'workspace')
  .map(({ contract }) => [contract.name, contract] as const);
const anyId: unknown = expect.any(String);
const isChange = ({ method }: PublicContract): boolean => method !== 'GET';
const changes = inCommunity.filter(([, contract]) => isChange(contract));
const edits = changes.filter(([, { isVersioned, method }]) => isVersioned === true && method === 'PATCH');
/** The route that prepares a target before this one can be tried on it. */
const before: Readonly<Record<string, string>> = {
  restoreWorkspace: 'deleteWorkspace',
  restorePoll: 'deletePoll',
  getBallot: 'castBallot',
  withdrawTrustAward: 'awardTrust',
  restoreCouncil: 'deleteCouncil',
  removeCouncilMember: 'addCouncilMember',
  restoreWealth: 'deleteWealth',
  restoreForum: 'deleteForum',
  restoreThread: 'deleteThread',
  restorePost: 'deletePost',
  restorePool: 'deletePool',
  restoreNeed: 'deleteNeed',
};

/** The changes that leave no event: what somebody has read is theirs alone (decision 22). */
const unaudited: ReadonlySet<string> = new Set(['markForumRead', 'markThreadRead']);
const audited = changes.filter(([name]) => !unaudited.has(name));

let fixture: Awaited<ReturnType<typeof startFixture>>;
let service: RoutedService;
beforeAll(async () => {
  fixture = await startFixture();
  service = routedTeam(fixture);
});
afterAll(() => fixture.close());

/** The fields of an answer that are looked at here. */
const fieldsOf = ({ body }: RouteAnswer) =>
  (body ?? {}) as { readonly id?: string; readonly code?: string; readonly token?: string };
const codeOf = (answer: RouteAnswer): readonly unknown[] => [answer.status, fieldsOf(answer).code];

/** A community with one user of each role, and one more member: the `:userId` of a path. */
const newCommunity = async () => {
  const owner = await service.newCaller();
  const created = await sendAs(
    service,
    owner,
    communityRoutes.createCommunity,
    exampleRequest(communityRoutes.createCommunity, '/v1/communities'),
  );
  const { id: communityId = '' } = fieldsOf(created);
  const join = (role: CommunityRole): Promise<Caller> => newMember(fixture.tables, communityId, role);
  const others = communityRoles.filter((role) => role !== 'owner');
  const joined = await Promise.all(others.map(async (role) => [role, await join(role)] as const));
  const members = new Map<CommunityRole, Caller>([['owner', owner], ...joined]);
  const known = new Map([
    ['communityId', communityId],
    ['userId', (await join('viewer')).userId],
  ]);
  return { communityId, owner, members, known };
};

const PayloadRow = uncheckedRow({ payload: Type.Unsafe<AuditPayload>(Type.Unknown()) });
/** Every event of a community, oldest first. */
const eventsOf = async (communityId: string) => {
  const rows = await fixture.tables.connection.any(sql.type(PayloadRow)`
    SELECT payload FROM team.outbox_events WHERE payload ->> 'communityId' = ${communityId} ORDER BY created_at, occurred_at`);
  return rows.map(({ payload: { actor, action, resource, result } }) => ({
    actor: actor.id,
    action,
    type: resource.type,
    id: resource.id,
    result,
  }));
};

/** Creates what a route is about, in a community of its own. The request is the contract's example; an edit changes what is there. */
const prepare = async (contract: PublicContract) => {
  const community = await newCommunity();
  const { path, parameters } = await createTarget(service, community.owner, contracts, contract, community.known);
  const first = contracts.find(({ name }) => name === before[contract.name]);
  if (first !== undefined) {
    const { path: earlier } = await createTarget(service, community.owner, contracts, first, parameters);
    await sendAs(service, community.owner, first, exampleRequest(first, earlier));
  }
  const version = await versionAt(service, community.owner, contracts, contract, path);
  const request = exampleRequest(contract, path, version);
  const isEdit = contract.method === 'PATCH';
  return { ...community, parameters, request: isEdit ? { ...request, body: otherExampleBody(contract) } : request };
};

describe('in a community', () => {
  test.each(inCommunity)('%s is for the roles that hold its permission, and not found by others', async (_name, contract) => {
    const { members, owner, request } = await prepare(contract);
    const refused = [...members].filter(([role]) => !communityRoleMay(role, contract.permission as CommunityPermission));
    for (const [role, member] of refused) {
      expect([role, ...codeOf(await sendAs(service, member, contract, request))]).toEqual([role, 403, 'FORBIDDEN']);
    }
    expect(codeOf(await sendAs(service, await newUser(), contract, request))).toEqual([404, 'NOT_FOUND']);
    expect((await sendAs(service, owner, contract, request)).status).toBeLessThan(300);
  });

  test.each(audited)(
    '%s leaves one event with the action and the subject of its contract, done or refused',
    async (_name, contract) => {
      const { communityId, members, owner, parameters, request } = await prepare(contract);
      const { action, subject } = contract;
      const earlier = (await eventsOf(communityId)).length;
      const refused = [...members].findLast(([role]) => !communityRoleMay(role, contract.permission as CommunityPermission))?.[1];
      if (refused !== undefined) await sendAs(service, refused, contract, request);
      const { id: createdId } = fieldsOf(await sendAs(service, owner, contract, request));
      const idOf = (created: unknown) => ('parameter' in subject ? parameters.get(subject.parameter) : created);
      expect((await eventsOf(communityId)).slice(earlier)).toEqual([
        ...(refused === undefined
          ? []
          : [{ actor: refused.userId, action, type: subject.type, id: idOf(anyId), result: 'denied' }]),
        { actor: owner.userId, action, type: subject.type, id: idOf(createdId), result: 'success' },
      ]);
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
