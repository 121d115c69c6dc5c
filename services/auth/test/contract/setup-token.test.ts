import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { row, sql } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Type } from 'typebox';
import { auditOf } from './events.ts';
import { problem, readSetupToken, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const Count = row(Type.Object({ users: Type.Integer(), owners: Type.Integer() }));
const count = () =>
  fixture.tables.connection.one(sql.type(Count)`
    SELECT (SELECT count(id) FROM auth.users) AS users, (SELECT count(user_id) FROM auth.user_roles WHERE role = 'owner') AS owners`);

const refused = problem(
  403,
  'FORBIDDEN',
  'Not allowed',
  'The setup token is not good: it was used, has expired, or was never given out.',
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

  test('makes one owner of 60 that claim it at once, and nothing of the others', async () => {
    const { setupTokenFile, newEmail } = fixture;
    const token = await readSetupToken(setupTokenFile);
    const answers = await Promise.all(Array.from({ length: 60 }, () => register(newEmail(), token)));
    const losers = answers.filter(({ status }) => status !== 202);
    expect(losers.map(({ body }) => body)).toEqual(Array.from({ length: 59 }, () => refused));
    expect(await count()).toEqual({ users: 1, owners: 1 });
  });

  test('makes one owner where replicas gave out several', async () => {
    const { newEmail, tables, setupTokenFile } = fixture;
    const first = await readSetupToken(setupTokenFile);
    const second = 'a token of another replica';
    const digest = createHash('sha256').update(second).digest('base64url');
    await tables.connection.query(sql.unsafe`
      INSERT INTO auth.setup_tokens (token_hash, expires_at) VALUES (${digest}, now() + interval '1 hour')`);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => register(newEmail(), index % 2 === 0 ? first : second)),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(await count()).toEqual({ users: 1, owners: 1 });
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
    const { setupTokenFile, signUp, newEmail } = fixture;
    const token = await readSetupToken(setupTokenFile);
    const { email } = await signUp();
    expect((await register(email, 'not the token')).body).toEqual(refused);
    expect((await register(email, token)).status).toBe(202);
    expect(await count()).toEqual({ users: 1, owners: 0 });
    expect((await register(newEmail(), token)).status).toBe(202);
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
