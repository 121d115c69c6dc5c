import * as contracts from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { beginningsOf, countedActions, countNames, figuresOf, type Counts } from '../../src/core/metrics.ts';

const counts = (changes: Partial<Counts>): Counts => ({
  ...(Object.fromEntries(countNames.map((name) => [name, 0])) as Record<keyof Counts, number>),
  ...changes,
});

test.each([
  ['day', '2026-03-01T00:30:00.000Z', 30, '2026-01-31T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ['week', '2026-03-01T23:59:59.999Z', 26, '2025-09-01T00:00:00.000Z', '2026-02-23T00:00:00.000Z'],
  ['month', '2026-01-31T12:00:00.000Z', 24, '2024-02-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
] as const)('periods of a %s end with the one of %s: %i of them', (by, at, length, first, last) => {
  const beginnings = beginningsOf(by, at);
  expect([beginnings.length, beginnings[0], beginnings.at(-1)]).toEqual([length, first, last]);
  expect(new Set(beginnings).size).toBe(length);
});

test('a period without activities has zeros, a total counts a member once', () => {
  const figures = figuresOf(
    ['one', 'two', 'three'],
    [
      { from: 'one', ...counts({ activeMembers: 2, requestsFiled: 3, disputesOpened: 1 }) },
      { from: 'three', ...counts({ activeMembers: 2, wealthPublished: 4 }) },
      { from: null, ...counts({ activeMembers: 3, wealthPublished: 4, requestsFiled: 3, disputesOpened: 1 }) },
    ],
  );
  expect(figures.activeMembers).toEqual({
    total: 3,
    series: [
      { from: 'one', count: 2 },
      { from: 'two', count: 0 },
      { from: 'three', count: 2 },
    ],
  });
  expect(figures.wealthGeneration.total).toBe(4);
  expect(figures.disputeRate).toEqual({
    count: 1,
    of: 3,
    series: [
      { from: 'one', count: 1, of: 3 },
      { from: 'two', count: 0, of: 0 },
      { from: 'three', count: 0, of: 0 },
    ],
  });
});

test('the actions that are counted are those of the contracts of their nouns', () => {
  const groups = Object.entries(contracts).filter(([name]) => name.endsWith('Routes') && name !== 'internalRoutes');
  const known = new Set(
    groups.flatMap(([, group]) => Object.values(group as object).map(({ action }: { action: string }) => action)),
  );
  const nouns = new Set([...known].map((action) => action.split('.')[0]));
  const counted = Object.values(countedActions).flat();
  expect(counted.filter((action) => nouns.has(action.split('.')[0]) && !known.has(action))).toEqual([]);
  expect(counted.filter((action) => known.has(action))).toEqual(expect.arrayContaining(['wealth.create', 'trust-award.create']));
});
