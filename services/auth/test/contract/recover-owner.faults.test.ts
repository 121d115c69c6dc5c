import { join } from 'node:path';
import { runNode } from '@guildhall/testkit/run-node';
import { sql } from '@guildhall/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditOf, misshapenEvents, readOutbox, userChangesOf } from './events.ts';
import { encryptionKey, newEmail } from './fixture.ts';
import { startSecondFactorFixture, type SecondFactorFixture } from './second-factor-fixture.ts';

const command = join(import.meta.dirname, '../../../../tools/dev/owner.ts');

let fixture: SecondFactorFixture;
beforeAll(async () => {
  fixture = await startSecondFactorFixture();
});
afterAll(() => fixture.close());

/** Runs the command as `make owner` does on the machine itself. */
const makeOwner = async (address: string) => {
  const ran = await runNode([command, address], {
    DATABASE_URL: fixture.config.databaseUrl ?? '',
    BCRYPT_COST: '4',
    DATA_FOLDER: fixture.folder,
    ENCRYPTION_KEY: encryptionKey,
    PUBLIC_URL: 'http://guildhall.test',
  });
  return { ...ran, password: / {2}password {2}(\S{43}) \(shown this once\)\n$/.exec(ran.stdout)?.[1] ?? '' };
};
const rolesOf = async (email: string, password: string) => {
  const { status, body } = await fixture.logIn(email, { password });
  expect(status).toBe(200);
  const claims = JSON.parse(Buffer.from(body.accessToken.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
    sid: string;
  };
  const headers = await fixture.asCaller(claims.sub, claims.sid);
  const me = await fixture.ask<{ roles: string[] }>('GET', '/v1/auth/me', { headers });
  return { userId: claims.sub, roles: me.body.roles };
};
const actor = { type: 'system', id: 'operator' };

test('an owner who forgot the password gets a new one; the old one and every session end, and the trail tells it', async () => {
  const owner = await fixture.signUp();
  await fixture.grant(owner.userId, 'owner');
  const { status, stdout, password } = await makeOwner(owner.email.toUpperCase());
  expect(status).toBe(0);
  expect(stdout).toContain(`${owner.email} owns this installation. Its earlier password and sessions have ended.`);
  expect((await fixture.ask('GET', '/v1/auth/me', { headers: owner.asCaller })).status).toBe(401);
  expect((await fixture.logIn(owner.email)).status).toBe(401);
  expect(await rolesOf(owner.email, password)).toEqual({ userId: owner.userId, roles: ['member', 'owner'] });
  expect((await auditOf(fixture.tables, owner.sessionId)).at(-1)).toMatchObject({
    actor,
    action: 'session.revoke',
    changes: [{ path: '/reason', after: 'owner-recovered' }],
  });
  const recovered = (await auditOf(fixture.tables, owner.userId)).filter(({ action }) => action === 'user.recover-owner');
  expect(recovered).toMatchObject([{ actor, result: 'success' }]);
  expect(recovered[0]).not.toHaveProperty('changes');
  expect(JSON.stringify(await readOutbox(fixture.tables))).not.toContain(password);
  // The command goes by the clock of the machine.
  fixture.clock.advance(60);
  const { text } = await fixture.mailbox.nthTo(owner.email, 1);
  expect(text).toMatch(
    /^Subject: Your account at Guildhall got a new password\r$[^]*^http:\/\/guildhall\.test\/#\/end-sessions\/\S/m,
  );
  expect(text).not.toContain(password);
});

test('an owner who lost the authenticator and the recovery codes signs in with the new password alone, and the trail tells it', async () => {
  const owner = await fixture.signUp();
  await fixture.grant(owner.userId, 'owner');
  const { body } = await fixture.beginTotp(owner);
  const confirmation = { code: fixture.show(body.secret), recoveryCode: body.recoveryCodes[0] ?? '' };
  expect((await fixture.confirmTotp(owner, confirmation)).status).toBe(204);
  const { password } = await makeOwner(owner.email);
  expect((await rolesOf(owner.email, password)).userId).toBe(owner.userId);
  expect((await auditOf(fixture.tables, owner.userId)).find(({ action }) => action === 'user.recover-owner')).toMatchObject({
    changes: [{ path: '/secondFactor', before: 'totp', after: null }],
  });
});

test('an account that nobody confirmed, and that is suspended, becomes an active owner who can sign in', async () => {
  const email = newEmail();
  await fixture.tables.connection.query(sql.unsafe`
    INSERT INTO auth.users (id, email, display_name, status) VALUES (${email}, ${email}, 'Ada', 'suspended')`);
  const { userId, roles } = await rolesOf(email, (await makeOwner(email)).password);
  expect(roles).toEqual(['member', 'owner']);
  expect((await auditOf(fixture.tables, userId)).find(({ action }) => action === 'user.recover-owner')?.changes).toEqual([
    { path: '/isEmailVerified', before: false, after: true },
    { path: '/status', before: 'suspended', after: 'active' },
    { path: '/roles/owner', before: false, after: true },
  ]);
  expect(await userChangesOf(fixture.tables, userId)).toEqual([{ userId, displayName: 'Ada', version: 2 }]);
});

test('an address without an account gets one', async () => {
  const email = newEmail();
  const { stdout, password } = await makeOwner(email);
  expect(stdout).toContain(`${email} owns this installation. The account is new.`);
  const { userId, roles } = await rolesOf(email, password);
  expect(roles).toEqual(['member', 'owner']);
  expect(
    (await auditOf(fixture.tables, userId))
      .map(({ action }) => action)
      .slice(0, 2)
      .toSorted(),
  ).toEqual(['user.recover-owner', 'user.register']);
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});

test('a deleted account stays deleted, and nothing is printed that looks like a password', async () => {
  const { email, userId } = await fixture.signUp();
  await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET deleted_at = now() WHERE id = ${userId}`);
  expect(await makeOwner(email)).toEqual({
    status: 1,
    stdout: '',
    stderr: 'The account of this address was deleted. Name another address.\n',
    password: '',
  });
  expect((await fixture.logIn(email)).status).toBe(403);
});

test('what is no address is refused before anything is asked of the database', async () => {
  expect(await makeOwner('ada')).toMatchObject({
    status: 1,
    stderr: '"ada" is no e-mail address: make owner EMAIL=ada@example.org\n',
  });
});
