import type { AuditEventMessage } from '@guildhall/contracts';
import { identityOf, waitFor } from '@guildhall/testkit';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConsumer, createPublisher, type Consumer, type Publisher } from '../src/index.ts';
import { backends, type TestQueue } from './backends.ts';
import { newAuditEvent } from './audit-event.ts';

const log = pino({ level: 'silent' });
const identity = identityOf('team-resources');
const { publicKeys } = identity;

describe.each(backends)('a queue on %s', (_name, open) => {
  let queue: TestQueue;
  let publisher: Publisher;
  const consumers: Consumer[] = [];

  beforeAll(async () => {
    queue = await open();
    publisher = createPublisher({ queueUrl: queue.url, identity, log });
  });
  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await publisher.close();
    await queue.drop();
  });

  const consume = (parts: Partial<Parameters<typeof createConsumer<'audit'>>[0]>): Consumer => {
    const consumer = createConsumer({
      queueUrl: queue.url,
      kind: 'audit',
      handle: async () => {},
      isReady: () => true,
      publicKeys,
      log,
      ...parts,
    });
    consumers.push(consumer);
    return consumer;
  };

  test('tells for how long its oldest job has waited, and nothing once it is done', async () => {
    expect(await publisher.oldestWaitingSeconds('audit')).toBe(0);
    for (let count = 0; count < 3; count += 1) await publisher.publish('audit', [newAuditEvent()]);
    const first = performance.now();
    await waitFor(() => performance.now() - first > 300);
    await publisher.publish('audit', [newAuditEvent()]);
    expect(await publisher.oldestWaitingSeconds('audit')).toBeGreaterThanOrEqual(0.3);
    const consumer = consume({});
    await waitFor(async () => (await publisher.oldestWaitingSeconds('audit')) === 0, { what: 'the queue to be empty' });
    await consumer.close();
  });

  test('brings every published event to the consumer, in batches', async () => {
    const taken: AuditEventMessage[] = [];
    const batches: number[] = [];
    const handle = async (messages: AuditEventMessage[]): Promise<void> => {
      batches.push(messages.length);
      taken.push(...messages);
    };
    const consumer = consume({ handle });
    const events = Array.from({ length: 250 }, () => newAuditEvent());
    await publisher.publish('audit', events);
    await waitFor(() => taken.length === events.length, { what: 'every event' });
    expect(taken.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(events.toSorted((a, b) => a.id.localeCompare(b.id)));
    expect(batches.toSorted((a, b) => a - b)).toEqual([50, 100, 100]);
    expect(consumer.received()).toBe(250);
    await waitFor(async () => (await publisher.depth('audit')) === 0, { what: 'the queue to be empty' });
    await consumer.close();
  });

  test('gives a batch again when taking it failed, and does not lose it', async () => {
    let attempts = 0;
    const taken: string[] = [];
    const consumer = consume({
      handle: async (messages) => {
        attempts += 1;
        if (attempts < 3) throw new Error('the database is away for a moment');
        taken.push(...messages.map(({ id }) => id));
      },
    });
    const one = newAuditEvent();
    await publisher.publish('audit', [one]);
    await waitFor(() => taken.length === 1, { what: 'the third attempt' });
    expect(taken).toEqual([one.id]);
    expect(attempts).toBe(3);
    await consumer.close();
  });

  test('sets aside what is not an event, and delivers what stands beside it', async () => {
    const taken: string[] = [];
    const rejected: unknown[] = [];
    const consumer = consume({
      handle: async (messages) => void taken.push(...messages.map(({ id }) => id)),
      onRejected: (raw) => void rejected.push(raw),
    });
    const good = newAuditEvent();
    const poison = { ...newAuditEvent(), payload: { secret: 'x' } } as unknown as AuditEventMessage;
    await publisher.publish('audit', [poison, good]);
    await waitFor(() => taken.length === 1, { what: 'the good one' });
    expect(taken).toEqual([good.id]);
    expect(rejected).toEqual([poison]);
    await consumer.close();
  });

  test('takes nothing while it is not ready, and everything once it is', async () => {
    let isReady = false;
    const taken: string[] = [];
    const consumer = consume({
      isReady: () => isReady,
      handle: async (messages) => void taken.push(...messages.map(({ id }) => id)),
    });
    const one = newAuditEvent();
    await publisher.publish('audit', [one]);
    expect(await publisher.depth('audit')).toBe(1);
    expect(taken).toEqual([]);
    isReady = true;
    await waitFor(() => taken.length === 1, { what: 'the event' });
    expect(taken).toEqual([one.id]);
    await consumer.close();
  });
});

describe('a queue that is not there', () => {
  test.each(['postgres://nobody@127.0.0.1:1/nothing', 'redis://127.0.0.1:1'])(
    'refuses to take events from %s, and ends nothing',
    async (queueUrl) => {
      const publisher = createPublisher({ queueUrl, identity, log });
      await expect(publisher.publish('audit', [newAuditEvent()])).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      await publisher.close();
      const consumer = createConsumer({ queueUrl, kind: 'audit', handle: async () => {}, isReady: () => true, publicKeys, log });
      await consumer.close();
      expect(consumer.received()).toBe(0);
    },
  );

  test('is refused at once when its scheme is unknown', () => {
    expect(() => createPublisher({ queueUrl: 'amqp://127.0.0.1', identity, log })).toThrow('QUEUE_URL must begin with redis://');
  });
});
