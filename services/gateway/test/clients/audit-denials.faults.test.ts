import { randomUUID } from 'node:crypto';
import type { AuditEventMessage, AuditPayload } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAuditDenials, type AuditDenials } from '../../src/clients/audit-denials.ts';
import { catchLog, type CaughtLine } from '../support/log-catcher.ts';
import { clientOf, problem } from '../support/internal-client.ts';
import { readBody, sendJson, startStandIn, type StandIn } from '../support/stand-in.ts';

let audit: StandIn;
let reports: AuditDenials;
let stored: AuditEventMessage[];
let calls: number;
let refuse: (messages: readonly AuditEventMessage[]) => number | undefined;
let lines: CaughtLine[];
let close: () => Promise<void>;

beforeEach(async () => {
  stored = [];
  calls = 0;
  refuse = () => undefined;
  audit = await startStandIn(async (request, response) => {
    const { messages } = JSON.parse(await readBody(request)) as { messages: AuditEventMessage[] };
    calls += 1;
    const status = refuse(messages);
    if (status !== undefined) return sendJson(response, status, problem(status, status === 413 ? 'TOO_LARGE' : 'INVALID'));
    const known = new Set(stored.map(({ id }) => id));
    stored.push(...messages.filter(({ id }) => !known.has(id)));
    return sendJson(response, 200, { stored: messages.length });
  });
  const client = clientOf(audit.url, 'audit');
  const caught = catchLog();
  lines = caught.lines;
  reports = createAuditDenials({
    audit: client,
    newId: randomUUID,
    now: () => new Date('2026-03-01T12:00:00Z'),
    monotonicMs: () => performance.now(),
    log: caught.log,
  });
  close = async () => {
    await reports.close();
    await client.close();
    await audit.stop();
  };
});
afterEach(() => close());

const denial = (id: string, userId = 'ada'): AuditPayload => ({
  actor: { type: 'user', id: userId },
  action: 'script.update',
  resource: { type: 'script', id },
  result: 'denied',
  requestId: 'r',
  service: 'gateway',
});
const idsOf = (): string[] => stored.map(({ payload }) => payload.resource.id).toSorted();

test('a refusal reaches audit as an event', async () => {
  reports.report(denial('s'));
  await waitFor(() => stored.length === 1);
  expect(stored[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    kind: 'audit',
    occurredAt: '2026-03-01T12:00:00.000Z',
    payload: denial('s'),
  });
});

test('equal refusals become one event that says how many more they were; others stay apart', async () => {
  for (let count = 0; count < 5; count += 1) reports.report(denial('s'));
  reports.report(denial('other'));
  reports.report(denial('s', 'grace'));
  await reports.close();
  expect(stored.map(({ payload }) => [payload.actor.id, payload.resource.id, payload.changes])).toEqual([
    ['ada', 's', undefined],
    ['ada', 'other', undefined],
    ['grace', 's', undefined],
    ['ada', 's', [{ path: '/count', after: 4 }]],
  ]);
});

test('while audit is away refusals are kept and sent when it is back, with one warning', async () => {
  await audit.stop();
  reports.report(denial('first'));
  await waitFor(() => lines.some(({ level }) => level === 40));
  reports.report(denial('second'));
  await audit.restart();
  await waitFor(() => stored.length === 2);
  expect(idsOf()).toEqual(['first', 'second']);
  expect(lines.filter(({ level }) => level >= 40)).toHaveLength(1);
});

// Each denial is another user's: more than ten of one user in a minute are folded.
test('what audit will never take is left out and named; all else arrives', async () => {
  refuse = (messages) => (messages.some(({ payload }) => payload.resource.id === 'poison') ? 400 : undefined);
  for (let index = 0; index < 20; index += 1) reports.report(denial(index === 7 ? 'poison' : `s-${index}`, `user-${index}`));
  await waitFor(() => stored.length === 19);
  expect(idsOf()).not.toContain('poison');
  expect(lines.filter(({ level }) => level === 50).map(({ msg }) => msg)).toEqual([
    'audit rejected a denied event permanently: it was dropped',
  ]);
});

test('a batch that is too large is sent in smaller ones', async () => {
  refuse = (messages) => (messages.length > 30 ? 413 : undefined);
  for (let index = 0; index < 100; index += 1) reports.report(denial(`s-${index}`, `user-${index}`));
  await waitFor(() => stored.length === 100);
  expect(new Set(idsOf()).size).toBe(100);
});

test('beyond five thousand waiting ones further refusals are counted in one line, not kept', async () => {
  await audit.stop();
  for (let index = 0; index < 5_100; index += 1) reports.report(denial(`s-${index}`, `user-${index}`));
  await audit.restart();
  await waitFor(() => stored.length === 5_000);
  reports.report(denial('later'));
  await waitFor(() => stored.length === 5_001);
  expect(lines.filter(({ level }) => level === 50).map(({ msg, dropped }) => [msg, dropped])).toEqual([
    ['the buffer of denied events was full: the dropped events are missing from the audit trail', 100],
  ]);
});

test('closing sends what is waiting', async () => {
  await waitFor(() => calls === 0);
  reports.report(denial('last'));
  await reports.close();
  expect(idsOf()).toEqual(['last']);
});

test('closing ends although audit is away', async () => {
  await audit.stop();
  reports.report(denial('lost'));
  await reports.close();
  expect(stored).toEqual([]);
  await audit.restart();
});
