import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AuditEventMessage } from '@guildhall/contracts';
import { createOutboxStore, sql, uncheckedRow } from '@guildhall/db';
import { Client } from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { activityOf, visibilities } from '../../src/core/activities.ts';
import { createActivities } from '../../src/store/activities.ts';
import { auditEvent } from '../support/planned/frame.ts';
import { openTeamDatabase, seedCommunity, type TeamDatabase } from '../support/team-database.ts';

let team: TeamDatabase;

beforeAll(async () => {
  team = await openTeamDatabase();
});
afterAll(() => team.close());

const dayMs = 24 * 60 * 60 * 1000;
const daysAgo = (days: number): string => new Date(Date.now() - days * dayMs).toISOString();
const IdRow = uncheckedRow({ id: Type.String() });
const CopiedRow = uncheckedRow({
  id: Type.String(),
  communityId: Type.String(),
  userId: Type.String(),
  action: Type.String(),
  resourceType: Type.String(),
  resourceId: Type.String(),
  resourceName: Type.Union([Type.String(), Type.Null()]),
  isShown: Type.Boolean(),
  isContribution: Type.Boolean(),
});

test('old activities are purged in batches, contributions once their community does not count them any more', async () => {
  const activities = createActivities(team.database.connection);
  const { communityId } = await seedCommunity(team.database);
  await team.database.connection.query(sql.unsafe`
    UPDATE team.communities SET non_contribution_threshold_days = 100 WHERE id = ${communityId}`);
  const done = async (days: number, isContribution: boolean): Promise<string> => {
    const id = randomUUID();
    await team.database.connection.query(sql.unsafe`
      INSERT INTO team.activities (id, community_id, user_id, action, resource_type, resource_id, is_shown, is_contribution, occurred_at)
      VALUES (${id}::uuid, ${communityId}::uuid, 'ada', 'script.update', 'script', 'x', true, ${isContribution}, ${daysAgo(days)}::timestamptz)`);
    return id;
  };
  const [fresh, counted] = [await done(30, false), await done(99, true)];
  for (const [days, isContribution] of [
    [40, false],
    [41, false],
    [101, true],
  ] as const)
    await done(days, isContribution);
  expect(await activities.purgeDoneBefore(daysAgo(31), 2)).toBe(2);
  expect(await activities.purgeDoneBefore(daysAgo(31), 2)).toBe(1);
  expect(await activities.purgeDoneBefore(daysAgo(31), 2)).toBe(0);
  const kept = await team.database.connection.any(sql.type(IdRow)`
    SELECT id FROM team.activities WHERE community_id = ${communityId} ORDER BY occurred_at`);
  expect(kept.map(({ id }) => id)).toEqual([counted, fresh]);
});

/** Rows in the order of their ids. */
const inOrder = (rows: readonly { readonly id?: string }[]) =>
  rows.toSorted((one, other) => ((one.id ?? '') < (other.id ?? '') ? -1 : 1));

/** The nouns that came after the migration: no event of theirs can have waited for it. */
const laterNouns: ReadonlySet<string> = new Set(['control-m-document']);

test('what waited in the outbox when activities began to be recorded with their change is copied once, as it would have been recorded', async () => {
  const { communityId, owner } = await seedCommunity(team.database);
  const { connection } = team.database;
  const eventOf = (action: string, name: string, fields: object = {}): AuditEventMessage => {
    const [type = ''] = action.split('.');
    const payload = {
      actor: { type: 'user', id: owner },
      action,
      resource: { type, id: randomUUID(), name },
      communityId,
      ...fields,
    };
    return { ...auditEvent(), payload: { result: 'success', requestId: 'x', service: 'test', ...payload } } as AuditEventMessage;
  };
  const nouns = Object.keys(visibilities).filter((noun) => !laterNouns.has(noun));
  const events = [...nouns.map((noun) => eventOf(`${noun}.update`, 'Name')), eventOf('invite.accept', 'Name')];
  const others = [
    eventOf('council.update', 'x', { result: 'denied' }),
    eventOf('council.update', 'x', { actor: { type: 'system', id: 'erasure' } }),
    eventOf('council.update', 'x', { communityId: undefined }),
    eventOf('council.update', 'x', { communityId: randomUUID() }),
  ];
  await createOutboxStore(connection, 'team').append([...events, ...others]);
  const copy = readFileSync(new URL('../../migrations/0069_copy_waiting_events_into_activities.up.sql', import.meta.url), 'utf8');
  const client = new Client({ connectionString: team.url });
  await client.connect();
  for (let time = 0; time < 2; time += 1) await client.query(copy);
  await client.end();
  const found = await connection.any(sql.type(CopiedRow)`
    SELECT id, community_id, user_id, action, resource_type, resource_id, resource_name, is_shown, is_contribution
    FROM team.activities WHERE community_id = ${communityId}::uuid`);
  const copied = found.map(({ resourceType, resourceId, resourceName, ...rest }) => ({
    ...rest,
    resource: { type: resourceType, id: resourceId, ...(resourceName === null ? {} : { name: resourceName }) },
  }));
  const expected = events.map((event) => activityOf(event)).map((activity) => ({ ...activity, occurredAt: undefined }));
  expect(inOrder(copied)).toEqual(inOrder(expected));
});
