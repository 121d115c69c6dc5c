import { randomUUID } from 'node:crypto';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActivities } from '../../src/store/activities.ts';
import { openTeamDatabase, seedCommunity, type TeamDatabase } from '../support/team-database.ts';

let team: TeamDatabase;

beforeAll(async () => {
  team = await openTeamDatabase();
});
afterAll(() => team.close());

const dayMs = 24 * 60 * 60 * 1000;
const daysAgo = (days: number): string => new Date(Date.now() - days * dayMs).toISOString();
const IdRow = uncheckedRow({ id: Type.String() });

test('old activities are purged in batches, contributions once their community does not count them any more', async () => {
  const activities = createActivities(team.database.connection);
  const { communityId } = await seedCommunity(team.database);
  await team.database.connection.query(sql.unsafe`
    UPDATE team.communities SET non_contribution_threshold_days = 100 WHERE id = ${communityId}`);
  const done = (days: number, isContribution: boolean) => ({
    id: randomUUID(),
    communityId,
    userId: 'ada',
    action: 'script.update',
    resource: { type: 'script', id: randomUUID() },
    isShown: true,
    isContribution,
    occurredAt: daysAgo(days),
  });
  const [fresh, counted] = [done(30, false), done(99, true)];
  const old = [done(40, false), done(41, false), done(101, true)];
  await activities.record([fresh, counted, ...old]);
  expect(await activities.purgeDoneBefore(daysAgo(31), 2)).toBe(2);
  expect(await activities.purgeDoneBefore(daysAgo(31), 2)).toBe(1);
  expect(await activities.purgeDoneBefore(daysAgo(31), 2)).toBe(0);
  const kept = await team.database.connection.any(sql.type(IdRow)`
    SELECT id FROM team.activities WHERE community_id = ${communityId} ORDER BY occurred_at`);
  expect(kept.map(({ id }) => id)).toEqual([counted.id, fresh.id]);
});
