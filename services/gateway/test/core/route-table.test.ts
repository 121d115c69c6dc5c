import * as contractGroups from '@guildhall/contracts';
import {
  communityPermissions,
  globalPermissions,
  repeatedErrorsOf,
  type PublicContract,
  type RouteContract,
} from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { routeTable, type PublicRoute } from '../../src/route-table.ts';

const isContract = (value: unknown): value is RouteContract =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'responses' in value;

/** Every contract that the package exports under a public path, in whatever group. */
const contracts = Object.values(contractGroups)
  .filter((group): group is typeof group & object => typeof group === 'object')
  .flatMap((group): RouteContract[] => Object.values(group).filter(isContract))
  .filter((contract): contract is PublicContract => contract.path.startsWith('/v1/'));

test('every contract of the public API is in the route table exactly once, and nothing else is', () => {
  expect(contracts.length).toBeGreaterThan(40);
  expect(routeTable.map(({ contract }) => contract.name).toSorted()).toEqual(contracts.map(({ name }) => name).toSorted());
  expect(new Set(routeTable.map(({ contract }) => contract))).toEqual(new Set(contracts));
});

test('no two routes answer the same method and path, whatever their parameters are called', () => {
  const places = routeTable.map(({ contract: { method, path } }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);
  expect(places.length).toBe(new Set(places).size);
});

const isKept = ({ contract: { path }, access, service }: PublicRoute): boolean => {
  switch (access.kind) {
    case 'public':
      return true;
    case 'authenticated':
      return service !== 'gateway';
    case 'installer':
    case 'solo':
    case 'solo-or-authenticated':
    case 'solo-and-authenticated':
      return service === 'gateway';
    case 'solo-or-permission':
      return service === 'gateway' && globalPermissions.includes(access.permission);
    case 'permission':
      return globalPermissions.includes(access.permission);
    case 'community':
      return path.includes('/:communityId') && communityPermissions.includes(access.permission);
    case 'workspace':
      return path.includes('/:workspaceId') && communityPermissions.includes(access.permission);
    case 'metrics':
      return false;
  }
};
const namesOf = (routes: readonly PublicRoute[]): string[] => routes.map(({ contract }) => contract.name);

test('every route has a rule that it can keep', () => {
  expect(namesOf(routeTable.filter((route) => !isKept(route)))).toEqual([]);
});

const guardOf = ({ contract: { path } }: PublicRoute): string | undefined =>
  path.includes('/:communityId') ? 'community' : path.includes('/:workspaceId') ? 'workspace' : undefined;

test('every path that names a community or a workspace is guarded by it', () => {
  const unguarded = routeTable.filter((route) => (guardOf(route) ?? route.access.kind) !== route.access.kind);
  // Nobody has rights in a deleted community: the service that keeps it knows its former owners. A solo workspace is this machine's.
  expect(namesOf(unguarded)).toEqual([
    'restoreCommunity',
    'shareWorkspace',
    'cloneWorkspace',
    'syncWorkspace',
    'undoWorkspaceSync',
    'getWorkspaceSync',
    'listSyncConflicts',
    'getSyncConflict',
    'resolveSyncConflict',
  ]);
});

test('only what nobody can be signed in for is public, and each guess at a secret is counted', () => {
  const open = routeTable.filter(({ access }) => access.kind === 'public').map(({ contract }) => contract.name);
  expect(open).toEqual([
    'getInstallation',
    'getVersion',
    'logIn',
    'register',
    'sendCode',
    'lookAtLink',
    'verifyCode',
    'beginProviderSignIn',
    'finishProviderSignIn',
    'beginPasskeySignIn',
    'signInWithPasskey',
    'beginPasskeyAtLogIn',
    'createPasskeyAtLogIn',
    'logInWithSecondFactor',
    'enrolAtLogIn',
    'confirmAtLogIn',
    'endSessionsByLink',
    'sendResetCode',
    'resetPassword',
    'refresh',
    'getJwks',
    'getAuthMethods',
    'getAuditCheckpoint',
    'getAuditLogCheckpoint',
    'getAuditLogKey',
    'getAuditLogTile',
  ]);
  const counted = routeTable
    .filter(({ rateLimit }) => rateLimit !== undefined)
    .map(({ contract, rateLimit }) => [contract.name, rateLimit]);
  expect(counted).toEqual([
    ['testDatabase', 'installation'],
    ['configureInstallation', 'installation'],
    ['followInstallation', 'installation'],
    ['disconnectInstallation', 'installation'],
    ['logIn', 'sign-in'],
    ['register', 'sign-in'],
    ['sendCode', 'sign-in'],
    ['lookAtLink', 'sign-in'],
    ['verifyCode', 'sign-in'],
    ['beginProviderSignIn', 'sign-in'],
    ['finishProviderSignIn', 'sign-in'],
    ['beginPasskeySignIn', 'sign-in'],
    ['signInWithPasskey', 'sign-in'],
    ['beginPasskeyAtLogIn', 'sign-in'],
    ['createPasskeyAtLogIn', 'sign-in'],
    ['logInWithSecondFactor', 'sign-in'],
    ['enrolAtLogIn', 'sign-in'],
    ['confirmAtLogIn', 'sign-in'],
    ['endSessionsByLink', 'sign-in'],
    ['sendResetCode', 'sign-in'],
    ['resetPassword', 'sign-in'],
    ['refresh', 'refresh'],
  ]);
});

test('what a service answers needs the shared database as that service sees it, and solo work never does', () => {
  const behind = routeTable.filter(({ service }) => service !== 'gateway');
  expect(namesOf(behind.filter(({ requiresSharedDb, service }) => requiresSharedDb !== service))).toEqual([]);
  const here = routeTable.filter(({ service }) => service === 'gateway');
  expect(here.map(({ contract, requiresSharedDb }) => [contract.name, requiresSharedDb])).toEqual([
    ['getInstallation', null],
    ['getVersion', null],
    ['getSystemServices', null],
    ['getSystemMigrations', null],
    ['listDataTables', null],
    ['listDataRows', null],
    ['testDatabase', null],
    ['configureInstallation', null],
    ['followInstallation', null],
    ['disconnectInstallation', null],
    ['listWorkspaces', 'team-resources'],
    ['createWorkspace', null],
    ['shareWorkspace', null],
    ['cloneWorkspace', null],
    ['syncWorkspace', null],
    ['undoWorkspaceSync', null],
    ['getWorkspaceSync', null],
    ['listSyncConflicts', null],
    ['getSyncConflict', null],
    ['resolveSyncConflict', null],
  ]);
});

test('whoever changes something never needs less than whoever reads it', () => {
  const reading = /:read$/;
  // Leaving a community or a council is open to every member; the service tells leaving from removing someone else.
  // A read mark is the caller's own: who may read may mark as read.
  // A transform is answered and not saved.
  const known = new Set(['removeMember', 'removeCouncilMember', 'markForumRead', 'markThreadRead', 'transformControlM']);
  const weak = routeTable.filter(
    ({ contract, access }) =>
      contract.method !== 'GET' && 'permission' in access && reading.test(access.permission) && !known.has(contract.name),
  );
  expect(weak.map(({ contract }) => contract.name)).toEqual([]);
});

test('no contract lists an error that follows from the rest of it or from who may call it', () => {
  const repeated = routeTable.flatMap(({ contract, access, requiresSharedDb }) =>
    repeatedErrorsOf(contract, { scope: access.kind, isShared: requiresSharedDb !== null }).map(
      (code) => `${contract.name} ${code}`,
    ),
  );
  expect(repeated).toEqual([]);
});

/** Permissions that a service asks for beside the one of the route: which it is depends on what is asked. */
const askedBeside = [
  'council-member:remove',
  'dispute:handle',
  'member:remove',
  'need:moderate',
  'poll:moderate',
  'pool:hand-out',
  'wealth:moderate',
];

test('every permission is wanted by a route, or named as one that a rule asks for beside it', () => {
  const wanted = new Set(routeTable.map(({ contract }) => contract.permission));
  const unused = [...communityPermissions, ...globalPermissions].filter((permission) => !wanted.has(permission));
  expect(unused.toSorted()).toEqual(askedBeside);
});

/** The path of the resource that a route changes: an older version is restored below it. */
const resourcePathOf = ({ path, subject }: (typeof contracts)[number]): string => {
  const parameter = subject !== undefined && 'parameter' in subject ? `:${subject.parameter}` : path;
  return path.includes(parameter) ? path.slice(0, path.indexOf(parameter) + parameter.length) : path;
};

test('every route that wants If-Match has a read of its resource that answers the ETag', () => {
  const versioned = contracts.filter(({ isVersioned }) => isVersioned === true);
  expect(versioned.length).toBeGreaterThan(20);
  const tagged = new Set<string>(
    contracts.filter(({ method, answersVersion }) => method === 'GET' && answersVersion === true).map(({ path }) => path),
  );
  expect(versioned.filter((contract) => !tagged.has(resourcePathOf(contract))).map(({ name }) => name)).toEqual([]);
});

test('every text that a list is searched for is one line without control characters', () => {
  const sought = contracts.flatMap(({ name, query }) => {
    const field: { readonly pattern?: string } | undefined = query?.properties['q'];
    return field === undefined ? [] : [{ name, pattern: field.pattern }];
  });
  expect(sought.length).toBeGreaterThan(8);
  expect(
    sought.filter(({ pattern }) => pattern === undefined || new RegExp(pattern, 'u').test('a\u0000b')).map(({ name }) => name),
  ).toEqual([]);
});
