import { expect, test } from 'vitest';
import { AppError } from '@guildhall/errors';
import { parseFilters } from '../../../src/core/trail/parse-filters.ts';

test('passes on what is given and adds nothing', () => {
  expect(parseFilters({})).toEqual({});
  const filters = { actor: 'ada', action: 'script.update', resourceType: 'script', resourceId: '1', requestId: 'r' };
  expect(parseFilters({ ...filters, result: 'denied' })).toEqual({ ...filters, result: 'denied' });
});

test('writes ids and times as the database does', () => {
  expect(parseFilters({ community: 'URN:UUID:00000000-0000-4000-8000-00000000000A', from: '2026-03-01T12:00:00+02:00' })).toEqual(
    {
      community: '00000000-0000-4000-8000-00000000000a',
      from: '2026-03-01T10:00:00.000Z',
    },
  );
});

test('takes a time before or after every event as the nearest that the database knows', () => {
  expect(parseFilters({ from: '0000-01-01T00:00:00Z', to: '9999-12-31T23:59:59-23:59' })).toEqual({
    from: '1970-01-01T00:00:00.000Z',
    to: '9999-12-31T00:00:00.000Z',
  });
});

test.each([
  [{ from: '2026-06-30T23:59:60Z' }, { path: '/from', message: 'is not a time that exists' }],
  [{ to: 'never' }, { path: '/to', message: 'is not a time that exists' }],
])('refuses %j', (filters, error) => {
  expect(() => parseFilters(filters)).toThrow(
    expect.objectContaining({
      constructor: AppError,
      code: 'INVALID',
      message: 'The query does not fit this operation.',
      errors: [error],
    }),
  );
});
