import { randomUUID } from 'node:crypto';
import type { AuditEventMessage, Community } from '@guildhall/contracts';
import { createConsumer, createPublisher, eventDigest } from '@guildhall/events';
import { createLog } from '@guildhall/http';
import { identityOf, waitFor } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { newUser } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const identity = identityOf('auth');
const log = createLog({ service: 'test', level: 'silent' });
const { service, outbox } = useTeamService({ hasQueue: true });

test('what is changed travels to whoever takes audit events', async () => {
  const taken: AuditEventMessage[] = [];
  const handle = async (messages: AuditEventMessage[]): Promise<void> => void taken.push(...messages);
  const audit = createConsumer({
    queueUrl: service.databaseUrl,
    kind: 'audit',
    handle,
    isReady: () => true,
    publicKeys: identity.publicKeys,
    log,
  });
  const owner = newUser();
  const { body } = await service.as(owner)('POST', '/v1/communities', { body: { name: 'Night shift' } });
  const event = await waitFor(() => taken.find(({ payload }) => payload.communityId === (body as Community).id), {
    what: 'the event of the new community',
    timeoutMs: 20_000,
  });
  expect(event).toMatchObject({
    kind: 'audit',
    payload: { actor: { id: owner.userId }, action: 'community.create', result: 'success' },
  });
  await audit.close();
});

test('what is no event of a user is set aside, blocks nobody, and is not asked for again', async () => {
  const publisher = createPublisher({ queueUrl: service.databaseUrl, identity, log });
  const [poison, userId] = [randomUUID(), randomUUID()];
  const good = {
    id: randomUUID(),
    kind: 'user-changed' as const,
    occurredAt: new Date().toISOString(),
    payload: { userId, displayName: 'Grace', version: 1 },
  };
  const bad = { ...good, id: poison, payload: { userId, shape: 'of another time' } } as unknown as typeof good;
  await publisher.publish('user-changed', [bad, good]);
  const known = await waitFor(
    async () => (await outbox.run(`SELECT display_name FROM team.app_users WHERE id = '${userId}'`))[0],
    { what: 'the user to be recorded', timeoutMs: 20_000 },
  );
  expect(known).toEqual({ display_name: 'Grace' });
  const [kept] = await outbox.run(`SELECT raw #>> '{}' AS raw FROM team.rejected_events WHERE id = '${poison}'`);
  expect(JSON.parse(String(kept?.['raw']))).toEqual(bad);
  const { body } = await service.asService('POST', '/internal/events/missing', {
    body: { kind: 'user-changed', events: [bad, good].map((event) => ({ id: event.id, digest: eventDigest(event) })) },
  });
  expect(body).toEqual({ missing: [], altered: [] });
  await publisher.close();
});

test('a user that auth tells of is known by the newest name', async () => {
  const publisher = createPublisher({ queueUrl: service.databaseUrl, identity, log });
  const userId = randomUUID();
  const changed = (version: number, displayName: string) => ({
    id: randomUUID(),
    kind: 'user-changed' as const,
    occurredAt: new Date().toISOString(),
    payload: { userId, displayName, version },
  });
  await publisher.publish('user-changed', [changed(2, 'Ada Lovelace'), changed(1, 'Ada Byron')]);
  const stored = await waitFor(
    async () => (await outbox.run(`SELECT display_name FROM team.app_users WHERE id = '${userId}'`))[0],
    { what: 'the user to be recorded', timeoutMs: 20_000 },
  );
  expect(stored).toEqual({ display_name: 'Ada Lovelace' });
  await publisher.close();
});
