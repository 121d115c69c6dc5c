import { randomUUID } from 'node:crypto';
import type { UserChangedMessage } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAppUsers } from '../../src/store/app-users.ts';
import { openTeamDatabase, type TeamDatabase } from '../support/team-database.ts';

let team: TeamDatabase;

beforeAll(async () => {
  team = await openTeamDatabase();
});
afterAll(() => team.close());

const changed = (userId: string, version: number): UserChangedMessage => ({
  id: randomUUID(),
  kind: 'user-changed',
  occurredAt: '2026-01-31T08:30:00.000Z',
  payload: { userId, displayName: `Ada ${version}`, version },
});
const UserRow = uncheckedRow({ displayName: Type.String(), version: Type.Integer() });
const userOf = (id: string) =>
  team.database.connection.maybeOne(sql.type(UserRow)`SELECT display_name, version FROM team.app_users WHERE id = ${id}`);

test('the newest version wins, in whatever order and however often the events come', async () => {
  const appUsers = createAppUsers(team.database.connection);
  const userId = randomUUID();
  const [first, second, third] = [changed(userId, 1), changed(userId, 2), changed(userId, 3)];
  await appUsers.record([second, first]);
  expect(await userOf(userId)).toEqual({ displayName: 'Ada 2', version: 2 });
  await appUsers.record([third, third]);
  await appUsers.record([first, second]);
  expect(await userOf(userId)).toEqual({ displayName: 'Ada 3', version: 3 });
});

test('an event replaces the copy that was made of a caller', async () => {
  const appUsers = createAppUsers(team.database.connection);
  const userId = randomUUID();
  await team.database.connection.query(sql.unsafe`INSERT INTO team.app_users (id, display_name) VALUES (${userId}, 'caller')`);
  await appUsers.record([changed(userId, 1)]);
  expect(await userOf(userId)).toEqual({ displayName: 'Ada 1', version: 1 });
});

test('what was taken is no longer missing, until it is purged', async () => {
  const appUsers = createAppUsers(team.database.connection);
  const [taken, other] = [changed(randomUUID(), 1), changed(randomUUID(), 1)];
  await appUsers.record([taken]);
  expect(await appUsers.missing([taken.id, other.id])).toEqual([other.id]);
  expect(await appUsers.purgeTakenBefore('2026-01-01T00:00:00.000Z', 10)).toBe(0);
  expect(await appUsers.purgeTakenBefore('2100-01-01T00:00:00.000Z', 1)).toBe(1);
});
