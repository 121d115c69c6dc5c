import { randomUUID } from 'node:crypto';
import { sql } from '@guildhall/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnerStore } from '../../src/store/owner.ts';
import { newEmail, startFixture, type Fixture } from '../contract/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const recover = (email: string, newUserId = randomUUID()) =>
  createOwnerStore(fixture.tables.connection).recover(
    { newUserId, email, displayName: 'Ada', passwordHash: 'planted' },
    fixture.clock.now(),
  );

test('the recovery of an unknown address makes a new owner, and a second one changes the same account', async () => {
  const [email, newUserId] = [newEmail(), randomUUID()];
  const facts = { id: newUserId, displayName: 'Ada', wasSuspended: false, hadSecondFactor: false, hadOtherWaysIn: false };
  expect(await recover(email, newUserId)).toEqual({ ...facts, version: 1, isNew: true, wasOwner: false, wasVerified: false });
  expect(await recover(email)).toEqual({ ...facts, version: 2, isNew: false, wasOwner: true, wasVerified: true });
});

test('the ways in that somebody else may have added are gone: passkeys and connections', async () => {
  const { userId, email } = await fixture.signUp();
  const { connection } = fixture.tables;
  await connection.query(sql.unsafe`
    INSERT INTO auth.passkeys (user_id, credential_id, public_key, sign_count, is_backed_up, name)
    VALUES (${userId}, 'planted', 'key', 0, false, 'Theirs')`);
  await connection.query(sql.unsafe`
    INSERT INTO auth.oauth_connections (user_id, provider, provider_user_id) VALUES (${userId}, 'https://login.example.org', 'theirs')`);
  expect(await recover(email)).toMatchObject({ id: userId, hadOtherWaysIn: true });
  const left = await connection.query(sql.unsafe`
    SELECT id FROM auth.passkeys WHERE user_id = ${userId} UNION ALL SELECT id FROM auth.oauth_connections WHERE user_id = ${userId}`);
  expect(left.rowCount).toBe(0);
  expect(await recover(email)).toMatchObject({ hadOtherWaysIn: false });
});

test('a deleted account is not recovered', async () => {
  const { email } = await fixture.signUp();
  await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET deleted_at = now() WHERE email = ${email}`);
  expect(await recover(email)).toBeNull();
});
