import { describe, expect, test } from 'vitest';
import { hotp, stepOf, toBase32, totp } from '../../src/clients/totp.ts';

/** The secret of the test vectors. */
const secret = Buffer.from('12345678901234567890');

describe('one-time passwords', () => {
  test('are those of RFC 4226, appendix D', () => {
    const values = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
    expect(values.map((_, counter) => hotp(secret, counter, 6))).toEqual(values);
  });

  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('are those of RFC 6238, appendix B, %i seconds after the epoch', (seconds, code) => {
    expect(hotp(secret, stepOf(new Date(seconds * 1000)), 8)).toBe(code);
  });

  test('are taken one step before and one after the present one, and no other', () => {
    const at = new Date('2026-01-01T00:00:15Z');
    const now = stepOf(at);
    const steps = [-3, -2, -1, 0, 1, 2, 3].map((off) => totp.matchingStep(secret, hotp(secret, now + off, 6), at));
    expect(steps).toEqual([null, null, now - 1, now, now + 1, null, null]);
  });

  test('have a secret of 160 random bits', () => {
    const secrets = Array.from({ length: 20 }, () => toBase32(totp.newSecret()));
    expect(new Set(secrets).size).toBe(20);
    expect(secrets.every((text) => /^[A-Z2-7]{32}$/.test(text))).toBe(true);
  });
});

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of "%s" is that of RFC 4648, section 10, without padding', (text, encoded) => {
  expect(toBase32(Buffer.from(text))).toBe(encoded);
});
