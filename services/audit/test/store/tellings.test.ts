import { randomUUID } from 'node:crypto';
import { sql } from '@guildhall/db';
import { expect, test } from 'vitest';
import { createRemovableEvents } from '../../src/store/retention.ts';
import { eventOf } from '../contract/fixture.ts';
import { recordAll, useLogDatabase } from '../contract/log-database.ts';

const database = useLogDatabase();

const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;

test('the events that tell of removals are read page by page, the newest first, and those of other services not at all', async () => {
  const events = [1, 2, 3].map((second) => eventOf({ communityId: randomUUID(), occurredAt: at(second) }));
  const [oldest, middle, newest] = events.map(({ id }) => id);
  await recordAll(database.startSequencer(), [...events, eventOf({ occurredAt: at(4) })]);
  const { connection } = database;
  await connection.query(sql.unsafe`
    UPDATE audit.audit_events SET action = 'audit.prune', service = CASE WHEN id = ANY(${sql.array(
      events.map(({ id }) => id),
      'uuid',
    )}) THEN 'audit' ELSE service END`);
  const { tellings } = createRemovableEvents(connection);
  const first = await tellings('audit.prune', null, 1);
  expect(first.map(({ event }) => event.id)).toEqual([newest]);
  expect((await tellings('audit.prune', first[0] ?? null, 10)).map(({ event }) => event.id)).toEqual([middle, oldest]);
});
