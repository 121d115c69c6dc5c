import { communityRoleMay, communityRoles, type PublicAccessRule } from '@guildhall/contracts';
import { routeTable, type PublicRoute } from '../../src/route-table.ts';

export const isKind =
  (...kinds: readonly PublicAccessRule['kind'][]) =>
  ({ access }: PublicRoute): boolean =>
    kinds.includes(access.kind);

/** The routes that need the shared database; for callers on other machines, the list of workspaces is one of them. */
export const sharedRoutes = routeTable.filter(({ requiresSharedDb }) => requiresSharedDb !== null);
/** The routes that have a rate limit. */
export const limitedRoutes = routeTable.filter(
  (route) => sharedRoutes.includes(route) || isKind('installer', 'solo-or-permission')(route),
);
export const permissionOf = ({ access }: PublicRoute): string => ('permission' in access ? access.permission : '');

const ofShared = ['NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE'];
const goodToken = ['admitted', 'BAD_TOKEN', 'ENDED_SESSION'];
const signedIn = [...goodToken, 'NO_TOKEN'];
const answersOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['public', ['admitted']],
  ['solo', ['NOT_LOCAL']],
  ['solo-and-authenticated', ['NOT_LOCAL']],
  ['authenticated', signedIn],
  ['solo-or-authenticated', signedIn],
  ['solo-or-permission', [...signedIn, 'FORBIDDEN']],
  ['permission', [...signedIn, 'FORBIDDEN']],
  ['installer', [...goodToken, 'NO_INSTALLER', 'FORBIDDEN']],
  ['community', [...signedIn, 'NOT_FOUND']],
  ['workspace', [...signedIn, 'NOT_FOUND']],
]);

/** Some permissions are held by every role of a community. */
const isForbiddenToSome = ({ access }: PublicRoute): boolean =>
  (access.kind === 'community' || access.kind === 'workspace') &&
  communityRoles.some((role) => !communityRoleMay(role, access.permission));

/** The refusals that a route's access rule can give to a caller on another machine. Throws for a rule that is missing here. */
export const answersOfRule = (route: PublicRoute): readonly string[] => {
  const byKind = answersOf.get(route.access.kind);
  if (byKind === undefined) throw new Error(`${route.contract.name}: say what a rule of kind ${route.access.kind} can answer.`);
  return [
    ...byKind,
    ...(sharedRoutes.includes(route) ? ofShared : []),
    ...(limitedRoutes.includes(route) ? ['RATE_LIMITED'] : []),
    ...(isForbiddenToSome(route) ? ['FORBIDDEN'] : []),
  ];
};
