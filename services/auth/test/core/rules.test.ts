import { describe, expect, test } from 'vitest';
import { normaliseEmail } from '../../src/core/email.ts';
import { secondsToWait } from '../../src/core/login-delay.ts';
import { alreadyRegisteredMail, verificationMail } from '../../src/core/mails.ts';
import { requireGoodPassword } from '../../src/core/password-rules.ts';
import { deviceLabelOf } from '../../src/core/visitor.ts';
import { parseSecretToken, secretTokenOf } from '../../src/core/secret-token.ts';
import type { RoleFacts } from '../../src/core/role-store.ts';
import { refusalOf } from '../../src/core/roles.ts';
import { retrySeconds } from '../../src/core/send-mails.ts';

describe('an e-mail address', () => {
  test.each([
    ['  Ada@Example.ORG ', 'ada@example.org'],
    ['u\u0308ber@example.org', '\u00fcber@example.org'],
    ['\u00dcBER@example.org', '\u00fcber@example.org'],
  ])('%j is stored as %j, and again so', (given, stored) => {
    expect(normaliseEmail(given)).toBe(stored);
    expect(normaliseEmail(stored)).toBe(stored);
  });
});

const refusal = (password: string): string => {
  try {
    requireGoodPassword(password, 'grace.hopper@example.org', new Set(['password12345']));
    return 'none';
  } catch (error) {
    return JSON.stringify((error as { errors: unknown }).errors);
  }
};
const because = (message: string): string => JSON.stringify([{ path: '/password', message }]);

describe('a device', () => {
  test('is called as was given, whole characters only, otherwise by what it says of itself', () => {
    const longest = `a${'🦉'.repeat(99)}`;
    expect(deviceLabelOf(longest, 'curl')).toBe(longest);
    expect(deviceLabelOf(undefined, 'curl '.repeat(40))).toBe('curl '.repeat(20));
    expect(deviceLabelOf(undefined, undefined)).toBe('Unknown device');
  });
});

describe('a password', () => {
  test.each([
    ['eleven byte', because('must be at least 12 bytes long')],
    ['twelve bytes', 'none'],
    ['\u00e4'.repeat(6), 'none'],
    ['\u00e4'.repeat(36), 'none'],
    ['\u00e4'.repeat(36) + 'x', because('must be at most 72 bytes long in UTF-8')],
    ['PassWord12345', because('is one of the passwords that are tried first')],
    ['my GRACE.HOPPER secret', because('must not contain the name in your address')],
  ])('%j: %s', (password, expected) => {
    expect(refusal(password)).toBe(expected);
  });
});

describe('the wait after failed log-ins', () => {
  const now = new Date('2026-01-31T08:30:00.000Z');
  const subjects = { pairId: 'pair', addressId: 'address' };
  const after = (id: string, failures: number, secondsAgo: number): number =>
    secondsToWait(subjects, [{ id, failures, lastFailedAt: new Date(now.getTime() - secondsAgo * 1000) }], now);

  test('is nothing for a few, doubles from then on up to five minutes, and runs off', () => {
    expect([1, 3, 4, 5, 6, 10, 12, 13, 1000].map((failures) => after('pair', failures, 0))).toEqual([
      0, 0, 1, 2, 4, 64, 256, 300, 300,
    ]);
    expect([0, 1, 3.5, 4, 100].map((ago) => after('pair', 6, ago))).toEqual([4, 3, 1, 0, 0]);
  });

  test('begins later and stays shorter for an address that many may share', () => {
    expect([4, 29, 30, 33, 60].map((failures) => after('address', failures, 0))).toEqual([0, 0, 1, 8, 60]);
  });

  test('counts a failure that was stored by a later request at once, and none of a clock that was set back', () => {
    expect([-0.005, -60, -61].map((ago) => after('pair', 4, ago))).toEqual([2, 61, 0]);
    expect(after('pair', 3, -30)).toBe(0);
  });

  test('is the longer of the two, and nothing without failures', () => {
    const failed = (id: string, failures: number) => ({ id, failures, lastFailedAt: now });
    expect(secondsToWait(subjects, [failed('pair', 5), failed('address', 33)], now)).toBe(8);
    expect(secondsToWait(subjects, [], now)).toBe(0);
  });
});

describe('a refresh token', () => {
  const sessionId = '0b0e7a52-2f4c-4d6c-9c57-3a2b1c4d5e6f';
  test('is a session and a secret', () => {
    const secret = 'A-_9'.repeat(10) + 'abc';
    expect(parseSecretToken(secretTokenOf(sessionId, secret))).toEqual({ id: sessionId, secret });
  });
  test.each(['', '.', sessionId, `${sessionId}.`, `${sessionId}.short`, `x.${'A'.repeat(43)}`, `${sessionId}.${'='.repeat(43)}`])(
    '%j is none',
    (text) => {
      expect(parseSecretToken(text)).toBeNull();
    },
  );
});

describe('handing out a role', () => {
  const fine: RoleFacts = {
    isCallerLive: true,
    callerPermissions: ['role:assign', 'audit:read'],
    isUserThere: true,
    rolePermissions: ['audit:read'],
    isHeld: false,
    isLastOwner: false,
  };
  test.each<[string, Partial<RoleFacts>, string | undefined]>([
    ['is allowed to who holds all that the role permits', {}, undefined],
    ['needs a live session', { isCallerLive: false }, 'SESSION_ENDED'],
    ['needs role:assign', { callerPermissions: ['audit:read'] }, 'FORBIDDEN'],
    ['needs a user', { isUserThere: false }, 'NOT_FOUND'],
    ['needs a role', { rolePermissions: null }, 'NOT_FOUND'],
    ['is refused beyond the own permissions', { rolePermissions: ['audit:read', 'user:update'] }, 'FORBIDDEN'],
    ['tells nothing of users to who may not assign', { callerPermissions: [], isUserThere: false }, 'FORBIDDEN'],
  ])('%s', (_, facts, code) => {
    expect(refusalOf({ ...fine, ...facts })?.code).toBe(code);
  });
});

describe('a mail', () => {
  test('is tried again after 1, 2, 4 … 60 seconds', () => {
    expect([1, 2, 3, 6, 7, 50].map(retrySeconds)).toEqual([1, 2, 4, 32, 60, 60]);
  });
  test('says what it is for, and repeats nothing that anyone typed', () => {
    const at = new Date('2026-01-31T08:30:00.000Z');
    expect(verificationMail('ada@example.org', '01234567', at).text).toBe(
      [
        'Your code is 01234567',
        '',
        'It confirms the registration made at 2026-01-31T08:30:00.000Z, is good for 15 minutes, and only where you registered.',
        'If you did not register, there is nothing for you to do: without this code nobody can use your address.',
        '',
      ].join('\n'),
    );
    expect(alreadyRegisteredMail('ada@example.org').text).not.toContain('ada@example.org');
  });
});
