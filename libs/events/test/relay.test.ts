import { randomUUID } from 'node:crypto';
import type { OutboxMessage } from '@guildhall/contracts';
import { createOutboxStore, createSharedDatabase, sql, uncheckedRow, type OutboxStore, type SharedDatabase } from '@guildhall/db';
import { freshDatabase, waitFor, type FreshDatabase } from '@guildhall/testkit';
import { pino } from 'pino';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createRelay, eventDigest, type Relay, type RelayParts } from '../src/index.ts';

const log = pino({ level: 'silent' });
let fresh: FreshDatabase;
let database: SharedDatabase;
let outbox: OutboxStore;

beforeAll(async () => {
  fresh = await freshDatabase({ services: ['team-resources'] });
  database = createSharedDatabase({ url: fresh.url, schema: 'team', applicationName: 'test', migrationsExpected: [], log });
  await waitFor(() => database.state().status === 'ready');
  outbox = createOutboxStore(database.connection, 'team');
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const message = (): OutboxMessage => ({
  id: randomUUID(),
  kind: 'user-changed',
  occurredAt: '2026-01-31T08:30:00.000Z',
  payload: { userId: 'ada', displayName: 'Ada', version: 1 },
});

const queueIsAway = async (): Promise<never> => {
  throw new Error('the queue is away');
};

const emptyQueue = { oldestWaitingSeconds: async () => 0, depth: async () => 0 };

/** A relay on the real outbox, closed with the test; what it publishes is kept in `published`. */
const run = (parts: Partial<RelayParts> = {}): { relay: Relay; published: string[] } => {
  const published: string[] = [];
  const relay = createRelay({
    outbox,
    publisher: { ...emptyQueue, publish: async (_kind, messages) => void published.push(...messages.map(({ id }) => id)) },
    kinds: ['audit', 'user-changed'],
    ownerId: randomUUID(),
    confirm: async () => ({ missing: [], altered: [] }),
    isReady: () => true,
    log,
    sweepEveryMs: 20,
    // Longer than it takes to publish what a claim has marked.
    confirmAfterSeconds: 0.3,
    ...parts,
  });
  onTestFinished(() => relay.close());
  return { relay, published };
};

/** One statement, because an event that is published again between two would be missed by both: by the first as published, by the second as waiting. */
const isEmpty = async (): Promise<boolean> =>
  (await database.connection.query(sql.unsafe`SELECT id FROM team.outbox_events LIMIT 1`)).rowCount === 0;

test('publishes what the outbox holds, and removes what its destination has', async () => {
  const messages = Array.from({ length: 250 }, message);
  await outbox.append(messages);
  const { published } = run();
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  expect(published.toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
});

test('publishes again what its destination lacks, until it has it', async () => {
  const [lost, stored] = [message(), message()];
  await outbox.append([lost, stored]);
  let asked = 0;
  const { published } = run({
    confirm: async (_kind, events) => {
      asked += 1;
      return { missing: asked === 1 ? events.map(({ id }) => id).filter((id) => id === lost.id) : [], altered: [] };
    },
  });
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  expect(published.filter((id) => id === stored.id)).toEqual([stored.id]);
  expect(published.filter((id) => id === lost.id).length).toBeGreaterThanOrEqual(1);
  expect(new Set(published)).toEqual(new Set([lost.id, stored.id]));
});

test('asks for nothing that may still wait in the queue, however long that takes, and for all of it afterwards', async () => {
  const one = message();
  await outbox.append([one]);
  let waitedSeconds = 60;
  let looks = 0;
  const asked: string[] = [];
  const published: string[] = [];
  run({
    publisher: {
      publish: async (_kind, messages) => void published.push(...messages.map(({ id }) => id)),
      oldestWaitingSeconds: async () => {
        looks += 1;
        return waitedSeconds;
      },
      depth: emptyQueue.depth,
    },
    confirm: async (_kind, events) => {
      asked.push(...events.map(({ id }) => id));
      return { missing: [], altered: [] };
    },
  });
  await waitFor(() => published.length === 1);
  looks = 0;
  await waitFor(() => looks >= 5, { what: 'some sweeps to pass' });
  expect(asked).toEqual([]);
  waitedSeconds = 0;
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  expect([asked, published]).toEqual([[one.id], [one.id]]);
});

test('keeps events while the queue is away, and publishes them when it is back', async () => {
  const one = message();
  await outbox.append([one]);
  let tries = 0;
  const published: string[] = [];
  run({
    publisher: {
      ...emptyQueue,
      publish: async (_kind, messages) => {
        tries += 1;
        if (tries === 1) throw new Error('the queue is away');
        published.push(...messages.map(({ id }) => id));
      },
    },
  });
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  expect(published).toEqual([one.id]);
});

test('lets every event go that it claimed when the queue goes away, not those of the kind alone that it was publishing', async () => {
  const [ofOne, ofAnother] = [{ ...message(), kind: 'audit' as const } as OutboxMessage, message()];
  await outbox.append([ofOne, ofAnother]);
  const released: string[] = [];
  const { published } = run({
    outbox: {
      ...outbox,
      release: async (ids, delaySeconds) => {
        released.push(...ids);
        await outbox.release(ids, delaySeconds);
      },
    },
    publisher: {
      ...emptyQueue,
      publish: async (_kind, messages) => {
        if (released.length === 0) throw new Error('the queue is away');
        published.push(...messages.map(({ id }) => id));
      },
    },
  });
  await waitFor(() => released.length > 0);
  expect(released.toSorted()).toEqual([ofOne.id, ofAnother.id].toSorted());
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  expect(published.toSorted()).toEqual(released.toSorted());
});

test('keeps an event in whose place its destination holds another, says so at level error, and asks by a digest of the whole event', async () => {
  const [genuine, stored] = [message(), message()];
  await outbox.append([genuine, stored]);
  const lines: Record<string, unknown>[] = [];
  const loud = pino({ level: 'error' }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) });
  const asked = new Map<string, string>();
  const { relay, published } = run({
    log: loud,
    confirm: async (_kind, events) => {
      for (const { id, digest } of events) asked.set(id, digest);
      return { missing: [], altered: events.map(({ id }) => id).filter((id) => id === genuine.id) };
    },
  });
  await waitFor(() => published.filter((id) => id === genuine.id).length > 1, { what: 'it to be published again' });
  await relay.close();
  expect(asked.get(genuine.id)).toBe(eventDigest(genuine));
  expect(eventDigest({ ...genuine, payload: { ...genuine.payload, displayName: 'Eve' } })).not.toBe(eventDigest(genuine));
  expect(lines[0]).toMatchObject({ kind: 'user-changed', ids: [genuine.id] });
  const left = await database.connection.any(sql.type(uncheckedRow({ id: Type.String() }))`SELECT id FROM team.outbox_events`);
  expect(left).toEqual([{ id: genuine.id }]);
  await outbox.remove([genuine.id]);
});

test('keeps published events while their destination cannot be asked', async () => {
  const one = message();
  await outbox.append([one]);
  let asked = 0;
  const { published } = run({
    confirm: async () => {
      asked += 1;
      throw new Error('the destination is away');
    },
  });
  await waitFor(() => asked >= 3, { what: 'the sweep to have asked' });
  expect(published).toEqual([one.id]);
  expect(await outbox.publishedBefore('user-changed', 0, 10)).toEqual([one]);
  await outbox.remove([one.id]);
});

/** An audit event, and an event of another kind that occurred after it. */
const twoKinds = (): [OutboxMessage, OutboxMessage] => [
  { ...message(), kind: 'audit', occurredAt: '2026-01-31T08:29:00.000Z' } as OutboxMessage,
  message(),
];
const waitingIds = async (): Promise<readonly string[]> => {
  const rows = await database.connection.any(
    sql.type(uncheckedRow({ id: Type.String() }))`SELECT id FROM team.outbox_events ORDER BY occurred_at, id`,
  );
  return rows.map(({ id }) => id);
};

test('a destination that is away holds up no other: it is asked less and less often, and gets its events when it is back', async () => {
  const [kept, other] = twoKinds();
  await outbox.append([kept]);
  const askedAt: number[] = [];
  let isAway = true;
  const { published } = run({
    confirm: async (kind) => {
      if (kind !== 'audit') return { missing: [], altered: [] };
      askedAt.push(performance.now());
      if (isAway) throw new Error('audit is away');
      return { missing: [], altered: [] };
    },
  });
  await waitFor(() => askedAt.length > 0, { what: 'the first destination to be asked' });
  await outbox.append([other]);
  await waitFor(async () => published.includes(other.id) && (await waitingIds()).join() === kept.id, { what: 'the other to go' });
  await waitFor(() => askedAt.length > 4, { what: 'it to be asked again' });
  const pauses = askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? at));
  expect(pauses.slice(0, 3).map((ms, index) => ms >= 20 * 2 ** index - 1)).toEqual([true, true, true]);
  isAway = false;
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
});

test('a kind that cannot be published holds up no other', async () => {
  const [kept, other] = twoKinds();
  await outbox.append([kept, other]);
  const published: string[] = [];
  let isAway = true;
  run({
    publisher: {
      ...emptyQueue,
      publish: async (kind, messages) => {
        if (isAway && kind === 'audit') throw new Error('the queue of this kind is away');
        published.push(...messages.map(({ id }) => id));
      },
    },
  });
  await waitFor(async () => (await waitingIds()).join() === kept.id, { what: 'the other to go' });
  expect(published).toEqual([other.id]);
  isAway = false;
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  expect(published).toEqual([other.id, kept.id]);
});

test('two relays on one outbox publish no event twice', async () => {
  const messages = Array.from({ length: 400 }, message);
  await outbox.append(messages);
  const [first, second] = [run(), run()];
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  expect([...first.published, ...second.published].toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
});

test('wake publishes at once instead of at the next poll', async () => {
  const { relay, published } = run();
  await waitFor(isEmpty);
  const one = message();
  await outbox.append([one]);
  relay.wake();
  await waitFor(() => published.length === 1, { what: 'the event' });
  expect(published).toEqual([one.id]);
});

test('what nobody takes waits in the outbox once its queue is full, and holds up no other kind; then it goes', async () => {
  const [slow, quick] = [{ ...message(), kind: 'audit' as const } as OutboxMessage, message()];
  let waiting = 20;
  const published: string[] = [];
  const publisher = {
    ...emptyQueue,
    depth: async (kind: string) => (kind === 'audit' ? waiting : 0),
    publish: async (_kind: string, messages: readonly OutboxMessage[]) => void published.push(...messages.map(({ id }) => id)),
  };
  await outbox.append([slow, quick]);
  const { relay } = run({ publisher, waitingJobsMax: 20 });
  await waitFor(() => published.length > 0, { what: 'the event of the other kind' });
  const later = message();
  await outbox.append([later]);
  relay.wake();
  await waitFor(() => published.length > 1, { what: 'another one of it' });
  expect(published).toEqual([quick.id, later.id]);
  waiting = 19;
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  expect(published).toEqual([quick.id, later.id, slow.id]);
});

test('what is committed shortly after one another goes together', async () => {
  const publishedAt: number[] = [];
  const publish = async (): Promise<void> => void publishedAt.push(performance.now());
  const { relay } = run({ publisher: { ...emptyQueue, publish } });
  for (let count = 0; count < 60; count += 1) {
    await outbox.append([message()]);
    relay.wake();
  }
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  const pauses = publishedAt.slice(1).map((at, index) => at - (publishedAt[index] ?? at));
  // A timer of 25 ms may be a millisecond early.
  expect(pauses.filter((ms) => ms < 24)).toEqual([]);
});

test('publishes soon what is appended by no request, and so nobody wakes it for', async () => {
  const { published } = run();
  await waitFor(isEmpty);
  const one = message();
  await outbox.append([one]);
  await waitFor(() => published.length === 1, { timeoutMs: 1_000, what: 'the event' });
  expect(published).toEqual([one.id]);
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
});

test('asks a queue for nothing while nothing is published into it, and for its depth when somebody wants it', async () => {
  let asked = 0;
  const publisher = {
    publish: async () => undefined,
    depth: async () => ((asked += 1), 3),
    oldestWaitingSeconds: async () => ((asked += 1), 0),
  };
  let claims = 0;
  const counted = { ...outbox, claim: (options: Parameters<typeof outbox.claim>[0]) => ((claims += 1), outbox.claim(options)) };
  const { relay } = run({ publisher, outbox: counted });
  await waitFor(() => claims >= 3, { what: 'some polls' });
  expect(asked).toBe(2);
  expect(await relay.depths()).toEqual([
    { kind: 'audit', jobs: 3 },
    { kind: 'user-changed', jobs: 3 },
  ]);
});

test('asks the queue before it claims again, once publishing has failed', async () => {
  const one = message();
  await outbox.append([one]);
  let isAway = true;
  let claims = 0;
  const counted = { ...outbox, claim: (options: Parameters<typeof outbox.claim>[0]) => ((claims += 1), outbox.claim(options)) };
  let looks = 0;
  const { relay } = run({
    outbox: counted,
    publisher: {
      ...emptyQueue,
      depth: async () => {
        looks += 1;
        return looks > 3 && isAway ? queueIsAway() : 0;
      },
      publish: () => (isAway ? queueIsAway() : Promise.resolve()),
    },
  });
  await waitFor(() => looks >= 5, { what: 'the queue to be asked again' });
  expect(claims).toBe(1);
  expect((await outbox.depth()).waiting).toBe(1);
  isAway = false;
  await waitFor(isEmpty, { what: 'the outbox to be empty' });
  await relay.close();
});

test('does nothing while the outbox cannot be read', async () => {
  const one = message();
  await outbox.append([one]);
  const { relay, published } = run({ isReady: () => false });
  relay.wake();
  await relay.close();
  expect(published).toEqual([]);
  expect((await outbox.depth()).waiting).toBe(1);
  await outbox.remove([one.id]);
});
