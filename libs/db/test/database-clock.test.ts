import { type FreshDatabase } from '@guildhall/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createDatabaseClock } from '../src/database-clock.ts';
import { openReady, shopDatabase } from './fixtures.ts';

const hourMs = 3_600_000;

const create = () => {
  const at = { monotonic: 1_000, system: 50_000 };
  const clock = createDatabaseClock({ monotonicMs: () => at.monotonic, systemMs: () => at.system });
  return { at, clock, ms: () => clock.now().getTime() };
};

describe('a database clock', () => {
  test('is the system’s until the database has told its time, and again when that is forgotten', () => {
    const { clock, ms } = create();
    expect(ms()).toBe(50_000);
    clock.learn(900_000, 1_000, 1_000);
    expect(ms()).toBe(900_000);
    clock.forget();
    expect(ms()).toBe(50_000);
  });

  test('goes on by the monotonic clock, whatever the system’s clock is set to', () => {
    const { at, clock, ms } = create();
    clock.learn(900_000, 990, 1_010);
    Object.assign(at, { monotonic: 3_000, system: -hourMs });
    expect(ms()).toBe(902_000);
  });

  test('follows a database whose clock was set, and no reading that is not better than what it knows', () => {
    const { clock, ms } = create();
    clock.learn(900_000, 1_000, 1_000);
    clock.learn(900_040, 950, 1_050);
    expect(ms()).toBe(900_000);
    clock.learn(900_000 - hourMs, 950, 1_050);
    expect(ms()).toBe(900_000 - hourMs);
  });
});

describe('a shared database', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await shopDatabase();
  });
  afterAll(() => fresh.drop());
  afterEach(() => void vi.useRealTimers());

  test.each([
    ['ahead', hourMs],
    ['behind', -hourMs],
  ])('tells its own time to a process whose clock is an hour %s', async (_name, skewMs) => {
    const startedMs = performance.now();
    const trueMs = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: trueMs + skewMs });
    const { now } = await openReady(fresh.url);
    expect(Math.abs(now().getTime() - trueMs - (performance.now() - startedMs))).toBeLessThan(hourMs / 2);
  });
});
