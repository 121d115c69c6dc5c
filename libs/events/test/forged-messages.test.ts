import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { AuditEventMessage, EventKind, OutboxMessage } from '@guildhall/contracts';
import type { ServiceIdentity } from '@guildhall/principal';
import { identityOf, waitFor } from '@guildhall/testkit';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { backendOf, type BatchQueue } from '../src/backend.ts';
import { createConsumer, createPublisher, type MessageOf } from '../src/index.ts';
import { signBatch, type SignedBatch } from '../src/signed-batch.ts';
import { backends, type TestQueue } from './backends.ts';

const log = pino({ level: 'silent' });
const [auth, team] = [identityOf('auth'), identityOf('team-resources')];
const stranger: ServiceIdentity = { ...team, privateKey: generateKeyPairSync('ed25519').privateKey };

const event = (service = 'team-resources'): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: '2026-01-31T08:30:00.000Z',
  payload: {
    actor: { type: 'user', id: 'ada' },
    action: 'role.assign',
    resource: { type: 'user', id: 'mallory' },
    result: 'success',
    requestId: 'r-1',
    service,
  },
});
const renamed = (): OutboxMessage => ({
  id: randomUUID(),
  kind: 'user-changed',
  occurredAt: '2026-01-31T08:30:00.000Z',
  payload: { userId: 'carol', displayName: 'I AM RENAMED BY THE QUEUE', version: Number.MAX_SAFE_INTEGER },
});
const altered = (batch: SignedBatch): SignedBatch => ({ ...batch, text: batch.text.replace('role.assign', 'user.update') });

const notSigned = 'The message cannot be trusted: it is not signed, as messages of earlier versions are not.';
const forged = 'The message cannot be trusted: team-resources has not signed it: it was forged or altered.';

/** Data that whoever reaches the queue may put there, and the reason why it is set aside. */
const forgeries: readonly (readonly [what: string, kind: EventKind, data: () => unknown, reason: string])[] = [
  ['an event without a signature', 'audit', () => ({ messages: [event()] }), notSigned],
  ['nothing', 'audit', () => ({}), notSigned],
  ['null', 'audit', () => null, notSigned],
  ['an event signed with a key of its own', 'audit', () => signBatch(stranger, 'audit', [event()]), forged],
  ['an altered event', 'audit', () => altered(signBatch(team, 'audit', [event()])), forged],
  [
    'the signature of another batch',
    'audit',
    () => ({ ...signBatch(team, 'audit', [event()]), signature: signBatch(team, 'audit', [event()]).signature }),
    forged,
  ],
  [
    'an event that one service signed under the name of another',
    'audit',
    () => ({ ...signBatch(auth, 'audit', [event()]), writer: 'team-resources' }),
    'The message cannot be trusted: it is signed with a key that is none of team-resources.',
  ],
  [
    'an event in the name of another service than the one that signed it',
    'audit',
    () => signBatch(team, 'audit', [event('auth')]),
    'The message cannot be trusted: team-resources has written it in the name of another service.',
  ],
  [
    'an event of a process that writes none',
    'audit',
    () => signBatch(identityOf('gateway'), 'audit', [event('gateway')]),
    'The message cannot be trusted: its writer may not write events of the kind audit.',
  ],
  [
    'a renamed user by a service that has no users',
    'user-changed',
    () => signBatch(team, 'user-changed', [renamed()]),
    'The message cannot be trusted: its writer may not write events of the kind user-changed.',
  ],
  [
    'a batch that was signed for another queue',
    'user-changed',
    () => signBatch(auth, 'audit', [renamed()]),
    'The message cannot be trusted: auth has not signed it: it was forged or altered.',
  ],
];

describe.each(backends)('the queue on %s', (_name, open) => {
  let queue: TestQueue;
  const queues = new Map<EventKind, BatchQueue>();
  beforeAll(async () => {
    queue = await open();
    const backend = backendOf(queue.url, log);
    for (const kind of ['audit', 'user-changed'] as const) queues.set(kind, backend.openQueue(kind));
  });
  afterAll(async () => {
    for (const each of queues.values()) await each.close();
    await queue.drop();
  });

  const put = async (kind: EventKind, data: unknown): Promise<void> => {
    await queues.get(kind)?.addBulk([{ name: kind, data: data as SignedBatch, opts: { removeOnComplete: true } }]);
  };
  const consume = <K extends EventKind>(kind: K) => {
    const taken: MessageOf[K][] = [];
    const setAside: { readonly raw: unknown; readonly reason: string }[] = [];
    const consumer = createConsumer({
      queueUrl: queue.url,
      kind,
      publicKeys: team.publicKeys,
      handle: async (messages) => void taken.push(...messages),
      onRejected: () => {},
      onUnverified: (raw, reason) => void setAside.push({ raw, reason }),
      isReady: () => true,
      log,
    });
    onTestFinished(() => consumer.close());
    return { taken, setAside };
  };

  test.each(forgeries)('brings %s to nobody, and sets it aside without an id of its own', async (_what, kind, data, reason) => {
    const batch = data();
    const { taken, setAside } = consume(kind);
    await put(kind, batch);
    await waitFor(() => setAside.length > 0, { what: 'the dead letter' });
    expect(taken).toEqual([]);
    expect(setAside).toEqual([{ raw: { unverified: expect.stringMatching(/^(\{|null)/) as unknown }, reason }]);
  });

  test('brings what its writer signed, also again and beside forgeries', async () => {
    const { taken, setAside } = consume('audit');
    const [one, two] = [event(), event('auth')];
    const publisher = createPublisher({ queueUrl: queue.url, identity: team, log });
    onTestFinished(() => publisher.close());
    await put('audit', signBatch(auth, 'audit', [two]));
    await put('audit', altered(signBatch(team, 'audit', [one])));
    await publisher.publish('audit', [one]);
    await put('audit', signBatch(team, 'audit', [one]));
    await waitFor(() => taken.length === 3 && setAside.length === 1, { what: 'all of them' });
    expect(taken.filter(({ id }) => id === one.id)).toEqual([one, one]);
    expect(taken.filter(({ id }) => id === two.id)).toEqual([two]);
  });

  test('keeps of a forgery no more than a few thousand characters', async () => {
    const { setAside } = consume('audit');
    await put('audit', { messages: 'x'.repeat(100_000) });
    await waitFor(() => setAside.length > 0, { what: 'the dead letter' });
    expect(JSON.stringify(setAside).length).toBeLessThan(20_000);
  });
});
