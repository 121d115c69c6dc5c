import { randomUUID } from 'node:crypto';
import type { AuditEventMessage } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { foldRefusals, type FoldedRefusals } from '../src/index.ts';

let left: AuditEventMessage[];
let isAway: boolean;
let nowMs: number;
let folded: FoldedRefusals;

beforeEach(() => {
  left = [];
  isAway = false;
  nowMs = 0;
  folded = foldRefusals({
    append: async (event) => {
      if (isAway) throw new Error('away');
      left.push(event);
    },
    newId: randomUUID,
    monotonicMs: () => nowMs,
    onError: () => {},
  });
});
afterEach(() => folded.close());

const refusal = (userId = 'ada', resourceId = 's'): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: '2026-03-01T12:00:00.000Z',
  payload: {
    actor: { type: 'user', id: userId },
    action: 'script.update',
    resource: { type: 'script', id: resourceId },
    result: 'denied',
    requestId: 'r',
    service: 'gateway',
  },
});
const told = () => left.map(({ payload }) => [payload.actor.id, payload.resource.id, payload.changes?.[0]?.after ?? 1]);

test('the first refusal of its kind is told at once and whole', async () => {
  const first = refusal();
  await folded.record(first);
  expect(left).toEqual([first]);
});

test('those that repeat it within the minute are one event at its end, with their count and an id of its own', async () => {
  for (let count = 0; count < 5; count += 1) await folded.record(refusal());
  await folded.record(refusal('grace'));
  expect(told()).toEqual([
    ['ada', 's', 1],
    ['grace', 's', 1],
  ]);
  nowMs = 60_000;
  await waitFor(() => left.length === 3);
  expect(told()[2]).toEqual(['ada', 's', 4]);
  expect(new Set(left.map(({ id }) => id)).size).toBe(3);
  await folded.record(refusal());
  expect(told()[3]).toEqual(['ada', 's', 1]);
});

test('one who is refused at ever new things is told of ten times a minute and then by a count', async () => {
  for (let count = 0; count < 300; count += 1) await folded.record(refusal('ada', `s-${count}`));
  await folded.record(refusal('grace', 's-1'));
  expect(told().map(([, id]) => id)).toEqual([...Array.from({ length: 11 }, (_, count) => `s-${count}`), 's-1']);
  nowMs = 60_000;
  await waitFor(() => left.length === 13);
  expect(told()[12]).toEqual(['ada', 's-299', 289]);
});

/** A refusal of a caller at an IP address. */
const refusalFrom = (ip: string) => {
  const { payload, ...event } = refusal();
  return { ...event, id: randomUUID(), payload: { ...payload, actor: { ...payload.actor, ip } } };
};

test('one who changes the address within a /64 network is one caller', async () => {
  for (const ip of ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:a::3']) await folded.record(refusalFrom(ip));
  expect(left).toHaveLength(1);
  await folded.record(refusalFrom('2001:db8:1:3::1'));
  expect(left).toHaveLength(2);
});

test('a kind that the caller names is folded whatever the events say', async () => {
  await folded.record(refusal('ada', 'one'), 'same');
  await folded.record(refusal('ada', 'two'), 'same');
  expect(told()).toEqual([['ada', 'one', 1]]);
});

test('a count that cannot be told now is told later, and what was counted is told before closing', async () => {
  await folded.record(refusal());
  await folded.record(refusal());
  isAway = true;
  nowMs = 60_000;
  await folded.record(refusal());
  isAway = false;
  await folded.close();
  expect(told()).toEqual([
    ['ada', 's', 1],
    ['ada', 's', 2],
  ]);
});

test('a first one that cannot be told is the caller’s to know, and counts for nothing', async () => {
  isAway = true;
  await expect(folded.record(refusal())).rejects.toThrow('away');
  isAway = false;
  await folded.record(refusal());
  expect(told()).toEqual([['ada', 's', 1]]);
});
