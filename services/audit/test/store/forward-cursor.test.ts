import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { AuditEventMessage } from '@guildhall/contracts';
import { sql } from '@guildhall/db';
import { createForwardWebhook } from '../../src/clients/forward-webhook.ts';
import { createForwarder, type ForwardReceiver } from '../../src/core/forward/forward-events.ts';
import { createForwardCursor } from '../../src/store/forward-cursor.ts';
import { createLogReader } from '../../src/store/log-reader.ts';
import { eventOf } from '../contract/fixture.ts';
import { recordAll, useLogDatabase } from '../contract/log-database.ts';
import { openReceiver } from '../contract/receiver.ts';

const database = useLogDatabase();
const report = (...events: readonly AuditEventMessage[]) => recordAll(database.startSequencer(), events);

let name: string;
beforeEach(async () => {
  name = `receiver-${randomUUID()}`;
  await report(...Array.from({ length: 5 }, () => eventOf()));
});

/** A process that forwards; what it is told to deliver goes to `deliver`. */
const sender = (deliver: ForwardReceiver['deliver']) => {
  const { connection } = database;
  const cursor = createForwardCursor(connection, name, randomUUID());
  const forwarder = createForwarder({
    cursor,
    log: createLogReader(connection),
    receiver: { deliver },
    onLag: () => undefined,
    onTaken: () => undefined,
  });
  return { cursor, ...forwarder };
};
const lettingLeasesRunOut = () =>
  database.connection.query(sql.unsafe`
    UPDATE audit.forward_cursors SET expires_at = now() - interval '1 second' WHERE name = ${name}`);
test('a lease of a process that is gone ends, also when the clock of the database was set back an hour', async () => {
  await sender(async () => 'taken').cursor.claim();
  const next = sender(async () => 'taken');
  expect(await next.step()).toBe('idle');
  await database.connection.query(sql.unsafe`
    UPDATE audit.forward_cursors SET expires_at = now() + interval '1 hour' WHERE name = ${name}`);
  expect(await next.step()).toBe('sent');
});

const sizeOf = () => createLogReader(database.connection).size();

test('what was sent by a process that died before it noted so is sent again by the next as the same batch, though more has come', async () => {
  const told: string[] = [];
  const dying = sender(async (id, body) => {
    told.push(`${id} ${body}`);
    throw new Error('It was killed here.');
  });
  await expect(dying.step()).rejects.toThrow('It was killed here.');
  await report(eventOf(), eventOf());
  const next = sender(async (id, body) => {
    told.push(`${id} ${body}`);
    return 'taken';
  });
  expect([await next.step(), told.length]).toEqual(['idle', 1]);
  await lettingLeasesRunOut();
  expect([await next.step(), await next.step(), await next.step()]).toEqual(['sent', 'sent', 'idle']);
  expect(told).toHaveLength(3);
  expect(told[1]).toBe(told[0]);
  expect(told[2]?.split('_').slice(1, 2)).toEqual(['5']);
});

test('a process that was paused while it sent moves nothing when it wakes: another has taken over', async () => {
  const size = await sizeOf();
  const waking = Promise.withResolvers<'taken'>();
  const begun = Promise.withResolvers<string>();
  const paused = sender((id) => {
    begun.resolve(id);
    return waking.promise;
  });
  const step = paused.step();
  const id = await begun.promise;
  await lettingLeasesRunOut();
  const ids: string[] = [];
  const other = sender(async (taken) => {
    ids.push(taken);
    return 'taken';
  });
  expect(await other.step()).toBe('sent');
  expect(ids).toEqual([id]);
  await report(eventOf());
  expect(await other.step()).toBe('sent');
  waking.resolve('taken');
  expect(await step).toBe('sent');
  expect(await paused.step()).toBe('idle');
  expect(await other.look()).toEqual({ events: 0, seconds: 0, isFree: true });
  expect(ids[1]?.endsWith(`_${size}_${size}`)).toBe(true);
});

test('of events that were removed the receiver is told place and hash; however many bytes the others have, a batch has at most 512 KB', async () => {
  const from = await sizeOf();
  const changes = [{ path: '/text', after: 'x'.repeat(200_000) }];
  await report(...Array.from({ length: 4 }, () => eventOf({ changes })));
  await database.connection.query(sql.unsafe`
    WITH gone AS (DELETE FROM audit.audit_events WHERE leaf_index = ${from} RETURNING id, leaf_index, leaf_hash)
    INSERT INTO audit.removed_events (id, leaf_index, leaf_hash, reason) SELECT id, leaf_index, leaf_hash, 'redacted' FROM gone`);
  const bodies: string[] = [];
  const { step } = sender(async (_id, body) => {
    bodies.push(body);
    return 'taken';
  });
  for (let last = await step(); last === 'sent';) last = await step();
  const told = bodies.map((body) => (JSON.parse(body) as { data: { first: number; last: number; events: object[] } }).data);
  expect(told.map(({ first, last }) => [first, last])).toEqual([
    [0, from + 2],
    [from + 3, from + 3],
  ]);
  expect(told[0]?.events[from]).toEqual({ leafIndex: from, leafHash: expect.any(String), removed: 'redacted' });
});

test('one lease at a time, however many ask at once; letting go hands it on', async () => {
  const cursors = Array.from({ length: 8 }, () => createForwardCursor(database.connection, name, randomUUID()));
  const claims = await Promise.all(cursors.map((cursor) => cursor.claim()));
  expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  const holder = claims.findIndex((claim) => claim !== null);
  await cursors[(holder + 1) % 8]?.release();
  expect(await cursors[(holder + 1) % 8]?.claim()).toBeNull();
  await cursors[holder]?.release();
  expect(await cursors[(holder + 1) % 8]?.claim()).toMatchObject({ next: 0, sendingTo: null });
});

test('a receiver that does not answer, or is not there, is given up in time, without a word of its address', async () => {
  const receiver = await openReceiver();
  receiver.answers(() => undefined);
  const parts = { secret: Buffer.alloc(32, 3), timeoutMs: 200, now: () => new Date() };
  const body = JSON.stringify({ data: { first: 0, last: 0, events: [] } });
  const silent = createForwardWebhook({ url: receiver.url, ...parts });
  await expect(silent.deliver('a', body)).rejects.toThrow('The receiver cannot be reached: no answer within 0.2 s.');
  await receiver.close();
  await expect(silent.deliver('a', body)).rejects.toThrow('The receiver cannot be reached: ECONNREFUSED.');
  silent.abort();
  await expect(silent.deliver('a', body)).rejects.toThrow('The receiver cannot be reached: AbortError.');
});
