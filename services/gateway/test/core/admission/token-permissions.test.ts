import { tokenMayCall, tokenPermissions } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { admit, type AdmissionParts } from '../../../src/core/admission/admit.ts';
import { routeTable, type PublicRoute } from '../../../src/route-table.ts';

/** The nouns of the paths that a token may change something at. */
const writable = /^\/v1\/(workspaces|communities\/:communityId\/workspaces)(\/|$)/;
/** The reads that ask nobody for a permission, and that a token may call with the one that they name. */
const namedForTokens = ['listCommunities', 'listWorkspaces'];

const communityId = '11111111-1111-4111-8111-111111111111';
const parts: AdmissionParts = {
  availabilityOf: () => ({ status: 'ready' }),
  untilKnown: () => undefined,
  verifyToken: async () => ({
    userId: 'ada',
    sessionId: '22222222-2222-4222-8222-222222222222',
    displayName: 'Ada',
    email: 'ada@example.org',
    permissions: [...tokenPermissions],
    tokenPermissions,
  }),
  confirmCaller: async (caller) => caller,
  currentAccessInCommunity: async () => ({ communityId, role: 'owner' }),
  accessInCommunity: async () => ({ communityId, role: 'owner' }),
  accessToWorkspace: async () => ({ communityId, role: 'owner' }),
  spend: () => null,
  reportDenial: () => {},
};
const isAdmitted = async ({ contract, access }: PublicRoute): Promise<boolean> => {
  const request = {
    contract,
    access,
    service: 'auth',
    requiresSharedDb: null,
    rateLimit: 'request',
    params: { communityId, workspaceId: communityId },
    query: {},
    token: 'guildhall_pat_',
    ip: '203.0.113.7',
  } as const;
  return admit(parts, request).then(
    () => true,
    () => false,
  );
};

const guarded = routeTable.filter(({ access }) => !['public', 'solo', 'installer', 'metrics'].includes(access.kind));

describe('a personal access token of an owner, with every permission that a token can have,', () => {
  test.each(guarded.map((route) => [`${route.contract.method} ${route.contract.path}`, route] as const))(
    '%s',
    async (_, route) => {
      const { method, path, permission, name } = route.contract;
      const isReading = method === 'GET' && (permission === undefined ? namedForTokens.includes(name) : isForTokens(permission));
      const isWriting = method !== 'GET' && permission !== undefined && writable.test(path);
      expect(await isAdmitted(route)).toBe(isReading || isWriting);
    },
  );
});

const isForTokens = (permission: string): boolean => tokenPermissions.some((each) => each === permission);

test('a token without the permission of an operation may not call it, whatever else it may', () => {
  for (const { contract } of guarded) {
    const needed = contract.permission ?? contract.tokenPermission;
    expect(
      tokenMayCall(
        tokenPermissions.filter((permission) => permission !== needed),
        contract,
      ),
    ).toBe(false);
  }
});
