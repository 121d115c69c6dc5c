import { randomUUID } from 'node:crypto';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erasureOf } from '../../src/core/erase-user.ts';
import { rebuildAppUsers } from '../../src/core/rebuild-app-users.ts';
import { storesOn } from '../../src/store/stores.ts';
import { anyEvent } from '../support/audit-events.ts';
import { openTeamDatabase, seedCommunity, seedMember, type TeamDatabase } from '../support/team-database.ts';

let team: TeamDatabase;
beforeAll(async () => {
  team = await openTeamDatabase();
});
afterAll(() => team.close());

const newId = (): string => randomUUID();
const erasureAt = (userId: string) =>
  erasureOf({ userId, version: 2 }, { eventId: null, requestId: 'test', at: new Date().toISOString(), newId });
const RoleRow = uncheckedRow({ userId: Type.String(), role: Type.String() });
const rolesOf = (communityId: string) =>
  team.database.connection.any(sql.type(RoleRow)`
    SELECT user_id, role FROM team.resource_memberships
    WHERE resource_id = ${communityId}::uuid AND deleted_at IS NULL ORDER BY user_id`);

test('two owners who are erased at once leave one heir, every time', async () => {
  const { erasures } = storesOn(team.database);
  for (let round = 0; round < 10; round += 1) {
    const { communityId, owner } = await seedCommunity(team.database);
    const [second, heir] = [randomUUID(), randomUUID()];
    await seedMember(team.database, communityId, second, 'owner');
    await seedMember(team.database, communityId, heir, 'member');
    await Promise.all([owner, second].map((userId) => erasures.erase(erasureAt(userId))));
    expect(await rolesOf(communityId)).toEqual([{ userId: heir, role: 'owner' }]);
  }
});

test('a change that names a member while they are erased leaves no name behind', async () => {
  const { erasures } = storesOn(team.database);
  const { communityId, owner } = await seedCommunity(team.database);
  const gone = randomUUID();
  await seedMember(team.database, communityId, gone, 'member');
  const other = new Client({ connectionString: team.url });
  await other.connect();
  // As a change of the member does: the community is locked, the membership read, and the activity recorded with the name.
  await other.query('BEGIN');
  await other.query('SELECT id FROM team.communities WHERE id = $1 FOR UPDATE', [communityId]);
  await other.query('SELECT role FROM team.resource_memberships WHERE resource_id = $1 AND user_id = $2 AND deleted_at IS NULL', [
    communityId,
    gone,
  ]);
  await other.query(
    `INSERT INTO team.activities (id, community_id, user_id, action, resource_type, resource_id, resource_name, is_shown, is_contribution, occurred_at)
     VALUES ($1, $2, $3, 'member.update', 'member', $4, 'Grace', true, false, now())`,
    [randomUUID(), communityId, owner, gone],
  );
  const erased = erasures.erase(erasureAt(gone));
  const WaitingRow = uncheckedRow({ count: Type.Integer() });
  const isWaiting = async () =>
    (
      await team.database.connection.one(sql.type(WaitingRow)`
        SELECT count(*)::int8 AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
    ).count > 0;
  await waitFor(isWaiting, { what: 'the erasure to wait for the change' });
  await other.query('COMMIT');
  await erased;
  const { rows } = await other.query('SELECT resource_name FROM team.activities WHERE community_id = $1', [communityId]);
  await other.end();
  expect(rows).toEqual([{ resource_name: null }]);
});

test('whoever founds a community while they are erased is not in it afterwards', async () => {
  const { communities, erasures } = storesOn(team.database);
  const MembershipRow = uncheckedRow({ count: Type.Integer() });
  for (let round = 0; round < 20; round += 1) {
    const userId = randomUUID();
    const at = new Date().toISOString();
    const [id, founder] = [randomUUID(), { userId, displayName: 'Grace' }];
    const community = { id, name: 'x', description: '', createdAt: at } as Parameters<typeof communities.insert>[0]['community'];
    await Promise.all([
      erasures.erase(erasureAt(userId)),
      communities.insert({ community, founder, event: anyEvent(), remembered: null }),
    ]);
    expect(
      await team.database.connection.one(sql.type(MembershipRow)`
        SELECT count(*) AS count FROM team.resource_memberships WHERE user_id = ${userId} AND deleted_at IS NULL`),
    ).toEqual({ count: 0 });
  }
});

test('a rebuild erases whom auth lists as erased, once, and takes back an erasure that never was', async () => {
  const { communityId, owner } = await seedCommunity(team.database);
  const gone = randomUUID();
  await seedMember(team.database, communityId, gone, 'admin');
  await team.database.connection.query(sql.unsafe`
    UPDATE team.app_users SET display_name = 'Erased user', erased_at = now(), version = 1 WHERE id = ${owner}`);
  const users = [
    { userId: owner, displayName: 'Ada', version: 1, status: 'active' as const },
    { userId: gone, displayName: '', version: 5, status: 'erased' as const },
  ];
  const directory = { list: async () => ({ users, next: null }) };
  const rebuild = async (): Promise<unknown[]> => {
    const steps: unknown[] = [];
    for await (const step of rebuildAppUsers({ directory, ...storesOn(team.database), newId, now: () => new Date() }))
      steps.push(step);
    return steps;
  };
  expect(await rebuild()).toEqual([{ users: 2, changed: 2, next: null }]);
  expect(await rolesOf(communityId)).toEqual([{ userId: owner, role: 'owner' }]);
  const CopyRow = uncheckedRow({ displayName: Type.String(), isErased: Type.Boolean() });
  expect(
    await team.database.connection.any(sql.type(CopyRow)`
      SELECT display_name, erased_at IS NOT NULL AS is_erased FROM team.app_users
      WHERE id = ANY(${sql.array([owner, gone], 'text')}) ORDER BY display_name`),
  ).toEqual([
    { displayName: 'Ada', isErased: false },
    { displayName: 'Erased user', isErased: true },
  ]);
  expect(await rebuild()).toEqual([{ users: 2, changed: 0, next: null }]);
});
