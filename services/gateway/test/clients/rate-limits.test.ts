import { expect, test } from 'vitest';
import { createRateLimits } from '../../src/clients/rate-limits.ts';

const create = (requestsPerMinuteMax = 60, signInsPerMinuteMax = 6) => {
  let at = 0;
  const limits = createRateLimits({ requestsPerMinuteMax, signInsPerMinuteMax, monotonicMs: () => at });
  return { spend: limits.spend, pass: (ms: number) => void (at += ms) };
};

test('a minute’s worth may come at once; the next one is told how long to wait, and may then', () => {
  const { spend, pass } = create();
  expect(Array.from({ length: 60 }, () => spend('request', 'ada'))).toEqual(Array.from({ length: 60 }, () => null));
  expect(spend('request', 'ada')).toBe(1);
  pass(999);
  expect(spend('request', 'ada')).toBe(1);
  pass(1);
  expect([spend('request', 'ada'), spend('request', 'ada')]).toEqual([null, 1]);
});

test('after that as many get through as the rate lets, however often is tried', () => {
  const { spend, pass } = create();
  let passed = 0;
  for (let step = 0; step < 6_000; step += 1) {
    if (spend('request', 'ada') === null) passed += 1;
    pass(100);
  }
  expect(passed).toBeGreaterThanOrEqual(659);
  expect(passed).toBeLessThanOrEqual(660);
});

test('refused tries cost nothing: whoever waits as told gets through', () => {
  const { spend, pass } = create(60, 6);
  for (let count = 0; count < 1_000; count += 1) spend('sign-in', '203.0.113.7');
  const wait = spend('sign-in', '203.0.113.7');
  expect(wait).toBe(10);
  pass((wait ?? 0) * 1_000);
  expect(spend('sign-in', '203.0.113.7')).toBeNull();
});

test('keys and limits are counted apart', () => {
  const { spend } = create(1, 1);
  expect([spend('request', 'a'), spend('request', 'b'), spend('sign-in', 'a')]).toEqual([null, null, null]);
  expect([spend('request', 'a'), spend('request', 'b'), spend('sign-in', 'a')]).toEqual([60, 60, 60]);
});

test('a flood of keys forgets the oldest one, not all', () => {
  const { spend } = create(1, 1);
  spend('request', 'first');
  for (let index = 0; index < 100_000; index += 1) spend('request', `key-${index}`);
  expect([spend('request', 'key-99999'), spend('request', 'first')]).toEqual([60, null]);
});
