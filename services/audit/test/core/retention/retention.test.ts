import type { AuditEventMessage } from '@guildhall/contracts';
import { createContext } from '@guildhall/resources';
import { expect, test } from 'vitest';
import type { LogEntry } from '../../../src/core/log/log-reader.ts';
import { createPrune } from '../../../src/core/retention/prune.ts';
import { createRedact } from '../../../src/core/retention/redact.ts';
import type { RemovableEvents, RemovableRejected } from '../../../src/core/retention/removal.ts';

const context = createContext(
  {
    now: () => new Date(0),
    newId: () => '00000000-0000-4000-8000-000000000001',
    sha256: () => 'digest',
    recordDenial: async () => undefined,
    service: 'audit',
  },
  {
    caller: {
      userId: 'ada',
      displayName: 'Ada',
      email: 'ada@example.org',
      sessionId: '00000000-0000-4000-8000-000000000002',
      permissions: ['installation:manage'],
      actor: { type: 'user' as const, id: 'ada' },
    },
    requestId: 'request-1',
  },
);

const entryOf = (leafIndex: number): LogEntry => ({
  leafIndex,
  leafHash: 'hash',
  event: {
    id: `event-${leafIndex}`,
    occurredAt: '2026-03-01T10:00:00.000Z',
    recordedAt: '2026-03-01T10:00:00.000Z',
    actor: { type: 'user', id: 'bob' },
    action: 'script.update',
    resource: { type: 'script', id: 'script-1' },
    result: 'success',
    requestId: 'request-1',
    service: 'team-resources',
  },
});

const noRejected: RemovableRejected = {
  countExpired: async () => 0,
  removeExpired: async () => 0,
  search: async () => [],
  findAll: async () => [],
  remove: async () => 0,
};

/** A log of `there` expired events by bob to which `late` more are added with each announcement. */
const startLog = (there: number, late: number) => {
  const announced: unknown[] = [];
  const left = new Set(Array(there).keys());
  let [size, batches] = [there, 0];
  const remove = async (ids: readonly string[]): Promise<number> => {
    batches += 1;
    return ids.filter((id) => left.delete(Number(id.replace('event-', '')))).length;
  };
  const events: RemovableEvents = {
    size: async () => size,
    expired: async (_before, after, limit) => {
      const found: LogEntry[] = [];
      for (let index = after + 1; index < size && found.length < limit; index += 1)
        if (left.has(index)) found.push(entryOf(index));
      return found;
    },
    firstKept: async () => null,
    tellings: async () => [],
    search: async (_texts, { from, to }, limit) =>
      Array.from({ length: Math.min(to - from, limit) }, (_, index) => entryOf(from + index)),
    findAll: async () => [],
    prune: remove,
    redact: remove,
  };
  const takeEvents = async ([message]: readonly AuditEventMessage[]): Promise<number> => {
    announced.push(message?.payload.changes?.find(({ path }) => path === '/count')?.after);
    for (let added = 0; added < late; added += 1) {
      left.add(size);
      size += 1;
    }
    return 1;
  };
  const parts = {
    policies: { read: async () => ({ keepDays: 30, version: 1, updatedAt: null }), replace: async () => null },
    events,
    rejected: noRejected,
    takeEvents,
    newId: () => '00000000-0000-4000-8000-000000000001',
    now: () => new Date('2026-06-01T00:00:00.000Z'),
    keepDaysMin: 30,
    isGenuine: () => true,
  };
  const outcome = (removed: number) => ({ removed, announced, left: left.size, batches });
  return {
    prune: async () => outcome(await createPrune(parts)()),
    redact: async () => {
      const redact = createRedact({ ...parts, emailsOf: async () => [], digestOf: () => 'digest' });
      return outcome((await redact(context, { userId: 'bob' }, false)).removed);
    },
  };
};

test.each(['prune', 'redact'] as const)(
  '%s removes no more events than it announced, though more arrive meanwhile',
  async (how) => {
    expect(await startLog(3, 2)[how]()).toEqual({ removed: 3, announced: [3], left: 2, batches: 1 });
    expect(await startLog(2_500, 7)[how]()).toEqual({ removed: 2_500, announced: [2_500], left: 7, batches: 3 });
    expect(await startLog(0, 1)[how]()).toEqual({ removed: 0, announced: [], left: 0, batches: 0 });
  },
);

test('more events than one announcement covers have several, one after the other', async () => {
  expect(await startLog(100_500, 0).prune()).toMatchObject({ removed: 100_500, announced: [100_000, 500], left: 0 });
  expect(await startLog(20_500, 0).redact()).toMatchObject({ removed: 20_500, announced: [10_000, 10_000, 500], left: 0 });
});
