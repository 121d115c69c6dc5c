import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEventMessage } from '@guildhall/contracts';
import { sql } from '@guildhall/db';
import { appendLeaves } from '@guildhall/tlog';
import { sha256 } from '../../src/clients/sha256.ts';
import { eventOfMessage, leafHashOf } from '../../src/core/log/leaf.ts';
import { createPlantedRows, findOutsideRows } from '../../src/store/outside-rows.ts';
import { eventOf } from './fixture.ts';
import { recordAll, useLogDatabase, wholeLog } from './log-database.ts';

const database = useLogDatabase();

const at = '2026-03-01T10:00:00.000Z';
const eventsOf = (count: number): AuditEventMessage[] =>
  Array.from({ length: count }, (_, index) => eventOf({ requestId: `request-${index}` }));
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const whole = (count: number) => ({ isContiguous: true, isHashedAsStored: true, size: count, count });

/** In parts of this many, each part with some of the one before. */
const overlapping = (events: readonly AuditEventMessage[], width: number): AuditEventMessage[][] =>
  Array.from({ length: Math.ceil(events.length / width) }, (_, part) =>
    events.slice(Math.max(0, part * width - 7), (part + 1) * width),
  );

describe('appending', () => {
  test('by three processes at once that are told the same events in different orders leaves no hole and stores each once', async () => {
    const events = eventsOf(1_500);
    // Makes the key of the log, which comes before its first event.
    const signCheckpoint = database.signWith(Buffer.alloc(32, 1));
    await signCheckpoint();
    const sequencers = [database.startSequencer(), database.startSequencer(), database.startSequencer()];
    const told = [
      overlapping(events, 90),
      overlapping(events.toReversed(), 70),
      overlapping(
        events.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
        200,
      ),
    ];
    const stored = await Promise.all(
      sequencers.flatMap((sequencer, index) =>
        (told[index] ?? []).map((batch) => recordAll(sequencer, [...batch, ...batch.slice(0, 3)])),
      ),
    );
    expect(sum(stored)).toBe(1_500);
    expect(await wholeLog(database)).toMatchObject(whole(1_500));
    const { root } = await wholeLog(database);
    await signCheckpoint();
    const latest = await database.checkpoints.latest();
    expect([latest?.size, Buffer.from(latest?.rootHash ?? []).toString('base64')]).toEqual([1_500, root]);
  });

  test('gathers what comes at once: many callers, few statements', async () => {
    const sequencer = database.startSequencer();
    const stored = await Promise.all(Array.from({ length: 300 }, () => recordAll(sequencer, eventsOf(3))));
    expect(sum(stored)).toBe(900);
    const [{ fencing } = { fencing: -1 }] = (await database.connection.query(sql.unsafe`SELECT fencing FROM audit.log_heads`))
      .rows as { fencing: number }[];
    expect(fencing).toBeLessThanOrEqual(3);
    expect(await wholeLog(database)).toMatchObject(whole(900));
  });

  test('gives each caller their own answer when one brings what cannot be stored', async () => {
    const sequencer = database.startSequencer();
    const poison = eventOf({ resource: { type: 'script', id: 'script-1', name: 'zero \u0000 character' } });
    const batches = [
      eventsOf(5),
      [...eventsOf(4), poison],
      eventsOf(6),
      [eventOf({ changes: [{ path: '/name', after: '\ud800' }] })],
    ];
    const answers = await Promise.allSettled(batches.map((batch) => recordAll(sequencer, batch)));
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : (answer.reason as Error).message))).toEqual([
      5,
      'The event contains the character U+0000, which cannot be stored.',
      6,
      'The event has no canonical JSON: a text holds half of a surrogate pair.',
    ]);
    expect(await wholeLog(database)).toMatchObject(whole(11));
  });

  test('takes over from a holder that is gone, and one that wakes up late writes nothing', async () => {
    const gone = database.sequencedLog();
    expect(await gone.claim([])).toBeNull();
    const claimed = await gone.claim([]);
    const lease = claimed?.lease ?? { fencing: -1, head: { size: -1, hashes: [] } };
    const before = performance.now();
    await database.run(sql.unsafe`UPDATE audit.log_heads SET expires_at = now() + interval '300 milliseconds'`);
    const sequencer = database.startSequencer();
    expect(await recordAll(sequencer, eventsOf(3))).toBe(3);
    expect(performance.now() - before).toBeGreaterThan(250);
    const event = eventOfMessage(eventOf(), at);
    const leaves = [{ event, hash: leafHashOf(sha256, event) }];
    const next = appendLeaves(
      sha256,
      lease.head,
      leaves.map(({ hash }) => hash),
    );
    expect(await gone.append({ lease, leaves, next, tiles: [], keepsLease: false })).toBe(false);
    // The same fencing with the size as it is now is no lease either: it was taken over.
    expect(
      await gone.append({ lease: { ...lease, head: { ...lease.head, size: 3 } }, leaves, next, tiles: [], keepsLease: false }),
    ).toBe(false);
    expect(await wholeLog(database)).toMatchObject(whole(3));
  });

  test('waits while another process holds the lease, and goes on when that lets it go', async () => {
    const holder = database.sequencedLog();
    await holder.claim([]);
    expect(await holder.claim([])).not.toBeNull();
    const sequencer = database.startSequencer();
    const waiting = recordAll(sequencer, eventsOf(1));
    await holder.release((await holder.claim([]))?.lease.fencing ?? -1);
    expect(await waiting).toBe(1);
  });

  test('starts anew when an event was stored behind its back, and stores the rest', async () => {
    const sequencer = database.startSequencer();
    const [first, ...rest] = eventsOf(4);
    const other = database.startSequencer();
    await recordAll(other, first === undefined ? [] : [first]);
    expect(await recordAll(sequencer, [...rest, ...(first === undefined ? [] : [first])])).toBe(3);
    expect(await wholeLog(database)).toMatchObject(whole(4));
  });

  test('is not blocked by rows that somebody planted ahead of the log: they lose their leaf index, are named, and stay as evidence', async () => {
    const named: unknown[] = [];
    const sequencer = database.startSequencer((planted) => named.push(...planted));
    await recordAll(sequencer, eventsOf(3));
    const [next, far] = [randomUUID(), randomUUID()];
    for (const planted of [next, far]) await database.run(insert(planted, '2026-01-02T00:00:00Z'));
    await database.run(sql.unsafe`UPDATE audit.audit_events SET leaf_index = 5, leaf_hash = ''::bytea WHERE id = ${next}`);
    await database.run(sql.unsafe`UPDATE audit.audit_events SET leaf_index = 5000 WHERE id = ${far}`);
    expect(await recordAll(sequencer, eventsOf(4))).toBe(4);
    expect(named).toEqual([
      { id: next, leafIndex: 5 },
      { id: far, leafIndex: 5_000 },
    ]);
    expect(await sequencer.sequenceStored()).toBe(0);
    expect(await database.places()).toHaveLength(7);
    expect((await database.head())?.size).toBe(7);
  });
});

describe('what is hashed', () => {
  test('is what the columns give back, whatever JSON, numbers, texts and times an event holds', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => value.replaceAll('\0', ''));
    // Names of one shape that an engine has taken for each other (nodejs/node#63785).
    const key = fc.oneof(text, fc.constantFrom('a', 'a\\', 'a"', 'a\n', '\\', '"', 'a\\"', 'a"\\'));
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        number,
        text,
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    const times = [
      '2026-03-01T12:30:00.1239999+02:00',
      '2026-06-30T23:59:60Z',
      '1970-01-01t00:00:00z',
      '2026-03-01T00:00:00.9999999Z',
      '9999-12-30T23:59:59.999Z',
    ];
    const sessionId = randomUUID();
    const event = fc
      .record({ name: text, before: tree, after: tree, userAgent: text, time: fc.constantFrom(...times) })
      .map(({ name, before, after, userAgent, time }) =>
        eventOf({
          id: randomUUID().toUpperCase(),
          occurredAt: time,
          actor: { type: 'user', id: 'ada', userAgent, sessionId: `urn:uuid:${sessionId.toUpperCase()}` },
          resource: { type: 'script', id: 'script-1', name },
          communityId: randomUUID().toUpperCase(),
          changes: [{ path: '/a', before, after }],
        }),
      );
    const sequencer = database.startSequencer();
    expect(await recordAll(sequencer, fc.sample(event, 400))).toBe(400);
    expect(await wholeLog(database)).toMatchObject(whole(400));
  });
});

const insert = (id: string, recordedAt: string) => sql.unsafe`
  INSERT INTO audit.audit_events (id, actor_type, actor_id, action, resource_type, resource_id, result, changes, request_id, service, occurred_at, recorded_at)
  VALUES (${id}, 'user', 'ada', 'script.update', 'script', 'script-1', 'success', '[{"path": "/n", "after": 1.50}]', 'request-1', 'team-resources',
          '2026-01-01T00:00:00.123456Z', ${recordedAt})`;

describe('events that a version without a log stored', () => {
  test('get their places in the order in which they were stored, between those that arrive', async () => {
    const old = Array.from({ length: 300 }, () => randomUUID());
    for (const [index, id] of old.entries())
      await database.run(insert(id, new Date(Date.UTC(2026, 0, 2) - index * 1_000).toISOString()));
    const sequencer = database.startSequencer();
    expect(await recordAll(sequencer, eventsOf(2))).toBe(2);
    expect(await sequencer.sequenceStored()).toBe(300);
    expect(await recordAll(sequencer, eventsOf(300))).toBe(300);
    expect(await sequencer.sequenceStored()).toBe(0);
    expect(await wholeLog(database)).toMatchObject(whole(602));
    const placed = (
      await database.connection.query(
        sql.unsafe`SELECT id FROM audit.audit_events WHERE leaf_index BETWEEN 2 AND 301 ORDER BY leaf_index`,
      )
    ).rows as { id: string }[];
    expect(placed.map(({ id }) => id)).toEqual(old.toReversed());
  });

  test('do not wait behind one that has no canonical form, which is set aside as planted', async () => {
    const [deep, plain] = [randomUUID(), randomUUID()];
    await database.run(insert(deep, '2026-01-02T00:00:00Z'));
    await database.run(insert(plain, '2026-01-02T00:00:01Z'));
    await database.run(
      sql.unsafe`UPDATE audit.audit_events SET changes = jsonb_build_array(jsonb_build_object('path', '/n', 'after', (repeat('[', 250) || repeat(']', 250))::jsonb)) WHERE id = ${deep}`,
    );
    const sequencer = database.startSequencer();
    expect(await sequencer.sequenceStored()).toBe(2);
    expect(await sequencer.sequenceStored()).toBe(0);
    expect(await database.places()).toHaveLength(1);
    expect(await findOutsideRows(database.connection)).toEqual({ count: 1, firstId: deep });
  });

  test('all have their places before the first checkpoint, and none gets one after it: such a row was planted', async () => {
    const signCheckpoint = database.signWith(Buffer.alloc(32, 1));
    await signCheckpoint();
    const old = [randomUUID(), randomUUID()];
    for (const id of old) await database.run(insert(id, '2026-01-02T00:00:00Z'));
    const sequencer = database.startSequencer();
    await recordAll(sequencer, eventsOf(1));
    await signCheckpoint();
    expect([await database.checkpoints.latest(), await findOutsideRows(database.connection)]).toEqual([null, null]);
    expect(await sequencer.sequenceStored()).toBe(2);
    await signCheckpoint();
    expect((await database.checkpoints.latest())?.size).toBe(3);

    const planted = randomUUID();
    await database.run(insert(planted, '2025-12-31T00:00:00Z'));
    expect(await sequencer.sequenceStored()).toBe(0);
    expect(await findOutsideRows(database.connection)).toEqual({ count: 1, firstId: planted });
    expect((await database.checkpoints.standing()).oldestUnsequencedAt).toBeNull();
    const { key } = await database.checkpoints.standing();
    if (key !== null) await database.checkpoints.accept(key, false);
    expect([await sequencer.sequenceStored(), (await database.head())?.size]).toEqual([0, 3]);
    expect(await createPlantedRows(database.connection).remove([planted, ...old])).toBe(1);
  });

  test('are placed once, though two processes find them', async () => {
    for (let index = 0; index < 20; index += 1) await database.run(insert(randomUUID(), '2026-01-02T00:00:00Z'));
    const sequencers = [database.startSequencer(), database.startSequencer()];
    const placed = await Promise.all(sequencers.map((sequencer) => sequencer.sequenceStored()));
    expect(sum(placed)).toBe(20);
    expect(await wholeLog(database)).toMatchObject(whole(20));
  });
});
