import { AppError } from '@guildhall/errors';
import { expect, test, vi } from 'vitest';
import { gatherWrites, type GatherLimits, type GatherWriteParts } from '../src/index.ts';

interface Write {
  readonly row: string;
  readonly value: string;
}

/** Writes whose statements end when the test says so, with what the test says of them. */
const startGathering = (limits?: GatherLimits, parts: Partial<GatherWriteParts<Write>> = {}) => {
  const sent: string[] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const statement = async (kind: string, writes: readonly Write[]): Promise<void> => {
    sent.push(`${kind} ${writes.map(({ row, value }) => row + value).join()}`);
    const ended = Promise.withResolvers<void>();
    waiting.push(ended);
    await ended.promise;
  };
  const write = gatherWrites<Write>(
    {
      one: async (one) => {
        await statement('one', [one]);
        return one.value !== 'refused';
      },
      many: async (writes) => {
        await statement('many', writes);
        return writes.flatMap(({ value }, index) => (value === 'refused' ? [] : [{ place: index + 1 }])).toReversed();
      },
      conflictOf: ({ row }) => row,
      ...parts,
    },
    limits,
  );
  return {
    write: (row: string, value = '') => write({ row, value }),
    sent,
    end: (): void => waiting.splice(0).forEach(({ resolve }) => resolve()),
    untilSent: (count: number) => vi.waitFor(() => expect(sent).toHaveLength(count), { interval: 1 }),
  };
};

test('the writes of one turn are one statement, and what it does not make is tried alone', async () => {
  const { write, sent, end, untilSent } = startGathering();
  const made = Promise.all([write('a'), write('b', 'refused'), write('c')]);
  await untilSent(1);
  end();
  await untilSent(2);
  end();
  expect(await made).toEqual([true, false, true]);
  expect(sent).toEqual(['many a,brefused,c', 'one brefused']);
});

test('a lone write takes its plain statement, once', async () => {
  const { write, sent, end, untilSent } = startGathering();
  const made = write('a', 'refused');
  await untilSent(1);
  end();
  expect(await made).toBe(false);
  expect(sent).toEqual(['one arefused']);
});

test('two writes of one row are never one, nor in one statement', async () => {
  const { write, sent, end, untilSent } = startGathering({ inFlightMax: 1, batchMax: 1 });
  const [first, other, second] = [write('a', '1'), write('b'), write('a', '2')];
  await untilSent(2);
  end();
  // It went past the first one, which waited.
  expect(await second).toBe(true);
  await untilSent(3);
  end();
  expect([await first, await other]).toEqual([true, true]);
  expect(sent).toEqual(['one a2', 'one a1', 'one b']);
});

test('the end of a write does not make its row free for those that wait', async () => {
  const { write, sent, end, untilSent } = startGathering({ inFlightMax: 1, batchMax: 1 });
  const first = write('a', '1');
  await untilSent(1);
  const [other, second] = [write('b'), write('a', '2')];
  end();
  expect(await first).toBe(true);
  await untilSent(2);
  const third = write('a', '3');
  await untilSent(3);
  end();
  await untilSent(4);
  end();
  expect([await other, await second, await third]).toEqual([true, true, true]);
  expect(sent).toEqual(['one a1', 'one b', 'one a3', 'one a2']);
});

test('each write of a statement that fails is tried alone, with its own error', async () => {
  const one = vi.fn<GatherWriteParts<Write>['one']>(async ({ row }) => {
    if (row === 'bad') throw new Error('bad');
    return true;
  });
  const { write } = startGathering({}, { one, many: () => Promise.reject(new Error('violated')) });
  const settled = await Promise.allSettled([write('a'), write('bad'), write('c')]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(one).toHaveBeenCalledTimes(3);
});

test('an outcome that is unknown is the answer to all: nothing is written twice', async () => {
  const unknown = new AppError('SERVICE_UNAVAILABLE', 'It may have been made.', { retryAfterSeconds: 1 });
  const one = vi.fn<GatherWriteParts<Write>['one']>();
  const { write } = startGathering({}, { one, many: () => Promise.reject(unknown) });
  const settled = await Promise.allSettled([write('a'), write('b')]);
  expect(settled).toEqual([1, 2].map(() => ({ status: 'rejected', reason: unknown })));
  expect(one).not.toHaveBeenCalled();
});

test('a write that was refused because too many wait leaves its row free', async () => {
  const { write, sent, end, untilSent } = startGathering({ inFlightMax: 1, queuedMax: 1 });
  const first = write('a');
  await untilSent(1);
  const second = write('b');
  await expect(write('c')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  end();
  await untilSent(2);
  const third = write('c');
  end();
  await untilSent(3);
  end();
  expect([await first, await second, await third]).toEqual([true, true, true]);
  expect(sent).toEqual(['one a', 'one b', 'one c']);
});
