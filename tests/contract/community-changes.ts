import {
  communityRoles,
  communityRoutes,
  type AuditPayload,
  type CommunityRole,
  type PublicContract,
} from '@guildhall/contracts';
import { sql, uncheckedRow, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { seedMembers } from '../../services/team-resources/test/support/team-database.ts';
import { newUser } from './callers.ts';
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

/** The routes in a community, and what each of them needs before it can be tried. */

const routes = routeTable.filter(({ service }) => service === 'team-resources');
/** The contract of every route of team-resources. */
export const contracts = routes.map(({ contract }) => contract);
export const inCommunity = routes
  .filter(({ access }) => access.kind === 'community' || access.kind === 'workspace')
  .map(({ contract }) => [contract.name, contract] as const);
/** The operations that take a body to compute with, and save nothing. */
const computed: ReadonlySet<string> = new Set(['transformControlM']);
export const isChange = ({ method, name }: PublicContract): boolean => method !== 'GET' && !computed.has(name);
export const changes = inCommunity.filter(([, contract]) => isChange(contract));

/** The changes that leave no event: what somebody has read is theirs alone (decision 22). */
export const unaudited: ReadonlySet<string> = new Set(['markForumRead', 'markThreadRead']);

/** The changes that leave one event for each thing that they change: the same as those that change one of them. */
export const auditedOneByOne: ReadonlySet<string> = new Set(['importControlM', 'importWorkspace']);

/** The route that prepares a target before another can be tried on it; `restoreX` comes after `deleteX`. */
const before: Readonly<Record<string, string>> = {
  exportControlMDocument: 'importControlM',
  getBallot: 'castBallot',
  withdrawTrustAward: 'awardTrust',
  removeCouncilMember: 'addCouncilMember',
};
const firstOf = ({ name }: PublicContract): PublicContract | undefined => {
  const first = before[name] ?? (name.startsWith('restore') ? name.replace('restore', 'delete') : undefined);
  return contracts.find((contract) => contract.name === first);
};

/** The fields of an answer that tests look at. */
export const fieldsOf = ({ body }: RouteAnswer) =>
  (body ?? {}) as { readonly id?: string; readonly code?: string; readonly token?: string };
export const codeOf = (answer: RouteAnswer): readonly unknown[] => [answer.status, fieldsOf(answer).code];

interface Started {
  readonly service: RoutedService;
  readonly tables: SharedDatabase;
}

/** Makes a community with one user of each role, and one more member: the `:userId` of a path. */
export const newCommunity = async ({ service, tables }: Started) => {
  const owner = await service.newCaller();
  const created = await sendAs(
    service,
    owner,
    communityRoutes.createCommunity,
    exampleRequest(communityRoutes.createCommunity, '/v1/communities'),
  );
  const { id: communityId = '' } = fieldsOf(created);
  const others = communityRoles.filter((role) => role !== 'owner');
  const joined = await Promise.all(others.map(async (role) => [role, await newUser()] as const));
  const { userId } = await newUser();
  const seeded = joined.map(([role, member]) => ({ role, userId: member.userId }));
  await seedMembers(tables, communityId, [...seeded, { role: 'viewer', userId }]);
  const members = new Map<CommunityRole, Caller>([['owner', owner], ...joined]);
  const known = new Map([
    ['communityId', communityId],
    ['userId', userId],
  ]);
  return { communityId, owner, members, known };
};

type Community = Awaited<ReturnType<typeof newCommunity>>;

/** Creates what a route is about, in a community of its own or in a given one. The request is the contract's example; an edit changes what is there. */
export const prepare = async (started: Started, contract: PublicContract, given?: Community) => {
  const { service } = started;
  const community = given ?? (await newCommunity(started));
  const { path, parameters } = await createTarget(service, community.owner, contracts, contract, community.known);
  const first = firstOf(contract);
  if (first !== undefined) {
    const { path: earlier } = await createTarget(service, community.owner, contracts, first, parameters);
    await sendAs(service, community.owner, first, exampleRequest(first, earlier));
  }
  const version =
    contract.isVersioned === true ? await versionAt(service, community.owner, contracts, contract, path) : undefined;
  const request = exampleRequest(contract, path, version);
  const isEdit = contract.method === 'PATCH' || (contract.isVersioned === true && contract.body !== undefined);
  return { ...community, parameters, request: isEdit ? { ...request, body: otherExampleBody(contract) } : request };
};

const PayloadRow = uncheckedRow({ payload: Type.Unsafe<AuditPayload>(Type.Unknown()) });

/** Reads every event of a community, oldest first. */
export const eventsOf = async ({ connection }: SharedDatabase, communityId: string) => {
  const rows = await connection.any(sql.type(PayloadRow)`
    SELECT payload FROM team.outbox_events WHERE payload ->> 'communityId' = ${communityId} ORDER BY created_at, occurred_at`);
  return rows.map(({ payload: { actor, action, resource, result } }) => ({
    actor: actor.id,
    action,
    type: resource.type,
    id: resource.id,
    result,
  }));
};
