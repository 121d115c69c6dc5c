import { randomUUID } from 'node:crypto';
import type { ListedUser, UserChangedMessage } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rebuildAppUsers, type RebuildProgress, type UserDirectory } from '../../src/core/rebuild-app-users.ts';
import { createAppUsers } from '../../src/store/app-users.ts';
import { storesOn } from '../../src/store/stores.ts';
import { openTeamDatabase, seedCommunity, type TeamDatabase } from '../support/team-database.ts';

let team: TeamDatabase;
beforeAll(async () => {
  team = await openTeamDatabase();
});
afterAll(() => team.close());
beforeEach(() => team.database.connection.query(sql.unsafe`DELETE FROM team.app_users WHERE id LIKE 'user-%'`));

const CopyRow = uncheckedRow({ id: Type.String(), displayName: Type.String(), version: Type.Integer() });
const copies = () =>
  team.database.connection.any(
    sql.type(CopyRow)`SELECT id, display_name, version FROM team.app_users WHERE id LIKE 'user-%' ORDER BY id`,
  );
const copyOf = ({ userId, displayName, version }: ListedUser) => ({ id: userId, displayName, version });

const userAt = (number: number, version = 1): ListedUser => ({
  userId: `user-${String(number).padStart(3, '0')}`,
  displayName: `Ada ${number} ${version}`,
  version,
  status: 'active',
});
const manyUsers = (count: number): ListedUser[] =>
  Array.from({ length: count }, (_none, number) => userAt(number, 1 + (number % 3)));

/** Auth's users, in pages of ten. `onListed` runs between the read of a page and its use. */
const directoryOf = (users: () => readonly ListedUser[], onListed: () => Promise<void> = async () => {}): UserDirectory => ({
  async list(after) {
    const rest = users().filter(({ userId }) => after === null || userId > after);
    const page = rest.slice(0, 10);
    await onListed();
    return { users: page, next: rest.length > 10 ? (page.at(-1)?.userId ?? null) : null };
  },
});

const rebuild = async (directory: UserDirectory, after: string | null = null): Promise<RebuildProgress> => {
  let last: RebuildProgress | undefined;
  for await (const progress of rebuildAppUsers(
    { directory, ...storesOn(team.database), newId: randomUUID, now: () => new Date() },
    after,
  ))
    last = progress;
  if (last === undefined) throw new Error('There was no page.');
  return last;
};

const changedTo = ({ userId, displayName, version }: ListedUser): UserChangedMessage => ({
  id: randomUUID(),
  kind: 'user-changed',
  occurredAt: '2026-01-31T08:30:00.000Z',
  payload: { userId, displayName, version },
});

test('an empty projection is filled, and a second rebuild changes nothing', async () => {
  const users = manyUsers(25);
  const directory = directoryOf(() => users);
  expect(await rebuild(directory)).toEqual({ users: 25, changed: 25, next: null });
  expect(await copies()).toEqual(users.map(copyOf));
  expect(await rebuild(directory)).toEqual({ users: 25, changed: 0, next: null });
});

test('wrong names, versions of the past and versions that never were are set right, and nobody is removed', async () => {
  const users = manyUsers(12);
  const { connection } = team.database;
  await connection.query(sql.unsafe`
    INSERT INTO team.app_users (id, display_name, version)
    VALUES (${'user-000'}, 'forged', 9007199254740991), (${'user-001'}, 'same version, wrong name', 2), (${'user-002'}, 'of the past', 0),
           (${'user-of-nobody'}, 'auth knows them not', 1)`);
  expect(await rebuild(directoryOf(() => users))).toEqual({ users: 12, changed: 12, next: null });
  expect(await copies()).toEqual([
    ...users.map(copyOf),
    { id: 'user-of-nobody', displayName: 'auth knows them not', version: 1 },
  ]);
});

test('members keep their memberships', async () => {
  const { owner } = await seedCommunity(team.database);
  await rebuild(directoryOf(() => [{ ...userAt(0), userId: owner }]));
  expect(
    await team.database.connection.one(
      sql.type(CopyRow)`SELECT id, display_name, version FROM team.app_users WHERE id = ${owner}`,
    ),
  ).toEqual({ id: owner, displayName: 'Ada 0 1', version: 1 });
});

test('a rebuild that was cut short goes on after the last page', async () => {
  const users = manyUsers(25);
  let pages = 0;
  const cut = directoryOf(
    () => users,
    async () => {
      pages += 1;
      if (pages === 2) throw new Error('auth is away');
    },
  );
  await expect(rebuild(cut)).rejects.toThrow('auth is away');
  expect(await copies()).toHaveLength(10);
  expect(
    await rebuild(
      directoryOf(() => users),
      'user-009',
    ),
  ).toEqual({ users: 15, changed: 15, next: null });
  expect(await copies()).toEqual(users.map(copyOf));
});

test('an event that overtakes its page wins over the listing', async () => {
  const users = manyUsers(5);
  const renamed = userAt(3, 7);
  let listings = 0;
  const directory = directoryOf(
    () => users,
    async () => {
      listings += 1;
      if (listings > 1) return;
      // After auth read the page: the account is renamed, and its event arrives first.
      users[3] = renamed;
      await createAppUsers(team.database.connection).record([changedTo(renamed)]);
    },
  );
  await rebuild(directory);
  expect(listings).toBe(2);
  expect(await copies()).toEqual(users.map(copyOf));
});

test('whatever events arrive meanwhile, the copies end as auth has them', async () => {
  const users = manyUsers(40);
  const appUsers = createAppUsers(team.database.connection);
  const writing = (async () => {
    for (let round = 0; round < 60; round += 1) {
      const number = (round * 7) % users.length;
      const next = userAt(number, (users[number]?.version ?? 0) + 1);
      users[number] = next;
      await appUsers.record([changedTo(next)]);
    }
  })();
  for (let run = 0; run < 5; run += 1) await rebuild(directoryOf(() => users));
  await writing;
  expect(await copies()).toEqual(users.map(copyOf));
});
