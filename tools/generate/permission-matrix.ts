import {
  communityRoleMay,
  communityRoles,
  globalRolePermissions,
  globalRoles,
  type CommunityPermission,
  type GlobalPermission,
} from '@guildhall/contracts';
import { routeTable, type PublicRoute } from '../../services/gateway/src/route-table.ts';
import { tableOf } from './markdown/table.ts';
import type { Generator } from './all.ts';

const yes = 'yes';
const no = '–';

const cellsOf = (
  { contract: { method, path, permission } }: PublicRoute,
  roles: readonly string[],
  may: (role: string, permission: string) => boolean,
) => [`${method} \`${path}\``, `\`${permission}\``, ...roles.map((role) => (may(role, String(permission)) ? yes : no))];

const matrixOf = (routes: readonly PublicRoute[], roles: readonly string[], may: (role: string, permission: string) => boolean) =>
  tableOf(
    ['route', 'permission', ...roles],
    routes.map((route) => cellsOf(route, roles, may)),
  );

const mayInCommunity = (role: string, permission: string): boolean =>
  communityRoleMay(role as (typeof communityRoles)[number], permission as CommunityPermission);
const mayGlobally = (role: string, permission: string): boolean =>
  globalRolePermissions[role as (typeof globalRoles)[number]].includes(permission as GlobalPermission);

const others: Readonly<Record<string, string>> = {
  public: 'anyone',
  solo: "this machine's user, by the local token",
  authenticated: 'anyone who is signed in',
  'solo-and-authenticated': "this machine's user, by the local token, who is signed in, too",
  'solo-or-authenticated': "this machine's user, and anyone who is signed in: each sees their own part",
};

const of = (...kinds: readonly PublicRoute['access']['kind'][]) => routeTable.filter(({ access }) => kinds.includes(access.kind));

const document = (): string => `# Who may call what

Generated from the route table and the roles by \`make generate\`; do not edit. Whoever is no member of a community, or no longer one, gets 404 for
all that lies in it. Some rules look at more than the role (an author, a trust score, a council): the page of the feature says so.

## In a community

${matrixOf(of('community', 'workspace'), communityRoles, mayInCommunity)}

A route below \`/v1/workspaces/:workspaceId\` of a solo workspace wants the local token instead.

## Global

${matrixOf(of('permission', 'installer', 'solo-or-permission'), globalRoles, mayGlobally)}

The routes below \`/v1/system\` also take this machine's user, by the local token, and those below \`/v1/data\` for the solo file alone. Those of the installation take the local token, too, and the setup token until a shared database is connected.

An installation may have global roles of its own besides (\`POST /v1/roles\`), made of the permissions in this table: their holders may call what the permission of a route says. Nobody makes, changes,
gives or takes a role that holds more than they do themselves, and the roles of the table are never changed, so that an owner keeps what owners may do. A change acts on every holder within two seconds
([why so](decisions/0041-own-global-roles.md)). Roles within a community are another thing (\`POST /v1/communities/:communityId/roles\`).

## Without a permission

${tableOf(
  ['route', 'who'],
  of('public', 'solo', 'authenticated', 'solo-or-authenticated', 'solo-and-authenticated').map(
    ({ contract: { method, path }, access }) => [`${method} \`${path}\``, others[access.kind] ?? ''],
  ),
)}
`;

/** The table of every route and role. */
export const generator: Generator = {
  name: 'permission matrix',
  files: async () => new Map([['docs/permissions.md', document()]]),
};
