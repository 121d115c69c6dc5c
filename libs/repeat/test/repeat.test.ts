import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isRepeating, repeat } from '../src/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('repeat', () => {
  test('runs at once, and again after each pause', async () => {
    const task = vi.fn<() => Promise<void>>(async () => {});
    const repeated = repeat({ everyMs: 100, task, onError: () => {} });
    await vi.advanceTimersByTimeAsync(250);
    expect(task).toHaveBeenCalledTimes(3);
    await repeated.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(task).toHaveBeenCalledTimes(3);
  });

  test('never starts a run while one is under way, and runs again at once when woken meanwhile', async () => {
    let finish: () => void = vi.fn<() => void>();
    const task = vi.fn<() => Promise<void>>(() => new Promise((resolve) => (finish = resolve)));
    const repeated = repeat({ everyMs: 1_000, task, onError: () => {} });
    repeated.wake();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(task).toHaveBeenCalledTimes(1);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(task).toHaveBeenCalledTimes(2);
    const stopped = repeated.stop();
    finish();
    await stopped;
  });

  test('reports a failure once, pauses longer, ignores wake in that pause, and reports the recovery', async () => {
    let isBroken = true;
    const [onError, onRecovered] = [vi.fn<(error: unknown) => void>(), vi.fn<() => void>()];
    const task = vi.fn<() => Promise<void>>(async () => {
      if (isBroken) throw new Error('broken');
    });
    const repeated = repeat({ everyMs: 100, afterErrorMs: 1_000, task, onError, onRecovered });
    await vi.advanceTimersByTimeAsync(500);
    repeated.wake();
    await vi.advanceTimersByTimeAsync(100);
    expect(task).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(onError).toHaveBeenCalledTimes(1);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onRecovered).toHaveBeenCalledTimes(1);
    await repeated.stop();
  });

  test('pauses twice as long after each further failure, up to the longest pause, and as before after a success', async () => {
    let isBroken = true;
    const startedAt: number[] = [];
    const task = async (): Promise<void> => {
      startedAt.push(Date.now());
      if (isBroken) throw new Error('broken');
    };
    const repeated = repeat({ everyMs: 100, afterErrorMaxMs: 500, task, onError: () => {} });
    await vi.advanceTimersByTimeAsync(1_750);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(600);
    const first = startedAt[0] ?? 0;
    expect(startedAt.map((at) => at - first)).toEqual([0, 100, 300, 700, 1_200, 1_700, 2_200, 2_300]);
    await repeated.stop();
  });

  test('asks less and less often while there is nothing to do, and as before once there is', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    const startedAt: number[] = [];
    let hasWork = false;
    const task = async (): Promise<boolean> => {
      startedAt.push(Date.now());
      return hasWork;
    };
    const repeated = repeat({ everyMs: 100, idleMaxMs: 500, task, onError: () => {} });
    await vi.advanceTimersByTimeAsync(1_250);
    hasWork = true;
    await vi.advanceTimersByTimeAsync(600);
    const first = startedAt[0] ?? 0;
    expect(startedAt.map((at) => at - first)).toEqual([0, 100, 300, 700, 1_200, 1_700, 1_800]);
    random.mockRestore();
    await repeated.stop();
  });

  test('a long pause ends at once when woken, and within the short one when there will be work', async () => {
    const task = vi.fn<() => Promise<boolean>>(async () => false);
    const repeated = repeat({ everyMs: 100, idleMaxMs: 100_000, task, onError: () => {} });
    await vi.advanceTimersByTimeAsync(20_000);
    task.mockClear();
    repeated.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(task).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(20_000);
    task.mockClear();
    repeated.expectWork();
    await vi.advanceTimersByTimeAsync(99);
    expect(task).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(task).toHaveBeenCalledTimes(1);
    await repeated.stop();
  });

  test('waits for the run under way when it is stopped', async () => {
    let isDone = false;
    const repeated = repeat({
      everyMs: 100,
      task: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        isDone = true;
      },
      onError: () => {},
    });
    const stopped = repeated.stop();
    await vi.advanceTimersByTimeAsync(60);
    await stopped;
    expect(isDone).toBe(true);
  });

  test('is known to what its task calls, and to nobody else', async () => {
    const seen: boolean[] = [];
    const task = async (): Promise<void> => {
      await Promise.resolve();
      seen.push(isRepeating());
    };
    const repeated = repeat({ everyMs: 100, task, onError: () => {} });
    await vi.advanceTimersByTimeAsync(250);
    expect([seen, isRepeating()]).toEqual([[true, true, true], false]);
    await repeated.stop();
  });
});
