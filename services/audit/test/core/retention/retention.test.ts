import type { AuditEventMessage } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { createRedact, type RemovableEvents } from '../../../src/core/retention/retention.ts';

const asker = { permissions: ['installation:manage'], actor: { type: 'user', id: 'ada' }, requestId: 'request-1' } as const;

/** Redacts where `there` events are, and `late` more once they were counted; what was told and removed, one by one. */
const redacting = async (there: number, late: number) => {
  const told: unknown[] = [];
  let left = there;
  let batches = 0;
  const removable: RemovableEvents = {
    count: async (_removal, max) => Math.min(left, max),
    remove: async (_removal, limit) => {
      const removed = Math.min(left, limit);
      left -= removed;
      batches += 1;
      return removed;
    },
    countSetAside: async () => 0,
    removeSetAside: async () => 0,
  };
  const takeEvents = async ([message]: readonly AuditEventMessage[]): Promise<number> => {
    told.push(message?.payload.changes?.find(({ path }) => path === '/count')?.after);
    left += late;
    return 1;
  };
  const redact = createRedact({
    policies: { read: async () => ({ keepDays: null, version: 1, updatedAt: null }), replace: async () => null },
    removable,
    takeEvents,
    newId: () => '00000000-0000-4000-8000-000000000001',
    now: () => new Date(0),
    digestOf: () => 'digest',
  });
  return { removed: await redact(asker, { userId: 'bob' }), told, left, batches };
};

test('a removal takes no more events than it told of, though more arrive meanwhile', async () => {
  expect(await redacting(3, 2)).toEqual({ removed: 3, told: [3], left: 2, batches: 1 });
  expect(await redacting(2_500, 7)).toEqual({ removed: 2_500, told: [2_500], left: 7, batches: 3 });
  expect(await redacting(0, 1)).toEqual({ removed: 0, told: [], left: 0, batches: 0 });
});

test('more than one event can tell of are told by several, one after the other', async () => {
  expect(await redacting(2_000_500, 0)).toMatchObject({ removed: 2_000_500, told: [1_000_000, 1_000_000, 500], left: 0 });
});
