import { createHash } from 'node:crypto';
import { AppError } from '@guildhall/errors';
import { expect, test } from 'vitest';
import {
  changesOf,
  cursorOf,
  encodeCursor,
  fingerprintOf,
  pageRequest,
  readPosition,
  retryCompareAndSwap,
  toPage,
} from '../src/index.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const at = '2026-01-31T08:30:00.000Z';
const id = '7c0e5f0e-6a4f-4d6e-9d0a-0d4a2b1f9c11';

test('changes are the fields that differ; a script’s content is shown by its digest and length', () => {
  const before = { name: 'a', language: 'sql', content: 'one' };
  expect(changesOf(before, { name: 'a', content: 'three', language: undefined }, digest)).toEqual([
    {
      path: '/content',
      before: { sha256: digest('one'), characters: 3 },
      after: { sha256: digest('three'), characters: 5 },
    },
  ]);
  expect(changesOf(null, { name: 'a' }, digest)).toEqual([{ path: '/name', after: 'a' }]);
});

test('changes compare values, not objects: the order of keys is none', () => {
  const before = { threshold: { type: 'number', value: 1 }, titles: ['a', 'b'], gone: null };
  expect(changesOf(before, { threshold: { value: 1, type: 'number' }, titles: ['a', 'b'], gone: null }, digest)).toEqual([]);
  expect(changesOf(before, { titles: ['b', 'a'] }, digest)).toEqual([{ path: '/titles', before: ['a', 'b'], after: ['b', 'a'] }]);
});

test('a cursor leads back to its position, and no other text is taken for one', () => {
  expect(readPosition(cursorOf({ createdAt: at, id }))).toEqual({ createdAt: at, id });
  const others = [
    encodeCursor(['yesterday', id]),
    encodeCursor([at, 'x']),
    encodeCursor(['2026-02-30T08:30:00.000Z', id]),
    encodeCursor([at]),
    'x',
  ];
  for (const cursor of others) expect(() => readPosition(cursor)).toThrow(AppError);
});

test('a page asks for one row more, and has a next page exactly when it came', () => {
  expect(pageRequest({ limit: 2 }, readPosition)).toEqual({ limit: 3, after: null });
  expect(pageRequest({}, readPosition)).toEqual({ limit: 26, after: null });
  expect(toPage(['a', 'b', 'c'], { limit: 2 }, (row) => `after ${row}`)).toEqual({ items: ['a', 'b'], nextCursor: 'after b' });
  expect(toPage(['a', 'b'], { limit: 2 }, (row) => `after ${row}`)).toEqual({ items: ['a', 'b'], nextCursor: null });
  expect(toPage([], {}, String)).toEqual({ items: [], nextCursor: null });
});

test('a compare-and-swap is retried until it stores, but not for ever', async () => {
  let attempts = 0;
  const outcome = retryCompareAndSwap(async () => {
    attempts += 1;
    return attempts === 2 ? 'done' : undefined;
  });
  expect(await outcome).toBe('done');
  await expect(retryCompareAndSwap(async () => undefined)).rejects.toThrow(
    expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }),
  );
});

test('two requests are the same whatever the order of their fields, and only then', () => {
  const one = fingerprintOf(['a', { name: 'x', description: 'y' }]);
  expect(fingerprintOf(['a', { description: 'y', name: 'x' }])).toBe(one);
  expect(fingerprintOf(['a', { description: 'x', name: 'y' }])).not.toBe(one);
  expect(fingerprintOf(['b', { name: 'x', description: 'y' }])).not.toBe(one);
});
