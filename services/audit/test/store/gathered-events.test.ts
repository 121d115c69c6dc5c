import { randomUUID } from 'node:crypto';
import { countStatements } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { createAuditEvents } from '../../src/store/audit-events.ts';
import { eventOf } from '../contract/fixture.ts';
import { useAuditService } from '../contract/use-audit-service.ts';

const fixture = useAuditService();

test('events that are asked for at a time are one statement, and answered as each of them alone', async () => {
  const events = Array.from({ length: 5 }, () => eventOf({ communityId: randomUUID() }));
  await fixture.report(...events);
  const store = createAuditEvents(fixture.tables.connection);
  const ids = [randomUUID(), ...events.map(({ id }) => id), events[0]?.id ?? ''];
  const { result, statements } = await countStatements(() => Promise.all(ids.map((id) => store.find(id))));
  expect(statements.filter((text) => text.includes('asked_id'))).toHaveLength(1);
  expect(result.map((entry) => entry?.event.id)).toEqual([undefined, ...ids.slice(1)]);
  const alone: unknown[] = [];
  for (const id of ids) alone.push(await store.find(id));
  expect(result).toEqual(alone);
});
