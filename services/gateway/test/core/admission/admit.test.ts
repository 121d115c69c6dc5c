import { AppError } from '@guildhall/errors';
import {
  communityRoles,
  heldRoleOf,
  type CommunityPermission,
  type GlobalPermission,
  type PublicAccessRule,
} from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { anyone, signedIn } from '../../../src/core/admission/access-rule.ts';
import {
  admit,
  isStillAdmitted,
  type AdmissionParts,
  type SignedInUser,
  type AdmissionRequest,
} from '../../../src/core/admission/admit.ts';

const ada: SignedInUser = {
  userId: 'ada',
  sessionId: 'session-1',
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: ['community:create'],
};
const communityId = '11111111-1111-4111-8111-111111111111';

const may = (permission: GlobalPermission): PublicAccessRule => ({ kind: 'permission', permission });
const inCommunity = (permission: CommunityPermission): PublicAccessRule => ({ kind: 'community', permission });
const inWorkspace = (permission: CommunityPermission): PublicAccessRule => ({ kind: 'workspace', permission });

const visitTo = (access: PublicAccessRule, more: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  contract: { method: 'PATCH', action: 'script.update', subject: { type: 'script', parameter: 'scriptId' } },
  access,
  service: 'team-resources',
  requiresSharedDb: 'team-resources',
  rateLimit: 'request',
  params: { communityId: 'named-by-path', workspaceId: 'workspace-by-path' },
  query: {},
  token: 'good',
  ip: '203.0.113.7',
  ...more,
});

/** Parts that let everything pass and write down, in order, what they were asked. */
const createParts = (more: Partial<AdmissionParts> = {}) => {
  const asked: string[] = [];
  const note =
    <A extends unknown[], R>(name: string, answer: (...args: A) => R) =>
    (...args: A): R => {
      asked.push(name);
      return answer(...args);
    };
  const passing: AdmissionParts = {
    availabilityOf: () => ({ status: 'ready' }),
    untilKnown: () => undefined,
    verifyToken: async () => ada,
    confirmCaller: async (caller) => caller,
    currentAccessInCommunity: async () => ({ communityId, role: 'owner' }),
    accessInCommunity: async () => ({ communityId, role: 'owner' }),
    accessToWorkspace: async () => ({ communityId, role: 'owner' }),
    spend: () => null,
    reportDenial: () => {},
    ...more,
  };
  const parts: AdmissionParts = {
    availabilityOf: note('availability', passing.availabilityOf),
    untilKnown: passing.untilKnown,
    verifyToken: note('token', passing.verifyToken),
    confirmCaller: note('confirm', passing.confirmCaller),
    currentAccessInCommunity: note('current community', passing.currentAccessInCommunity),
    accessInCommunity: note('community', passing.accessInCommunity),
    accessToWorkspace: note('workspace', passing.accessToWorkspace),
    spend: note('limit', passing.spend),
    reportDenial: note('report', passing.reportDenial),
  };
  return { parts, asked };
};

const refused = async (parts: AdmissionParts, given: AdmissionRequest) => {
  const error = await admit(parts, given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof AppError ? error.code : error;
};

test('what is unavailable is said before anyone is asked who they are', async () => {
  const { parts, asked } = createParts({ availabilityOf: () => ({ status: 'not_configured' }) });
  expect(await refused(parts, visitTo(signedIn, { token: undefined }))).toBe('NOT_CONFIGURED');
  expect(await refused(parts, visitTo(anyone))).toBe('NOT_CONFIGURED');
  expect(asked).toEqual(['availability', 'availability']);
});

test('then who is calling, then how often, then what they may', async () => {
  const { parts, asked } = createParts();
  await admit(parts, visitTo(inCommunity('script:create')));
  expect(asked).toEqual(['availability', 'token', 'limit', 'community']);
});

test('what is not known yet is waited for, each service by who needs it: its database, who is calling, their memberships', async () => {
  const waited: string[] = [];
  const untilKnown = (service: string): Promise<void> => {
    waited.push(service);
    return new Promise((resolve) => setImmediate(() => resolve(void waited.push(`${service} is known`))));
  };
  const waitsOf = async (given: AdmissionRequest): Promise<readonly string[]> => {
    await admit(
      createParts({ untilKnown, availabilityOf: (service) => (waited.push(`look at ${service}`), { status: 'ready' }) }).parts,
      given,
    );
    return waited.splice(0);
  };
  const ofAudit = { service: 'audit', requiresSharedDb: 'audit' } as const;
  expect(await waitsOf(visitTo(inCommunity('community-audit:read'), ofAudit))).toEqual([
    'audit',
    'audit is known',
    'look at audit',
    'auth',
    'auth is known',
    'team-resources',
    'team-resources is known',
  ]);
  expect(await waitsOf(visitTo(anyone, ofAudit))).toEqual(['audit', 'audit is known', 'look at audit']);
  expect(await waitsOf(visitTo(signedIn, { requiresSharedDb: null }))).toEqual(['auth', 'auth is known']);
});

test('a public route asks nobody who they are, whatever token comes along', async () => {
  const { parts, asked } = createParts();
  expect(await admit(parts, visitTo(anyone))).toEqual({ caller: null, communityPermissions: [] });
  expect(asked).toEqual(['availability', 'limit']);
});

test('without a token a route that is not public is refused and nothing further is asked', async () => {
  for (const access of [signedIn, may('audit:read'), inCommunity('script:read'), inWorkspace('script:read')]) {
    const { parts, asked } = createParts();
    expect(await refused(parts, visitTo(access, { token: undefined }))).toBe('UNAUTHENTICATED');
    expect(asked).toEqual(['availability']);
  }
});

test('a token that is not good ends it, with the code that its verifier gives', async () => {
  for (const code of ['UNAUTHENTICATED', 'SERVICE_UNAVAILABLE'] as const) {
    const { parts, asked } = createParts({ verifyToken: () => Promise.reject(new AppError(code, 'no')) });
    expect(await refused(parts, visitTo(signedIn))).toBe(code);
    expect(asked).toEqual(['availability', 'token']);
  }
});

test('a personal access token that is looked up counts as a request of its network, and is refused before the lookup beyond the limit', async () => {
  let lookups = 0;
  const verifyToken: AdmissionParts['verifyToken'] = async (_token, onLookup) => {
    onLookup();
    lookups += 1;
    return ada;
  };
  const spent: string[] = [];
  const spend = (limit: string, key: string) => (spent.push(`${limit} ${key}`) > 2 ? 7 : null);
  const { parts } = createParts({ verifyToken, spend });
  await admit(parts, visitTo(signedIn));
  expect(await refused(parts, visitTo(signedIn))).toBe('RATE_LIMITED');
  expect([spent, lookups]).toEqual([['request 203.0.113.7', 'request ada', 'request 203.0.113.7'], 1]);
});

test('a signed-in caller is admitted with who they are and no permissions in a community', async () => {
  expect(await admit(createParts().parts, visitTo(signedIn))).toEqual({ caller: ada, communityPermissions: [] });
});

test('requests are counted by user, those without one by address, sign-ins by address and apart', async () => {
  const spent: unknown[] = [];
  const { parts } = createParts({ spend: (limit, key) => (spent.push([limit, key]), null) });
  await admit(parts, visitTo(signedIn));
  await admit(parts, visitTo(anyone));
  await admit(parts, visitTo(anyone, { rateLimit: 'sign-in' }));
  expect(spent).toEqual([
    ['request', 'ada'],
    ['request', '203.0.113.7'],
    ['sign-in', '203.0.113.7'],
  ]);
});

test('who spent what the limit allows is told when to come again, and no membership is looked up', async () => {
  const { parts, asked } = createParts({ spend: () => 7 });
  await expect(admit(parts, visitTo(inCommunity('script:read')))).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 7,
  });
  expect(asked).toEqual(['availability', 'token', 'limit']);
});

test('a global permission is needed and its want is reported', async () => {
  const { parts, asked } = createParts();
  expect(await refused(parts, visitTo(may('audit:read')))).toBe('FORBIDDEN');
  expect(asked.at(-1)).toBe('report');
  expect(await admit(parts, visitTo(may('community:create')))).toEqual({ caller: ada, communityPermissions: [] });
});

test.each([
  ['community', inCommunity('script:create'), 'named-by-path'],
  ['workspace', inWorkspace('script:create'), 'workspace-by-path'],
] as const)(
  'a %s rule asks about the caller and what the path names, and admits with that one permission',
  async (kind, access, id) => {
    const asked: unknown[] = [];
    const answer = async (...about: unknown[]) => (asked.push(about), { communityId, role: 'member' as const });
    const { parts } = createParts(kind === 'community' ? { accessInCommunity: answer } : { accessToWorkspace: answer });
    expect(await admit(parts, visitTo(access))).toEqual({ caller: ada, communityPermissions: [`script:create@${communityId}`] });
    expect(asked).toEqual([['ada', id]]);
  },
);

test('a stranger to the community is told that there is nothing, and that is no denial', async () => {
  const { parts, asked } = createParts({ accessInCommunity: async () => ({ communityId, role: null }) });
  expect(await refused(parts, visitTo(inCommunity('community:read')))).toBe('NOT_FOUND');
  expect(asked).not.toContain('report');
});

test('a community role decides exactly as the contracts say', async () => {
  const outcomes = await Promise.all(
    communityRoles.map(async (role) => {
      const { parts } = createParts({ accessToWorkspace: async () => ({ communityId, role }) });
      return [role, await refused(parts, visitTo(inWorkspace('workspace:delete')))];
    }),
  );
  expect(outcomes).toEqual([
    ['owner', undefined],
    ['admin', undefined],
    ['moderator', undefined],
    ['member', 'FORBIDDEN'],
    ['viewer', 'FORBIDDEN'],
  ]);
});

test('a role of the community’s own decides by its permissions, whatever a built-in role would', async () => {
  const role = heldRoleOf(['community:read', 'workspace:delete']);
  const { parts } = createParts({ accessToWorkspace: async () => ({ communityId, role }) });
  const answers = (['workspace:delete', 'workspace:read'] as const).map((permission) =>
    refused(parts, visitTo(inWorkspace(permission))),
  );
  expect(await Promise.all(answers)).toEqual([undefined, 'FORBIDDEN']);
});

describe('an operation that cannot be taken back', () => {
  const contract = {
    method: 'POST',
    action: 'audit.redact',
    subject: { type: 'audit-trail', id: 'events' },
    confirmsRight: true,
  } as const;
  const owner = { ...ada, permissions: ['installation:manage'] };

  test('is decided by the permissions of this moment, not by those of the token', async () => {
    const visit = visitTo(may('installation:manage'), { contract });
    const { parts, asked } = createParts({ verifyToken: async () => owner, confirmCaller: async () => ada });
    expect(await refused(parts, visit)).toBe('FORBIDDEN');
    expect(asked).toEqual(['availability', 'token', 'limit', 'confirm', 'report']);
    const { parts: confirming } = createParts({ verifyToken: async () => ada, confirmCaller: async () => owner });
    expect((await admit(confirming, visit)).caller).toEqual(owner);
  });

  test('is refused once the session has ended, or while nobody can tell', async () => {
    for (const code of ['SESSION_ENDED', 'SERVICE_UNAVAILABLE'] as const) {
      const { parts } = createParts({
        verifyToken: async () => owner,
        confirmCaller: () => Promise.reject(new AppError(code, 'No.')),
      });
      expect(await refused(parts, visitTo(may('installation:manage'), { contract }))).toBe(code);
    }
  });

  test('in a community is decided by the membership of this moment', async () => {
    const { parts, asked } = createParts({ currentAccessInCommunity: async () => ({ communityId, role: 'viewer' }) });
    expect(await refused(parts, visitTo(inCommunity('community-audit:read'), { contract }))).toBe('FORBIDDEN');
    expect(asked).toEqual(['availability', 'token', 'limit', 'confirm', 'current community', 'report']);
  });
});

test('a global permission does not open a community', async () => {
  const powerful = { ...ada, permissions: ['script:create', `script:create@${communityId}`, 'audit:read'] };
  const { parts } = createParts({
    verifyToken: async () => powerful,
    accessInCommunity: async () => ({ communityId, role: 'viewer' }),
  });
  expect(await refused(parts, visitTo(inCommunity('script:create')))).toBe('FORBIDDEN');
});

describe('who was let in', () => {
  test('may stay while they would be let in again, which costs them nothing', async () => {
    const { parts, asked } = createParts({ spend: () => 3 });
    expect(await isStillAdmitted(parts, visitTo(inCommunity('community-audit:read')))).toBe(true);
    expect(asked).toEqual(['availability', 'token', 'current community']);
  });

  test.each([
    ['their token has expired', 'UNAUTHENTICATED', false],
    ['their session has ended', 'SESSION_ENDED', false],
    ['what they are is not known right now', 'SERVICE_UNAVAILABLE', true],
    ['the shared database is away', 'SHARED_DB_UNAVAILABLE', true],
  ] as const)('when %s: %s', async (_when, code, isStaying) => {
    const { parts } = createParts({ verifyToken: () => Promise.reject(new AppError(code, 'No.')) });
    expect(await isStillAdmitted(parts, visitTo(signedIn))).toBe(isStaying);
  });

  test('may not stay without the role, or where there is nothing any more; nobody is told of a refusal', async () => {
    for (const access of [{ communityId, role: 'viewer' } as const, { communityId, role: null }, null]) {
      const { parts, asked } = createParts({ currentAccessInCommunity: async () => access });
      expect(await isStillAdmitted(parts, visitTo(inCommunity('community-audit:read')))).toBe(false);
      expect(asked).not.toContain('report');
    }
    const { parts } = createParts({ availabilityOf: () => ({ status: 'not_configured' }) });
    expect(await isStillAdmitted(parts, visitTo(may('audit:read')))).toBe(false);
  });

  test('is not taken to have been refused by a fault', async () => {
    const { parts } = createParts({ verifyToken: () => Promise.reject(new Error('a fault of ours')) });
    await expect(isStillAdmitted(parts, visitTo(signedIn))).rejects.toThrow('a fault of ours');
  });
});
