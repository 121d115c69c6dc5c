import { identityOf, startTcpProxy, waitFor } from '@guildhall/testkit';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createConsumer, createPublisher } from '../src/index.ts';
import { backends } from './backends.ts';
import { newAuditEvent } from './audit-event.ts';

const log = pino({ level: 'silent' });
const identity = identityOf('team-resources');

describe.each(backends)('a queue on %s that has fallen silent', (_name, open) => {
  test('is left by the consumer, which takes events again when the queue answers', async () => {
    const queue = await open();
    const { hostname, port } = new URL(queue.url);
    const hole = await startTcpProxy({ target: { host: hostname, port: Number(port) } });
    const publisher = createPublisher({ queueUrl: queue.url, identity, log });
    const taken = new Set<string>();
    let isSilenced = false;
    const consumer = createConsumer({
      queueUrl: hole.url(queue.url),
      kind: 'audit',
      handle: async (messages) => {
        // From here on nothing passes: what the consumer says of this batch is never answered.
        if (!isSilenced) await hole.mode('black-hole');
        isSilenced = true;
        for (const { id } of messages) taken.add(id);
      },
      isReady: () => true,
      publicKeys: identity.publicKeys,
      log,
    });
    onTestFinished(async () => {
      await consumer.close();
      await publisher.close();
      await hole.close();
      await queue.drop();
    });
    await publisher.publish('audit', [newAuditEvent()]);
    await waitFor(() => hole.lost() > 0, { what: 'the consumer to speak into the silence' });
    await hole.mode('pass');
    const next = newAuditEvent();
    await publisher.publish('audit', [next]);
    await waitFor(() => taken.has(next.id), { timeoutMs: 25_000, what: 'the event after the silence' });
    expect(taken.size).toBe(2);
  });
});
