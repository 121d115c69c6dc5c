import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPulledStream } from '../../src/streams/pulled-stream.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream of chunks of 1,000 characters that wants 100 characters a second, with ten seconds of grace. */
const start = () => {
  const { stream } = createPulledStream({
    next: async () => 'x'.repeat(1_000),
    finalChunk: () => null,
    onEnd: () => undefined,
    monotonicMs: () => performance.now(),
    stalledAfterMs: 10_000,
    charactersPerSecondMin: 100,
  });
  return stream.getReader();
};

test('a reader who takes a little now and then, always in time, is let go once it falls below the least rate', async () => {
  const reader = start();
  await reader.read();
  await vi.advanceTimersByTimeAsync(19_000);
  await reader.read();
  // 2,000 characters are worth 20 s and the grace 10 s: after 19 s of delay, 11 s are left.
  await vi.advanceTimersByTimeAsync(12_000);
  await expect(reader.read()).rejects.toThrow('the reader is too slow');
});

test('a reader at the least rate goes on for as long as there is something', async () => {
  const reader = start();
  for (let chunk = 0; chunk < 50; chunk += 1) {
    await vi.advanceTimersByTimeAsync(9_900);
    expect((await reader.read()).value).toHaveLength(1_000);
  }
  await reader.cancel();
});
