import { AppError, isAppError } from '@guildhall/errors';
import { expect, test } from 'vitest';
import type { SignedInUser } from '../../../src/core/admission/admit.ts';
import {
  admitInstaller,
  type InstallerAccessParts,
  type InstallerRequest,
} from '../../../src/core/admission/installer-access.ts';

const callerWith = (...permissions: string[]): SignedInUser => ({
  userId: 'ada',
  sessionId: 'session-1',
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions,
});
const nothing: InstallerRequest = { setupToken: undefined, localToken: 'none', token: undefined, ip: '203.0.113.7' };

const answerTo = async (given: Partial<InstallerRequest>, more: Partial<InstallerAccessParts> = {}) => {
  const denied: string[] = [];
  const parts: InstallerAccessParts = {
    spendGuess: () => null,
    untilKnown: async () => {},
    isConfigured: () => false,
    isSetupToken: (token) => token === 'good',
    verifyToken: async (token) => {
      if (token === 'forged') throw new AppError('UNAUTHENTICATED', 'not good');
      return token === 'owner' ? callerWith('installation:manage') : callerWith('community:create');
    },
    reportDenial: ({ userId }) => void denied.push(userId),
    ...more,
  };
  const answer = await admitInstaller(parts, { ...nothing, ...given }).then(
    () => 'let in',
    (error: unknown) => (isAppError(error) ? error.code : error),
  );
  return denied.length === 0 ? answer : [answer, ...denied];
};
const configured = { isConfigured: () => true };

test.each([
  ['nothing', {}, 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
  ['the setup token', { setupToken: 'good' }, 'let in', 'SETUP_TOKEN_INVALID'],
  ['a wrong setup token', { setupToken: 'wrong' }, 'SETUP_TOKEN_INVALID', 'SETUP_TOKEN_INVALID'],
  ['an empty setup token', { setupToken: '' }, 'SETUP_TOKEN_INVALID', 'SETUP_TOKEN_INVALID'],
  [
    'a wrong setup token and the local one',
    { setupToken: 'wrong', localToken: 'right' },
    'SETUP_TOKEN_INVALID',
    'SETUP_TOKEN_INVALID',
  ],
  ['the local token', { localToken: 'right' }, 'let in', 'let in'],
  ['a wrong local token', { localToken: 'wrong', token: 'owner' }, 'FORBIDDEN', 'FORBIDDEN'],
  ['a user with the permission', { token: 'owner' }, 'UNAUTHENTICATED', 'let in'],
  ['a user without it', { token: 'member' }, 'UNAUTHENTICATED', ['FORBIDDEN', 'ada']],
  ['a forged token', { token: 'forged' }, 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
] satisfies [string, Partial<InstallerRequest>, unknown, unknown][])(
  '%s: while nothing is configured, and once something is',
  async (_name, given, before, after) => {
    expect([await answerTo(given), await answerTo(given, configured)]).toEqual([before, after]);
  },
);

test('an address that guessed too often is told when to come back, before anything is compared', async () => {
  const spent = admitInstaller(
    {
      spendGuess: (ip) => (ip === nothing.ip ? 7 : null),
      untilKnown: async () => {},
      isConfigured: () => false,
      isSetupToken: () => {
        throw new Error('compared all the same');
      },
      verifyToken: async () => callerWith(),
      reportDenial: () => {},
    },
    { ...nothing, setupToken: 'good' },
  );
  await expect(spent).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 7 });
});

test('the operator with the local token is kept out by nobody’s guesses', async () => {
  expect(await answerTo({ localToken: 'right' }, { spendGuess: () => 7 })).toBe('let in');
});

test('guesses are counted by the /64 of an IPv6 address', async () => {
  const spent: string[] = [];
  await answerTo({ ip: '2001:db8:1:2::3' }, { spendGuess: (network) => (spent.push(network), null) });
  expect(spent).toEqual(['2001:db8:1:2::/64']);
});
