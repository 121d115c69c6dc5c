import { afterEach, expect, test, vi } from 'vitest';
import { steadyMs } from '../src/index.ts';

afterEach(() => void vi.useRealTimers());

test('a steady clock shows the time, and does not step when the system’s clock is set', () => {
  const before = steadyMs();
  expect(Math.abs(before - Date.now())).toBeLessThan(60_000);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  const elapsed = steadyMs() - before;
  expect(elapsed).toBeGreaterThanOrEqual(0);
  expect(elapsed).toBeLessThan(60_000);
});
