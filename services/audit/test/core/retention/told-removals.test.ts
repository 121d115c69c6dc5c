import type { AuditEventMessage } from '@guildhall/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf, parseRanges, rangesOf, rangesText, unionOf, without } from '../../../src/core/log/index-ranges.ts';
import { eventOfMessage } from '../../../src/core/log/leaf.ts';
import type { LogEntry, RemovedEntry } from '../../../src/core/log/log-reader.ts';
import { createRemovalCheck, untoldText } from '../../../src/core/log/removal-check.ts';
import { alteredChanges, indexChanges } from '../../../src/core/log/removal-telling.ts';
import { createPrune } from '../../../src/core/retention/prune.ts';
import { trailResource, type RemovableEvents } from '../../../src/core/retention/removal.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const keepDays = 30;
const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

const timeOf = (at: number): string => new Date(at * dayMs).toISOString();

/** A log in memory, with a calendar, and what a process that dies leaves behind. */
const createLogModel = () => {
  const entries = new Map<number, LogEntry>();
  const removed = new Map<number, RemovedEntry['reason']>();
  const announced = new Set<number>();
  const altered = new Set<number>();
  const redactedAltered = new Set<number>();
  let [size, day, diesAfter] = [0, 100, Number.POSITIVE_INFINITY];
  const append = (action: string, changes?: LogEntry['event']['changes'], recordedAt = timeOf(day)): number => {
    const payload = {
      actor: { type: 'user' as const, id: 'ada' },
      action,
      resource: trailResource,
      result: 'success' as const,
      requestId: 'r',
      service: 'audit' as const,
      ...(changes === undefined ? {} : { changes }),
    };
    const message: AuditEventMessage = { id: idOf(size), kind: 'audit', occurredAt: timeOf(day + size / 1e6), payload };
    entries.set(size, { leafIndex: size, leafHash: 'hash', event: eventOfMessage(message, recordedAt) });
    size += 1;
    return size - 1;
  };
  const remove = (indexes: readonly number[], reason: RemovedEntry['reason']): number => {
    for (const index of indexes) if (entries.delete(index)) removed.set(index, reason);
    return indexes.length;
  };
  const prune = async (ids: readonly string[]): Promise<number> => {
    const indexes = ids.map((id) => Number(id.slice(-12)));
    for (const index of indexes) announced.add(index);
    const count = remove(indexes.slice(0, diesAfter), 'pruned');
    if (diesAfter < indexes.length) throw new Error('The process died.');
    return count;
  };
  const inOrder = (): LogEntry[] => [...entries.values()].toSorted((one, other) => one.leafIndex - other.leafIndex);
  const events: RemovableEvents = {
    size: async () => size,
    expired: async (before, after, limit) =>
      inOrder()
        .filter(({ leafIndex, event }) => leafIndex > after && event.recordedAt < before)
        .slice(0, limit),
    firstKept: async (before) => inOrder().find(({ event }) => event.recordedAt >= before)?.leafIndex ?? null,
    tellings: async (action, before, limit) =>
      inOrder()
        .toReversed()
        .filter(({ leafIndex, event }) => event.action === action && leafIndex < (before?.leafIndex ?? size))
        .slice(0, limit),
    search: async () => [],
    findAll: async () => [],
    prune,
    redact: async () => 0,
  };
  const runPrune = createPrune({
    events,
    rejected: {
      countExpired: async () => 0,
      removeExpired: async () => 0,
      search: async () => [],
      findAll: async () => [],
      remove: async () => 0,
    },
    policies: { read: async () => ({ keepDays, version: 1, updatedAt: null }) },
    takeEvents: async ([message]) => {
      if (message !== undefined) append(message.payload.action, message.payload.changes);
      return 1;
    },
    now: () => new Date(day * dayMs),
    newId: () => idOf(size),
    keepDaysMin: 0,
    isGenuine: ({ leafIndex }) => !altered.has(leafIndex),
  });
  const checked = () => {
    const check = createRemovalCheck();
    for (let leafIndex = 0; leafIndex < size; leafIndex += 1) {
      const [entry, reason] = [entries.get(leafIndex), removed.get(leafIndex)];
      if (entry !== undefined) check.take(entry);
      if (reason !== undefined) check.take({ leafIndex, leafHash: 'hash', reason, removedAt: timeOf(day) });
    }
    return check;
  };
  return {
    entries,
    announced,
    altered,
    append,
    remove,
    timeOf: (later: number) => timeOf(day + later),
    pass: (days: number): void => void (day += days),
    prune: runPrune,
    pruneDying: async (after: number): Promise<void> => {
      diesAfter = after;
      await runPrune().catch(() => undefined);
      diesAfter = Number.POSITIVE_INFINITY;
    },
    redact(indexes: readonly number[]): void {
      const going = indexes.filter((index) => entries.get(index)?.event.action === 'script.update');
      if (going.length === 0) return;
      const changed = going.filter((index) => altered.has(index));
      for (const index of changed) redactedAltered.add(index);
      append('audit.redact', [
        { path: '/count', after: going.length },
        ...indexChanges(rangesOf(going)),
        ...alteredChanges(rangesOf(changed)),
      ]);
      remove(going, 'redacted');
    },
    redactedAltered,
    untold: () => checked().untold(),
    toldAltered: () => checked().altered(),
    last: () => entries.get(size - 1)?.event.changes ?? [],
  };
};

type Model = ReturnType<typeof createLogModel>;

/** One of what there is, by a fraction of it. */
const pick = (indexes: readonly number[], part: number): readonly number[] =>
  indexes.slice(Math.floor(part * indexes.length), Math.floor(part * indexes.length) + 1);

const updates = ({ entries }: Model): number[] =>
  [...entries.values()].filter(({ event }) => event.action === 'script.update').map(({ leafIndex }) => leafIndex);

const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });
type Step = (model: Model, madeUp: Set<number>) => Promise<unknown>;
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 8 }).map((count): Step => async (model) => {
      for (let nth = 0; nth < count; nth += 1) model.append('script.update');
    }),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 25 }).map(
      (days): Step =>
        async (model) =>
          model.pass(days),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>(async (model) => model.append('script.update', undefined, model.timeOf(60))) },
  { weight: 4, arbitrary: fc.constant<Step>((model) => model.prune()) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 4 }).map(
      (after): Step =>
        (model) =>
          model.pruneDying(after),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.array(fraction, { minLength: 1, maxLength: 3 }).map((parts): Step => async (model) => {
      model.redact([...new Set(parts.flatMap((part) => pick(updates(model), part)))].toSorted((one, other) => one - other));
    }),
  },
  {
    weight: 1,
    arbitrary: fraction.map((part): Step => async (model) => {
      for (const index of pick(updates(model), part)) model.altered.add(index);
    }),
  },
  {
    weight: 1,
    arbitrary: fraction.map((part): Step => async (model, madeUp) => {
      const indexes = pick(
        updates(model).filter((index) => !model.announced.has(index)),
        part,
      );
      model.remove(indexes, 'pruned');
      for (const index of indexes) madeUp.add(index);
    }),
  },
);

describe('whatever is reported, pruned, redacted and made up, over years', () => {
  test('what nothing told of is found, what was altered before it was redacted, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 60 }), async (taken) => {
        const [model, madeUp] = [createLogModel(), new Set<number>()];
        for (const step of taken) {
          await step(model, madeUp);
          expect(rangesText(model.untold())).toBe(rangesText(rangesOf([...madeUp])));
          expect(rangesText(model.toldAltered())).toBe(rangesText(rangesOf([...model.redactedAltered])));
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('in the ordinary course a pruning states one number, however long the log lives', async () => {
  const model = createLogModel();
  for (let day = 0; day < 400; day += 1) {
    for (let nth = 0; nth < 3; nth += 1) model.append('script.update');
    model.pass(1);
    await model.prune();
  }
  expect(model.last()).toEqual([
    { path: '/before', after: expect.any(String) },
    { path: '/count', after: expect.any(Number) },
    { path: '/below', after: expect.any(Number) },
  ]);
  expect([model.untold(), model.entries.size < 150]).toEqual([[], true]);
});

test('an event that was back-dated in the database is not pruned for it', async () => {
  const model = createLogModel();
  const [old, backDated] = [model.append('script.update'), model.append('script.update')];
  model.altered.add(backDated);
  model.pass(40);
  model.append('script.update');
  expect(await model.prune()).toBe(1);
  expect([model.entries.has(old), model.entries.has(backDated)]).toEqual([false, true]);
});

const withTold = (action: string, count: number) => {
  const model = createLogModel();
  for (let nth = 0; nth < 6; nth += 1) model.append('script.update');
  model.append(action, [{ path: '/count', after: count }]);
  model.append('script.update');
  return model;
};

describe('removals of a version that told only how many', () => {
  test('are as many as it told, and were there before it', () => {
    const redacted = withTold('audit.redact', 1);
    redacted.remove([2], 'redacted');
    expect(redacted.untold()).toEqual([]);
    redacted.remove([3], 'redacted');
    expect(untoldText(redacted.untold())).toBe('2 events were removed, and nothing in the trail tells of it: 2-3.');
    const pruned = withTold('audit.prune', 1);
    pruned.remove([0, 1], 'pruned');
    pruned.remove([4], 'redacted');
    expect(pruned.untold()).toEqual([]);
    pruned.remove([7], 'pruned');
    expect(countOf(pruned.untold())).toBe(4);
  });

  test('are told of by the first pruning of this version that goes beyond them', async () => {
    const model = withTold('audit.prune', 2);
    model.remove([0, 1], 'pruned');
    model.pass(40);
    model.append('script.update');
    await model.prune();
    expect([model.untold(), model.last()]).toEqual([[], expect.arrayContaining([{ path: '/below', after: 8 }])]);
  });
});

test('ranges of indexes are sets, and so is their text', () => {
  const sets = fc.uniqueArray(fc.integer({ min: 0, max: 40 }));
  fc.assert(
    fc.property(sets, sets, (one, other) => {
      const [a, b] = [rangesOf(one), rangesOf(other)];
      expect(unionOf(a, b)).toEqual(rangesOf([...new Set([...one, ...other])]));
      expect(without(a, b)).toEqual(rangesOf(one.filter((index) => !other.includes(index))));
      expect([countOf(a), a.length === 0 ? [] : parseRanges(rangesText(a))]).toEqual([one.length, a]);
    }),
  );
  for (const wrong of ['', '1,', '01', '3-2', '1,2', '5,1', '1-3,3', 'x', 7, null, `1-${'9'.repeat(17)}`])
    expect(parseRanges(wrong)).toBeNull();
});
