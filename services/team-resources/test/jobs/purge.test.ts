import { createLog } from '@guildhall/http';
import { expect, test } from 'vitest';
import { startPurging } from '../../src/jobs/purge.ts';

test('a purge removes what is past its time, each kind until a batch is not full', async () => {
  const calls: unknown[] = [];
  const left = { keys: 1_001, taken: 0, activities: 1_000, imports: 2 };
  const purge =
    (kind: keyof typeof left) =>
    async (limit: number, at?: string): Promise<number> => {
      calls.push([kind, at, limit]);
      const count = Math.min(left[kind], limit);
      left[kind] -= count;
      return count;
    };
  const before = (kind: keyof typeof left) => (at: string, limit: number) => purge(kind)(limit, at);
  const purging = startPurging({
    purgeExpiredKeys: purge('keys'),
    appUsers: { purgeTakenBefore: before('taken') },
    activities: { purgeDoneBefore: before('activities') },
    workspaceImports: { purgeAbandonedBefore: before('imports') },
    activityRetentionDays: 10,
    isReady: () => true,
    now: () => new Date('2026-01-31T00:00:00.000Z'),
    log: createLog({ service: 'test', level: 'silent' }),
  });
  await purging.stop();
  const activities = ['activities', '2026-01-21T00:00:00.000Z', 1_000];
  const imports = ['imports', '2026-01-24T00:00:00.000Z', 1];
  expect(calls).toEqual([
    ['keys', undefined, 1_000],
    ['keys', undefined, 1_000],
    ['taken', '2026-01-01T00:00:00.000Z', 1_000],
    activities,
    activities,
    imports,
    imports,
    imports,
  ]);
});
