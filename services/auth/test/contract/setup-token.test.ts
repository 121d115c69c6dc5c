import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Type } from 'typebox';
import { auditOf } from './events.ts';
import { problem, readSetupToken, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const Count = uncheckedRow({ users: Type.Integer(), owners: Type.Integer() });
const count = () =>
  fixture.tables.connection.one(sql.type(Count)`
    SELECT (SELECT count(id) FROM auth.users) + (SELECT count(auth_code_id) FROM auth.registrations) AS users, (SELECT count(user_id) FROM auth.user_roles WHERE role = 'owner') AS owners`);

const Roles = uncheckedRow({ roles: Type.Array(Type.String()) });
const rolesOf = async (email: string): Promise<readonly string[]> =>
  (
    await fixture.tables.connection.one(sql.type(Roles)`
      SELECT coalesce(array_agg(held.role ORDER BY held.role), '{}') AS roles
      FROM auth.user_roles AS held JOIN auth.users AS account ON account.id = held.user_id
      WHERE account.email = ${email}`)
  ).roles;

const refused = problem(
  403,
  'SETUP_TOKEN_INVALID',
  'The setup token is invalid',
  'The setup token is invalid: it was used, has expired, or was never issued.',
);
const register = (email: string, setupToken: string) => fixture.register(email, { setupToken });

describe('the setup token', () => {
  test('is shown once in the log, kept in a 0600 file, and stored as a digest', async () => {
    const { setupTokenFile, lines, tables } = fixture;
    const token = await readSetupToken(setupTokenFile);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect((await stat(setupTokenFile)).mode & 0o777).toBe(0o600);
    await waitFor(() => lines.some((line) => line.includes(token)));
    expect(lines.filter((line) => line.includes(token))).toHaveLength(1);
    const { rows } = await tables.connection.query(sql.unsafe`SELECT token_hash FROM auth.setup_tokens`);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('makes the first account the owner, ends with that, and its file goes', async () => {
    const { setupTokenFile, newEmail, verify, asSignedIn, tables, ask } = fixture;
    const token = await readSetupToken(setupTokenFile);
    const email = newEmail();
    expect((await register(email, token)).status).toBe(202);
    await verify(email);
    const owner = await asSignedIn(email);
    const { body } = await ask<{ roles: string[] }>('GET', '/v1/auth/me', { headers: owner.asCaller });
    expect(body.roles).toEqual(['member', 'owner']);
    await waitFor(() => !existsSync(setupTokenFile), { what: 'the file to go' });
    expect((await register(newEmail(), token)).body).toEqual(refused);
    expect(await count()).toEqual({ users: 1, owners: 1 });
    expect((await auditOf(tables, owner.userId)).map(({ action }) => action).toSorted()).toEqual([
      'role.assign',
      'user.register',
      'user.verify-email',
    ]);
  });

  test('is not spent on a slip in the address: who registers again with it becomes the owner, the slip does not', async () => {
    const { setupTokenFile, newEmail, verify } = fixture;
    const token = await readSetupToken(setupTokenFile);
    const [slip, right] = [newEmail(), newEmail()];
    expect((await register(slip, token)).status).toBe(202);
    expect((await register(right, token)).status).toBe(202);
    expect(await count()).toEqual({ users: 2, owners: 0 });
    // Whoever reads the mails of the wrong address confirms a member.
    expect((await verify(slip)).status).toBe(200);
    expect(await rolesOf(slip)).toEqual(['member']);
    expect((await verify(right)).status).toBe(200);
    expect(await rolesOf(right)).toEqual(['member', 'owner']);
    expect((await register(newEmail(), token)).body).toEqual(refused);
  });

  test('protects the account that is to become the owner from whoever registers its address without it', async () => {
    const { setupTokenFile, newEmail, verify, logIn } = fixture;
    const token = await readSetupToken(setupTokenFile);
    const email = newEmail();
    await register(email, token);
    expect((await fixture.register(email, { password: 'a password of a stranger' })).status).toBe(202);
    await verify(email);
    expect((await logIn(email, { password: 'a password of a stranger' })).status).toBe(401);
    expect((await logIn(email)).status).toBe(200);
    expect(await rolesOf(email)).toEqual(['member', 'owner']);
  });

  test('that expires before its account is confirmed, and is followed by another, still makes it the owner', async () => {
    const { setupTokenFile, newEmail, clock, resend, spendCode, codeFor } = fixture;
    const token = await readSetupToken(setupTokenFile);
    const email = newEmail();
    clock.advance(12 * 3600);
    await register(email, token);
    await codeFor(email);
    clock.advance(12 * 3600 + 1);
    await waitFor(async () => (await readSetupToken(setupTokenFile)) !== token);
    await resend(email);
    const code = await codeFor(email, 2);
    expect((await spendCode(email, code)).status).toBe(200);
    expect(await rolesOf(email)).toEqual(['member', 'owner']);
  });

  test('makes one owner of 20 that register with it and confirm at once: the last who registered', async () => {
    const { setupTokenFile, newEmail, verify } = fixture;
    const token = await readSetupToken(setupTokenFile);
    const emails = Array.from({ length: 20 }, newEmail);
    const registerFrom = (ip: string, email: string) => fixture.register(email, { setupToken: token }, { ip });
    const answers = await Promise.all(emails.map((email, index) => registerFrom(`198.51.100.${index}`, email)));
    expect(answers.map(({ status }) => status)).toEqual(emails.map(() => 202));
    expect((await Promise.all(emails.map(verify))).map(({ status }) => status)).toEqual(emails.map(() => 200));
    expect(await count()).toEqual({ users: 20, owners: 1 });
  });

  test('makes one owner where replicas gave out several and their holders confirm at once', async () => {
    const { newEmail, tables, setupTokenFile, verify } = fixture;
    const tokens = [
      await readSetupToken(setupTokenFile),
      ...Array.from({ length: 9 }, (_, index) => `token of replica ${index}`),
    ];
    for (const token of tokens.slice(1)) {
      const digest = createHash('sha256').update(token).digest('base64url');
      await tables.connection.query(sql.unsafe`
        INSERT INTO auth.setup_tokens (token_hash, expires_at) VALUES (${digest}, now() + interval '1 hour')`);
    }
    const emails = tokens.map(newEmail);
    for (const [index, token] of tokens.entries()) expect((await register(emails[index] ?? '', token)).status).toBe(202);
    expect((await Promise.all(emails.map(verify))).map(({ status }) => status)).toEqual(emails.map(() => 200));
    expect(await count()).toEqual({ users: 10, owners: 1 });
  });

  test('that is wrong or has expired creates nothing', async () => {
    const { setupTokenFile, newEmail, clock } = fixture;
    const token = await readSetupToken(setupTokenFile);
    expect((await register(newEmail(), 'not the token')).body).toEqual(refused);
    clock.advance(24 * 3600 + 1);
    expect((await register(newEmail(), token)).body).toEqual(refused);
    expect(await count()).toEqual({ users: 0, owners: 0 });
  });

  test('does not tell a taken address by a wrong token, and is not spent on one by a right token', async () => {
    const { setupTokenFile, signUp, newEmail, verify } = fixture;
    const token = await readSetupToken(setupTokenFile);
    const { email } = await signUp();
    expect((await register(email, 'not the token')).body).toEqual(refused);
    expect((await register(email, token)).status).toBe(202);
    expect(await count()).toEqual({ users: 1, owners: 0 });
    const owner = newEmail();
    expect((await register(owner, token)).status).toBe(202);
    await verify(owner);
    expect(await count()).toEqual({ users: 2, owners: 1 });
  });

  test('that has expired is followed by a fresh one', async () => {
    const { setupTokenFile, clock } = fixture;
    const token = await readSetupToken(setupTokenFile);
    clock.advance(24 * 3600 + 1);
    const fresh = await waitFor(async () => {
      const now = await readSetupToken(setupTokenFile);
      return now !== token && now;
    });
    expect((await register(fixture.newEmail(), fresh)).status).toBe(202);
  });
});
