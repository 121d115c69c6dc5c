import { randomUUID } from 'node:crypto';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoleStore } from '../../src/store/roles.ts';
import { startFixture, type Fixture, type SignedIn } from '../contract/fixture.ts';

let fixture: Fixture;
let owner: SignedIn;
beforeAll(async () => {
  fixture = await startFixture();
  owner = await fixture.signUpWithRole('owner');
});
afterAll(() => fixture.close());

const WaitingRow = uncheckedRow({ isAnyWaiting: Type.Boolean() });
/** Asks, in a transaction, whether another waits for it. */
const blockedByThis = sql.fragment`
  SELECT EXISTS (
    SELECT 1 FROM pg_locks AS lock WHERE NOT lock.granted AND pg_backend_pid() = ANY (pg_blocking_pids(lock.pid))
  ) AS is_any_waiting`;
const VersionRow = uncheckedRow({ accessVersion: Type.Integer() });
const accessVersionOf = async (userId: string): Promise<number> =>
  (await fixture.tables.connection.one(sql.type(VersionRow)`SELECT access_version FROM auth.users WHERE id = ${userId}`))
    .accessVersion;

/** A role of two permissions, and a user who may get it. */
const prepare = async () => {
  const name = `role-${randomUUID().replaceAll(/[^a-z]/g, '')}`;
  const { userId } = await fixture.signUp();
  const create = { name, permissions: ['audit:read', 'user:read'], caller: owner };
  await createRoleStore(fixture.tables.connection).create(create, 100, fixture.clock.now());
  return { name, userId, assignment: { userId, role: name, caller: owner } };
};
const send = (method: string, path: string, body?: object) =>
  fixture.ask(method, path, { headers: { ...owner.asCaller, 'if-match': '"1"' }, ...(body === undefined ? {} : { body }) });
/** Gives a role in a transaction that ends when another request waits for it. Returns that request's status. */
const assignBefore = async (
  assignment: Parameters<ReturnType<typeof createRoleStore>['assign']>[0],
  request: () => Promise<{ status: number }>,
): Promise<number> => {
  const waiting = await fixture.tables.inTransaction(async (tx) => {
    expect(await createRoleStore(tx).assign(assignment, fixture.clock.now())).toBe(true);
    const sent = request();
    await waitFor(async () => (await tx.one(sql.type(WaitingRow)`${blockedByThis}`)).isAnyWaiting, {
      what: 'the request to wait for the assignment',
    });
    return { sent };
  });
  return (await waiting.sent).status;
};

test('a change of a role waits for an assignment that is under way, and ends the access tokens of its holder, too', async () => {
  const { name, userId, assignment } = await prepare();
  const change = () => send('PATCH', `/v1/roles/${name}`, { permissions: ['audit:read'] });
  expect(await assignBefore(assignment, change)).toBe(200);
  expect(await accessVersionOf(userId)).toBe(2);
});

test('a role is not deleted while an assignment of it is under way', async () => {
  const { name, assignment } = await prepare();
  expect(await assignBefore(assignment, () => send('DELETE', `/v1/roles/${name}`))).toBe(409);
});

test('an assignment waits for a change of its role, and is held against what the role permits from then on', async () => {
  const { name, userId } = await prepare();
  const admin = await fixture.signUpWithRole('admin');
  const permissions = ['audit:read', 'installation:manage'];
  const { sent } = await fixture.tables.inTransaction(async (tx) => {
    const change = { name, permissions, version: 1, caller: owner };
    expect(await createRoleStore(tx).update(change, fixture.clock.now())).toMatchObject({ version: 2 });
    const assigning = fixture.ask('PUT', `/v1/users/${userId}/roles/${name}`, { headers: admin.asCaller });
    await waitFor(async () => (await tx.one(sql.type(WaitingRow)`${blockedByThis}`)).isAnyWaiting, {
      what: 'the assignment to wait for the change',
    });
    return { sent: assigning };
  });
  expect((await sent).status).toBe(403);
  expect(await accessVersionOf(userId)).toBe(0);
});
