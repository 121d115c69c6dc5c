import {
  communityRoles,
  globalRolePermissions,
  globalRoles,
  type CommunityPermission,
  type CommunityRole,
  type GlobalPermission,
  type ServiceName,
} from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { expect, test } from 'vitest';
import { admit, type AdmissionParts, type AdmissionRequest } from '../../../src/core/admission/admit.ts';
import { routeTable, type PublicRoute } from '../../../src/route-table.ts';
import { communityRoleMayCall } from '../../support/access-oracle.ts';

type CommunityRoute = PublicRoute & {
  readonly service: ServiceName;
  readonly access: { readonly permission: CommunityPermission };
};
const communityRoutes = routeTable.filter(
  (route): route is CommunityRoute =>
    route.service !== 'gateway' && (route.access.kind === 'community' || route.access.kind === 'workspace'),
);
const communityId = '11111111-1111-4111-8111-111111111111';

/** A member with a role in the one community, and with permissions outside of it. */
const partsOf = (role: CommunityRole, permissions: readonly string[]): AdmissionParts => {
  const caller = { userId: 'ada', sessionId: 'session', displayName: 'Ada', email: 'ada@example.org', permissions };
  const access = async () => ({ communityId, role });
  return {
    availabilityOf: () => ({ status: 'ready' }),
    untilKnown: () => undefined,
    verifyToken: async () => caller,
    confirmCaller: async () => caller,
    currentAccessInCommunity: access,
    accessInCommunity: access,
    accessToWorkspace: access,
    spend: () => null,
    reportDenial: () => {},
  };
};

const requestTo = ({ contract, access, service, requiresSharedDb, rateLimit = 'request' }: CommunityRoute): AdmissionRequest => ({
  contract,
  access,
  service,
  requiresSharedDb,
  rateLimit,
  params: { communityId, workspaceId: '22222222-2222-4222-8222-222222222222' },
  query: {},
  token: 'good',
  ip: '203.0.113.7',
});

const outcomeOf = async (parts: AdmissionParts, route: CommunityRoute): Promise<string> => {
  try {
    const { communityPermissions } = await admit(parts, requestTo(route));
    return `admitted as ${communityPermissions.join()}`;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
};

test.each(communityRoutes.map((route) => [`${route.contract.method} ${route.contract.path}`, route] as const))(
  '%s takes the community roles that hold its permission, whatever they hold outside of the community',
  async (_name, route) => {
    const { permission } = route.access;
    const outside: readonly (readonly GlobalPermission[])[] = [[], ...globalRoles.map((role) => globalRolePermissions[role])];
    for (const role of communityRoles) {
      const expected = communityRoleMayCall(role, route.contract)
        ? `admitted as ${permission}@${communityId}`
        : `FORBIDDEN: This needs the permission ${permission}, which your role does not hold.`;
      for (const held of [...outside, [permission, ...globalRolePermissions.owner]])
        expect([role, held, await outcomeOf(partsOf(role, held), route)]).toEqual([role, held, expected]);
    }
  },
);

test('every role of a community is tried on many routes', () => {
  expect(communityRoutes.length).toBeGreaterThan(90);
});
