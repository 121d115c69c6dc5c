import { randomUUID } from 'node:crypto';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnerStore } from '../../src/store/owner.ts';
import { newEmail, password, startFixture, type Fixture } from '../contract/fixture.ts';

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

/** A row of every kind that belongs to an account, as somebody else may have added it. */
const plantBelongings = async (userId: string): Promise<void> => {
  const { connection } = fixture.tables;
  await connection.query(sql.unsafe`
    INSERT INTO auth.passkeys (user_id, credential_id, public_key, sign_count, is_backed_up, name)
    VALUES (${userId}, ${userId}, 'key', 0, false, 'Theirs')`);
  await connection.query(sql.unsafe`
    INSERT INTO auth.oauth_connections (user_id, provider, provider_user_id) VALUES (${userId}, 'https://login.example.org', ${userId})`);
  await connection.query(sql.unsafe`
    INSERT INTO auth.personal_tokens (user_id, name, token_hash, permissions, expires_at)
    VALUES (${userId}, 'Theirs', ${userId}, ARRAY['audit:read'], now() + interval '1 year')`);
  await connection.query(sql.unsafe`INSERT INTO auth.totp_secrets (user_id, sealed_secret) VALUES (${userId}, 'sealed')`);
  await connection.query(sql.unsafe`INSERT INTO auth.recovery_codes (user_id, code_hashes) VALUES (${userId}, ARRAY['hash'])`);
  await connection.query(sql.unsafe`
    INSERT INTO auth.sign_in_challenges (user_id, secret_hash, method, device_label, expires_at)
    VALUES (${userId}, 'hash', 'password', '', now() + interval '1 hour')`);
  await connection.query(sql.unsafe`
    WITH code AS (
      INSERT INTO auth.auth_codes (email, purpose, code_hash, expires_at)
      VALUES (${`new-${userId}@example.org`}, 'verify_email', 'hash', now() + interval '1 hour') RETURNING id)
    INSERT INTO auth.email_changes (auth_code_id, user_id) SELECT id, ${userId}::text FROM code`);
};

const TableRow = uncheckedRow({ name: Type.String() });

/** The tables with a row of an account; every table of auth with an account in it is looked at, those of later, too. */
const belongingsOf = async (userId: string): Promise<readonly string[]> => {
  const { connection } = fixture.tables;
  const known = await connection.any(sql.type(TableRow)`
    SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'auth' AND column_name = 'user_id' ORDER BY name`);
  const rows = known.map(
    ({ name }) =>
      sql.fragment`SELECT ${name}::text AS name FROM ${sql.identifier(['auth', name])} WHERE user_id = ${userId} GROUP BY 1`,
  );
  const found = await connection.any(sql.type(TableRow)`${sql.join(rows, sql.fragment` UNION ALL `)}`);
  return found.map(({ name }) => name).toSorted();
};

const allBelongings = [
  'email_changes',
  'oauth_connections',
  'passkeys',
  'personal_tokens',
  'recovery_codes',
  'sessions',
  'sign_in_challenges',
  'totp_secrets',
  'user_passwords',
  'user_roles',
];

test('the ways in that somebody else may have added are gone: whatever belongs to the account but its new password and its roles', async () => {
  const { userId, email } = await fixture.signUp();
  await plantBelongings(userId);
  expect(await belongingsOf(userId)).toEqual(allBelongings);
  expect(await recover(email)).toMatchObject({ id: userId, hadOtherWaysIn: true });
  // Sessions, sign-ins under way and changes of the address, which a session makes, end beside it (see `createRecoverOwner`).
  const left = ['email_changes', 'sessions', 'sign_in_challenges', 'user_passwords', 'user_roles'];
  expect(await belongingsOf(userId)).toEqual(left);
  expect(await recover(email)).toMatchObject({ hadOtherWaysIn: false });
});

test('an erased account keeps nothing but sessions that have ended and forgot where they were', async () => {
  const user = await fixture.signUp();
  await plantBelongings(user.userId);
  expect(await fixture.ask('POST', '/v1/auth/me/erase', { body: { password }, headers: user.asCaller })).toMatchObject({
    status: 204,
  });
  expect(await belongingsOf(user.userId)).toEqual(['sessions']);
});

test('a deleted account is not recovered', async () => {
  const { email } = await fixture.signUp();
  await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET deleted_at = now() WHERE email = ${email}`);
  expect(await recover(email)).toBeNull();
});
