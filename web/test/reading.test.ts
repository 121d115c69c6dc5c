// @vitest-environment happy-dom
import { QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test } from 'vitest';
import { queryClient, readAnew } from '../src/api/reading.ts';

afterEach(() => queryClient.clear());

/** A read of a screen that is shown until it is left. */
const show = async (key: string, meta: Readonly<Record<string, unknown>> = {}) => {
  let version = 0;
  const observer = new QueryObserver(queryClient, {
    queryKey: [key],
    queryFn: async () => (version += 1),
    meta,
    staleTime: Infinity,
  });
  const leave = observer.subscribe(() => undefined);
  await observer.refetch();
  return { leave, versionOf: () => queryClient.getQueryData([key]) };
};

test('after a change what is shown is read again, and what was left is never shown as it was before', async () => {
  const [shown, left] = [await show('listMembers'), await show('getCommunity')];
  const before = shown.versionOf();
  left.leave();
  await readAnew();
  expect([shown.versionOf(), left.versionOf()]).toEqual([Number(before) + 1, undefined]);
});

test('what does not change, and what is not meant, is kept', async () => {
  const [kept, other] = [await show('listVersions', { isKept: true }), await show('getMe')];
  kept.leave();
  other.leave();
  const before = [kept.versionOf(), other.versionOf()];
  await readAnew(([name]) => name !== 'getMe');
  expect([kept.versionOf(), other.versionOf()]).toEqual(before);
});
