import { describe, expect, test } from 'vitest';
import type { AuditEventMessage } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { createRejectEvent, createTakeEvents } from '../../../src/core/trail/take-events.ts';

const at = '2026-03-01T10:00:00.000Z';
const now = (): Date => new Date(at);

const message = (number: number): AuditEventMessage => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'system', id: 'auth' },
    action: 'user.create',
    resource: { type: 'user', id: String(number) },
    result: 'success',
    requestId: 'request-1',
    service: 'auth',
  },
});
const messages = (count: number): AuditEventMessage[] => Array.from({ length: count }, (_, number) => message(number));

/** A store that refuses batches with one of these numbers in them, and throws what it is told to. */
const storeThat = ({ refuses = [], throws }: { refuses?: readonly number[]; throws?: Error }) => {
  const asked: number[] = [];
  const stored: string[] = [];
  return {
    asked,
    stored,
    async record(batch: readonly AuditEventMessage[]): Promise<number> {
      asked.push(batch.length);
      if (throws !== undefined) throw throws;
      if (batch.some(({ payload }) => refuses.includes(Number(payload.resource.id))))
        throw new AppError('UNPROCESSABLE', 'Refused.');
      stored.push(...batch.map(({ id }) => id));
      return batch.length;
    },
  };
};

const taking = (store: ReturnType<typeof storeThat>) => {
  const aside: unknown[] = [];
  const counted: number[] = [];
  const takeEvents = createTakeEvents({
    events: store,
    rejectEvent: async (raw, reason) => void aside.push([raw, reason]),
    now,
    onStored: (count) => void counted.push(count),
  });
  return { takeEvents, aside, counted };
};

describe('taking a batch', () => {
  test('records it once, whole', async () => {
    const store = storeThat({});
    const { takeEvents, aside, counted } = taking(store);
    expect(await takeEvents(messages(100))).toBe(100);
    expect([store.asked, aside, counted]).toEqual([[100], [], [100]]);
    expect(await takeEvents([])).toBe(0);
    expect(store.asked).toEqual([100]);
  });

  test('sets aside each event that is refused, stores all others, and asks no more often than halving needs', async () => {
    const store = storeThat({ refuses: [0, 41, 99] });
    const { takeEvents, aside, counted } = taking(store);
    expect(await takeEvents(messages(100))).toBe(97);
    expect(aside).toEqual([0, 41, 99].map((number) => [message(number), 'Refused.']));
    expect(store.stored).toEqual(
      messages(100)
        .map(({ id }) => id)
        .filter((_, number) => ![0, 41, 99].includes(number)),
    );
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(97);
    expect(store.asked.length).toBeLessThanOrEqual(1 + 3 * 2 * 7);
  });

  test('throws any other failure, so that the batch comes again', async () => {
    for (const error of [new AppError('SHARED_DB_UNAVAILABLE', 'Away.'), new Error('a fault in the program')]) {
      const { takeEvents, aside } = taking(storeThat({ throws: error }));
      await expect(takeEvents(messages(3))).rejects.toBe(error);
      expect(aside).toEqual([]);
    }
  });
});

const settingAside = (isNew = true) => {
  const kept: unknown[] = [];
  const told: unknown[] = [];
  const rejectEvent = createRejectEvent({
    rejected: {
      keep: async (event) => {
        kept.push(event);
        return isNew;
      },
    },
    idOfText: (text) => `id of ${text}`,
    now,
    onRejected: (...all) => void told.push(all),
  });
  return { rejectEvent, kept, told };
};

describe('setting aside', () => {
  test('keeps it under its own id, and tells of it', async () => {
    const { rejectEvent, kept, told } = settingAside();
    const raw = { id: `urn:uuid:${message(1).id.toUpperCase()}`, colour: 'red' };
    await rejectEvent(raw, 'Refused.');
    expect(kept).toEqual([{ id: message(1).id, raw, reason: 'Refused.', at }]);
    expect(told).toEqual([[message(1).id, 'Refused.']]);
  });

  test.each([
    [{ id: '1' }, 'id of {"id":"1"}', { id: '1' }],
    [{ id: 1 }, 'id of {"id":1}', { id: 1 }],
    ['text', 'id of "text"', 'text'],
    [null, 'id of null', null],
    [undefined, 'id of nothing', null],
  ])('keeps %j under an id made of its text', async (raw, id, rawKept) => {
    const { rejectEvent, kept } = settingAside();
    await rejectEvent(raw, 'Refused.');
    expect(kept).toEqual([{ id, raw: rawKept, reason: 'Refused.', at }]);
  });

  test('tells nothing of what was set aside before', async () => {
    const { rejectEvent, told } = settingAside(false);
    await rejectEvent(message(1), 'Refused.');
    expect(told).toEqual([]);
  });
});
