import { randomUUID } from 'node:crypto';
import type { OutboxMessage } from '@guildhall/contracts';
import { serverEngine, type FreshDatabase } from '@guildhall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createOutboxStore,
  outboxInsertFragment,
  uncheckedRow,
  sql,
  type OutboxStore,
  type SharedDatabase,
} from '../src/index.ts';
import { Type } from 'typebox';
import { openUnclosed, shopDatabase, untilStatus } from './fixtures.ts';

let fresh: FreshDatabase;
let database: SharedDatabase;
let outbox: OutboxStore;

beforeAll(async () => {
  fresh = await shopDatabase();
  database = openUnclosed(fresh.url);
  await untilStatus(database, 'ready');
  outbox = createOutboxStore(database.connection, 'shop');
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});
beforeEach(async () => {
  await database.connection.query(sql.unsafe`DELETE FROM shop.outbox_events`);
  await database.connection.query(sql.unsafe`DELETE FROM shop.goods`);
});

/** The updates of rows in this transaction, which PostgreSQL counts, and in those of the session that it has not summed up yet. */
const countUpdates = sql.type(uncheckedRow({ updates: Type.Integer() }))`
  SELECT n_tup_upd::int8 AS updates FROM pg_stat_xact_user_tables WHERE schemaname = 'shop' AND relname = 'outbox_events'`;

const message = (second: number): OutboxMessage => ({
  id: randomUUID(),
  kind: 'user-changed',
  occurredAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  payload: { userId: 'ada', displayName: `Ada "the" {first}, \\ ${second}`, version: second + 1 },
});

/** The mark that relays of earlier versions left on what they were about to publish. */
const lease = (seconds: number) => sql.unsafe`
  UPDATE shop.outbox_events SET claimed_by = 'earlier', attempts = 1, claimed_until = now() + ${seconds}::float8 * interval '1 second',
         available_at = now() + ${seconds}::float8 * interval '1 second'`;

const claimAll = (ownerId: string) => outbox.claim({ ownerId, shardMax: 100 });

const isPostgres = (await serverEngine()).name === 'PostgreSQL';

describe('the outbox', () => {
  test('gives back what was put in, in the order in which it occurred', async () => {
    const [one, two, three] = [message(1), message(2), message(3)];
    await outbox.append([three, one, two]);
    expect(await claimAll('relay')).toEqual([one, two, three].map((event) => ({ ...event, attempts: 1, traceparent: null })));
  });

  test('gives no event to two relays that claim at once', async () => {
    const messages = Array.from({ length: 200 }, (_, second) => message(second % 60));
    await outbox.append(messages);
    const claims = await Promise.all(Array.from({ length: 8 }, (_, n) => outbox.claim({ ownerId: `relay-${n}`, shardMax: 5 })));
    const ids = claims.flat().map(({ id }) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    const rest = await outbox.claim({ ownerId: 'last', shardMax: 200 });
    expect([...ids, ...rest.map(({ id }) => id)].toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
  });

  test.runIf(isPostgres)('updates an event once on its way, and again only when it could not be published', async () => {
    const [one, two] = [message(1), message(2)];
    const counts = await database.inTransaction(async (tx) => {
      const own = createOutboxStore(tx, 'shop');
      const counted = async () => (await tx.one(countUpdates)).updates;
      const before = await counted();
      const seen = async () => (await counted()) - before;
      await own.append([one, two]);
      await own.claim({ ownerId: 'relay', shardMax: 100 });
      const claimed = await seen();
      await own.release([two.id], 0);
      const released = await seen();
      await own.remove([one.id]);
      return [claimed, released, await seen()];
    });
    expect(counts).toEqual([2, 3, 3]);
  });

  test('keeps what a claimant that died had claimed: it is missing at its destination then, and due again', async () => {
    const one = message(1);
    await outbox.append([one]);
    expect(await claimAll('dies')).toMatchObject([{ attempts: 1 }]);
    expect(await claimAll('looks for others')).toEqual([]);
    const { id, kind, occurredAt, payload } = one;
    expect(await outbox.publishedBefore('user-changed', 0, 10)).toEqual([{ id, kind, occurredAt, payload }]);
    await outbox.republish([id]);
    expect(await claimAll('takes over')).toMatchObject([{ id, attempts: 2 }]);
  });

  test('takes what a relay of an earlier version had leased and did not publish, when its lease has run out', async () => {
    const one = message(1);
    await outbox.append([one]);
    await database.connection.query(lease(15));
    expect(await claimAll('later')).toEqual([]);
    await database.connection.query(lease(-1));
    expect(await claimAll('later')).toMatchObject([{ id: one.id, attempts: 2 }]);
  });

  test('says when it is about to append, by a store or in a statement of its own, and of another schema nothing', async () => {
    let told = 0;
    const stop = outbox.onAppending(() => (told += 1));
    await outbox.append([message(1)]);
    outboxInsertFragment('shop', [message(2)]);
    outboxInsertFragment('mall', [message(3)]);
    stop();
    await outbox.append([message(4)]);
    expect(told).toBe(2);
  });

  test('takes only from the shards that are asked for', async () => {
    const ends = ['00', '01', '0f'].map((end) => ({ ...message(1), id: randomUUID().slice(0, -2) + end }));
    await outbox.append(ends);
    const taken = await outbox.claim({ ownerId: 'relay', shardMax: 10, shards: [1, 7] });
    expect(new Set(taken.map(({ id }) => id))).toEqual(new Set([ends[1]?.id, ends[2]?.id]));
  });

  test('offers a released event again after the delay, and a published one no more', async () => {
    const [one, two, three] = [message(1), message(2), message(3)];
    await outbox.append([one, two, three]);
    await claimAll('relay');
    await outbox.release([one.id], 0);
    await outbox.release([two.id], 60);
    expect((await claimAll('relay')).map(({ id }) => id)).toEqual([one.id]);
  });

  test('sweeps: what the destination lacks is due again, what it has is removed', async () => {
    const [one, two] = [message(1), message(2)];
    await outbox.append([one, two]);
    await claimAll('relay');
    expect(await outbox.publishedBefore('user-changed', 60, 10)).toEqual([]);
    expect((await outbox.publishedBefore('user-changed', 0, 10)).toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
      [one, two].toSorted((a, b) => a.id.localeCompare(b.id)),
    );
    expect(await outbox.publishedBefore('audit', 0, 10)).toEqual([]);
    await outbox.republish([one.id]);
    await outbox.remove([two.id]);
    expect(await outbox.publishedBefore('user-changed', 0, 10)).toEqual([]);
    expect((await claimAll('relay')).map(({ id }) => id)).toEqual([one.id]);
  });

  test('counts the events that wait and says for how long', async () => {
    expect(await outbox.depth()).toEqual({ waiting: 0, oldestWaitingSeconds: 0 });
    await outbox.append([message(1), message(2)]);
    await database.connection.query(sql.unsafe`UPDATE shop.outbox_events SET created_at = now() - interval '90 seconds'`);
    const depth = await outbox.depth();
    expect(depth.waiting).toBe(2);
    expect(depth.oldestWaitingSeconds).toBeGreaterThanOrEqual(90);
    expect(depth.oldestWaitingSeconds).toBeLessThan(150);
  });

  test('is written in one statement with the change, and not when the change did not happen', async () => {
    const Saved = uncheckedRow({ label: Type.String() });
    const save = (label: string, isAllowed: boolean) => sql.type(Saved)`
      WITH saved AS (INSERT INTO shop.goods (label) SELECT ${label}::text WHERE ${isAllowed}::bool RETURNING label),
           published AS (${outboxInsertFragment('shop', [message(1)], sql.fragment`EXISTS (SELECT 1 FROM saved)`)})
      SELECT label FROM saved`;
    expect(await database.connection.maybeOne(save('refused', false))).toBeNull();
    expect(await outbox.depth()).toMatchObject({ waiting: 0 });
    expect(await database.connection.maybeOne(save('taken', true))).toEqual({ label: 'taken' });
    expect(await outbox.depth()).toMatchObject({ waiting: 1 });
  });

  test('keeps nothing of a transaction that was rolled back', async () => {
    const failing = database.inTransaction(async (tx) => {
      await createOutboxStore(tx, 'shop').append([message(1)]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await outbox.depth()).toEqual({ waiting: 0, oldestWaitingSeconds: 0 });
  });
});
