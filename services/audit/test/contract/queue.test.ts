import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditStatus, OutboxMessage } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { createPublisher, type Publisher } from '@guildhall/events';
import { identityOf, waitFor } from '@guildhall/testkit';
import { Type } from 'typebox';
import { anyCheck, anyCheckpoint, anyTime, eventOf, idsOf, startFixture, storedOf, type Fixture } from './fixture.ts';

let fixture: Fixture;
let publisher: Publisher;
beforeAll(async () => {
  fixture = await startFixture({ hasQueue: true });
  publisher = createPublisher({
    queueUrl: fixture.config.queueUrl ?? '',
    identity: identityOf('team-resources'),
    log: fixture.log,
  });
});
afterAll(async () => {
  await publisher.close();
  await fixture.close();
});

const Count = uncheckedRow({ count: Type.Integer() });
const storedIn = async (community: string): Promise<number> =>
  (
    await fixture.tables.connection.one(
      sql.type(Count)`SELECT count(*)::int8 AS count FROM audit.audit_events WHERE community_id = ${community}::uuid`,
    )
  ).count;
const statusOf = async (): Promise<AuditStatus> => (await fixture.read<AuditStatus>('/v1/audit/status')).body;
const arrived = (count: number) =>
  waitFor(async () => {
    const { received, queueWaiting } = await statusOf();
    return received >= count && queueWaiting === 0;
  });

describe('events from the queue', () => {
  test('are stored exactly once, though delivered twice, in overlapping batches and in any order', async () => {
    const communityId = randomUUID();
    const events = Array.from({ length: 60 }, (_, index) =>
      eventOf({ communityId, occurredAt: `2026-03-01T10:00:${String(index).padStart(2, '0')}.000Z` }),
    );
    const before = await statusOf();
    await Promise.all([
      publisher.publish('audit', events.slice(20)),
      publisher.publish('audit', events.toReversed()),
      publisher.publish('audit', [...events.slice(0, 40), ...events.slice(0, 40)]),
      publisher.publish('audit', events),
    ]);
    await arrived(before.received + 40 + 60 + 80 + 60);
    expect(await storedIn(communityId)).toBe(60);
    const { body } = await fixture.readCommunity(communityId, '?limit=100');
    expect(body.items).toEqual(events.map(storedOf).toReversed());
    const after = await statusOf();
    expect(after).toEqual({
      stored: before.stored + 60,
      received: before.received + 240,
      queueWaiting: 0,
      lastRecordedAt: anyTime,
      log: { size: before.stored + 60, unsequenced: 0, oldestUnsequencedAt: null, waiting: 0, checkpoint: anyCheckpoint },
      outboxes: [
        { service: 'auth', waiting: null, oldestWaitingSeconds: null },
        { service: 'team-resources', waiting: null, oldestWaitingSeconds: null },
      ],
      check: anyCheck,
      faults: [],
    });
    expect(await fixture.metric('audit_events_received_total')).toBe(after.received);
    expect(await fixture.metric('audit_events_stored_total')).toBe(after.stored);
  });

  test('do not wait behind what is no event or cannot be stored: that is set aside with its reason', async () => {
    const communityId = randomUUID();
    const Kept = uncheckedRow({ raw: Type.Unknown(), reason: Type.String() });
    const [good, poison] = [eventOf({ communityId }), eventOf({ communityId, occurredAt: '1815-12-10T00:00:00.000Z' })];
    const malformed = { ...eventOf({ communityId }), kind: 'rumour' };
    const nothing = { rumour: randomUUID() };
    const { received } = await statusOf();
    const batch = [malformed, poison, nothing, good] as unknown as OutboxMessage[];
    await publisher.publish('audit', batch);
    await publisher.publish('audit', batch);
    await arrived(received + 8);
    expect(idsOf(await fixture.readCommunity(communityId))).toEqual([good.id]);
    const kept = await fixture.tables.connection.any(
      sql.type(Kept)`SELECT raw, reason FROM audit.rejected_events ORDER BY reason, id`,
    );
    expect(kept.filter(({ reason }) => reason.startsWith('The database'))).toEqual([
      { raw: poison, reason: 'The database rejects a value of the event (23514).' },
    ]);
    const others = kept.filter(({ reason }) => !reason.startsWith('The database')).map(({ raw }) => raw);
    expect(others).toHaveLength(2);
    expect(others).toEqual(expect.arrayContaining([malformed, nothing]));
    expect(await fixture.metric('audit_events_rejected_total')).toBe(3);
  });
});
