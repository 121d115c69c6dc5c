import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createLog } from '@guildhall/http';
import { waitFor } from '@guildhall/testkit';
import { afterEach, expect, test } from 'vitest';
import type { LogEntry, LogReader } from '../../src/core/log/log-reader.ts';
import { createLiveTail, type LiveTailLimits, type RunningTail } from '../../src/streams/live-tail.ts';

const anyone = { id: 'ada', isPrivileged: true };
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const entryOf = (leafIndex: number): LogEntry => ({
  leafIndex,
  leafHash: 'hash',
  event: {
    id: `event-${leafIndex}`,
    occurredAt: '2026-03-01T10:00:00.000Z',
    recordedAt: '2026-03-01T10:00:00.000Z',
    actor: { type: 'user', id: 'ada' },
    action: leafIndex % 2 === 0 ? 'script.update' : 'script.create',
    resource: { type: 'script', id: 'script-1' },
    result: 'success',
    requestId: 'request-1',
    service: 'team-resources',
  },
});

/** A log that grows when told; some of its places may be of events that were removed. */
const startTail = (
  limits: Partial<LiveTailLimits> = {},
  removed: ReadonlySet<number> = new Set(),
  monotonicMs: () => number = () => performance.now(),
) => {
  const log = { size: 0, asked: 0 };
  const reader: LogReader = {
    size: async () => {
      log.asked += 1;
      return log.size;
    },
    origin: async () => null,
    read: async (_filters, { from, to }, limit) =>
      Array.from({ length: Math.min(to, log.size) - from }, (_, index) => from + index)
        .filter((index) => !removed.has(index))
        .slice(0, limit)
        .map(entryOf),
    removed: async () => [],
  };
  const tail = createLiveTail({
    log: reader,
    isReady: () => true,
    faults: { raise: () => {}, clear: () => {} },
    monotonicMs,
    logger: createLog({ service: 'audit', level: 'silent' }, new Writable({ write: (_chunk, _encoding, done) => done() })),
    limits: { pollEveryMs: 5, ...limits },
  });
  ends.push(tail.close);
  return { log, tail };
};

/** Reads on until the text is as it should be. */
const readUntil = async (reader: ReadableStreamDefaultReader<string>, isWhole: (text: string) => boolean): Promise<string> => {
  let text = '';
  while (!isWhole(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The stream ended after ${JSON.stringify(text)}.`);
    text += value;
  }
  return text;
};
const idsIn = (text: string): number[] => [...text.matchAll(/^id: (\d+)\nevent: audit$/gm)].map(([, id]) => Number(id));

test('a reader who takes nothing is told the last id that it was sent, is let go, and goes on from there without loss', async () => {
  const { log, tail } = startTail({ stalledAfterMs: 30 });
  const stream = await tail.listen(anyone, {}, null);
  const reader = stream.getReader();
  expect((await reader.read()).value).toBe('retry: 1000\n\n');
  log.size = 350;
  const { value = '' } = await reader.read();
  const last = idsIn(value).at(-1) ?? -1;
  const silentUntilMs = performance.now() + 100;
  await waitFor(() => performance.now() > silentUntilMs, { what: 'longer than a reader may take nothing' });
  expect(await reader.read()).toEqual({
    value: `event: dropped\nid: ${last}\ndata: {"reason":"slow","lastEventId":${last}}\n\n`,
    done: false,
  });
  expect(await reader.read()).toEqual({ value: undefined, done: true });
  const next = (await tail.listen(anyone, {}, last)).getReader();
  await next.read();
  const { value: rest = '' } = await next.read();
  expect([...idsIn(value), ...idsIn(rest)]).toEqual(
    Array.from({ length: idsIn(value).length + idsIn(rest).length }, (_, index) => index),
  );
  expect(rest).not.toBe('');
  await next.cancel();
});

test('ends after its life, so that whoever listens shows again who they are', async () => {
  const clock = { ms: 0 };
  const { log, tail } = startTail({ lifeMs: 60 }, new Set(), () => clock.ms);
  const reader = (await tail.listen(anyone, {}, null)).getReader();
  log.size = 2;
  expect(idsIn(await readUntil(reader, (text) => text.includes('id: 1\n')))).toEqual([0, 1]);
  clock.ms = 60;
  expect(await reader.read()).toEqual({ done: true, value: undefined });
});

test('says now and then that it is there and how far it is, also when nothing fitted', async () => {
  const { log, tail } = startTail({ heartbeatEveryMs: 20 });
  const reader = (await tail.listen(anyone, { action: 'nothing.done' }, null)).getReader();
  log.size = 4;
  const text = await readUntil(reader, (read) => read.includes('id: 3\n'));
  expect(text).toMatch(/^retry: 1000\n\n(: still here\n(id: \d\n)?\n)*: still here\nid: 3\n\n$/);
  await reader.cancel();
});

test('passes over places whose events were removed, all of them or some', async () => {
  const { log, tail } = startTail({}, new Set([0, 1, 2, 5]));
  const reader = (await tail.listen(anyone, {}, null)).getReader();
  log.size = 3;
  const asked = log.asked;
  await waitFor(() => log.asked > asked + 2);
  log.size = 8;
  expect(idsIn(await readUntil(reader, (text) => text.includes('id: 7\n')))).toEqual([3, 4, 6, 7]);
  await reader.cancel();
});

test('does not tell for long what was removed since it was read', async () => {
  const removed = new Set<number>();
  const { log, tail } = startTail({ bufferedMs: 20 }, removed);
  const first = (await tail.listen(anyone, {}, null)).getReader();
  await first.read();
  log.size = 3;
  expect(idsIn((await first.read()).value ?? '')).toEqual([0, 1, 2]);
  removed.add(1);
  const heldUntilMs = performance.now() + 60;
  await waitFor(() => performance.now() > heldUntilMs, { what: 'longer than anything is held' });
  const second = (await tail.listen(anyone, {}, 0)).getReader();
  await second.read();
  expect(idsIn((await second.read()).value ?? '')).toEqual([2]);
  await Promise.all([first.cancel(), second.cancel()]);
});

test('asks the log only while somebody listens', async () => {
  const { log, tail } = startTail();
  const stream = await tail.listen(anyone, {}, null);
  const reader = stream.getReader();
  await waitFor(() => log.asked > 5);
  await reader.cancel();
  const { asked } = log;
  const quietUntilMs = performance.now() + 100;
  await waitFor(() => performance.now() > quietUntilMs, { what: 'many times the pause between two questions' });
  // One may have been under way.
  expect(log.asked).toBeLessThanOrEqual(asked + 1);
});

test.each([
  ['when it is told that the log is another one', (tail: RunningTail) => tail.restart()],
  ['when it finds the log shorter than it was', () => {}],
])('ends what is listened to %s; whoever connects again goes on in the new log', async (_when, tell) => {
  const { log, tail } = startTail();
  log.size = 7;
  const first = (await tail.listen(anyone, {}, null)).getReader();
  expect(await first.read()).toEqual({ done: false, value: 'retry: 1000\nid: 6\n\n' });
  log.size = 8;
  expect((await first.read()).value).toMatch(/^id: 7\nevent: audit\n/);
  const last = first.read();
  // A reader who takes nothing would be broken off.
  await setImmediate();
  log.size = 2;
  tell(tail);
  expect(await last).toEqual({ done: true, value: undefined });
  const second = (await tail.listen(anyone, {}, 7)).getReader();
  expect((await second.read()).value).toBe('retry: 1000\nid: 1\n\n');
  log.size = 3;
  expect((await second.read()).value).toMatch(/^id: 2\nevent: audit\n/);
});

const member = (id: string) => ({ id, isPrivileged: false });

test('one user has two streams at most, and some places are kept for readers of the whole trail', async () => {
  const { tail } = startTail({ listenersMax: 5, reservedListeners: 2 });
  const [first] = [await tail.listen(member('ada'), {}, null), await tail.listen(member('ada'), {}, null)];
  await expect(tail.listen(member('ada'), {}, null)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  await tail.listen(member('bob'), {}, null);
  await expect(tail.listen(member('eve'), {}, null)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await tail.listen({ id: 'auditor', isPrivileged: true }, {}, null);
  await first.cancel();
  await tail.listen(member('eve'), {}, null);
});
