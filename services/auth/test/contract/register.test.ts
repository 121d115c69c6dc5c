import { describe, expect, test } from 'vitest';
import { countStatements } from '@guildhall/testkit';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { auditOf, misshapenEvents, readOutbox, userChangesOf } from './events.ts';
import { clientAddress, problem, withoutJobs } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const wrong = problem(401, 'WRONG_PASSWORD', 'The address or the password is wrong', 'The address or the password is wrong.');
const badCode = problem(
  422,
  'WRONG_CODE',
  'The code is wrong',
  'The code is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/code', message: 'is invalid' }],
);

const IdRow = uncheckedRow({ id: Type.String() });
const passwordHashesOfRegistrations = (id: string) =>
  fixture.tables.connection.any(sql.type(IdRow)`SELECT auth_code_id AS id FROM auth.registrations WHERE auth_code_id = ${id}`);
const usersAt = (email: string) =>
  fixture.tables.connection.any(sql.type(IdRow)`SELECT id FROM auth.users WHERE email = ${email}`);

describe('POST /v1/auth/register', () => {
  test('mails a code; the account is created, as a member, and told to others once the code is entered', async () => {
    const { register, verify, logIn, newEmail, tables } = fixture;
    const email = newEmail();
    expect(await register(email)).toMatchObject({ status: 202, body: { status: 'verification_sent' } });
    expect(await usersAt(email)).toEqual([]);
    expect((await logIn(email)).body).toEqual(wrong);
    expect(await verify(email)).toMatchObject({ status: 200, body: { status: 'verified' } });
    const [{ id } = { id: '' }] = await usersAt(email);
    expect(await userChangesOf(tables, id)).toEqual([{ userId: id, displayName: 'Ada', version: 1 }]);
    expect(await passwordHashesOfRegistrations(id)).toEqual([]);
    const actor = { type: 'user', id, ip: clientAddress, userAgent: 'node' };
    const common = { requestId: 'request-1', service: 'auth' };
    expect(await auditOf(tables, id)).toEqual([
      { ...common, actor, action: 'user.register', resource: { type: 'user', id, name: 'Ada' }, result: 'success' },
      {
        ...common,
        actor,
        action: 'user.verify-email',
        resource: { type: 'user', id, name: 'Ada' },
        result: 'success',
        changes: [{ path: '/isEmailVerified', before: false, after: true }],
      },
    ]);
  });

  test('answers the same for a taken address, with as many hashes and statements, and mails its owner', async () => {
    const { signUp, register, newEmail, pool, mailbox } = fixture;
    const { email } = await signUp();
    const measure = async (address: string) => {
      const before = pool.counts().asked;
      const { result, statements } = await countStatements(() => register(address));
      return {
        status: result.status,
        body: Object.keys(result.body),
        hashes: pool.counts().asked - before,
        statements: withoutJobs(statements).length,
      };
    };
    const taken = await measure(email);
    expect(taken).toEqual({ status: 202, body: ['status', 'codeToken'], hashes: 1, statements: 7 });
    expect(await measure(newEmail())).toEqual(taken);
    expect((await mailbox.nthTo(email, 1)).text).toContain('You already have an account');
  });

  test('takes an address in any form as the same', async () => {
    const { register, newEmail, mailbox, verify } = fixture;
    const email = newEmail();
    await register(email.toUpperCase());
    await verify(email);
    await register(email);
    expect((await mailbox.nthTo(email, 2)).text).toContain('You already have an account');
  });

  test('a stranger who registers the address, before or after, has nothing confirmed by the code of its owner', async () => {
    const { register, newEmail, codeFor, codeTokenOf, spendCode, logIn } = fixture;
    const email = newEmail();
    await register(email, { password: 'what a stranger chose', displayName: 'Stranger' });
    await register(email);
    await register(email, { password: 'what a stranger chose', displayName: 'Stranger' });
    const [first, own, last] = [await codeFor(email), await codeFor(email, 2), await codeFor(email, 3)];
    const [, ownToken, lastToken] = [1, 2, 3].map((count) => codeTokenOf(email, count));
    for (const code of [first, last]) expect((await spendCode(email, code, ownToken)).body).toEqual(badCode);
    expect(await spendCode(email, own, ownToken)).toMatchObject({ status: 200 });
    expect((await spendCode(email, last, lastToken)).body).toEqual(badCode);
    expect((await logIn(email, { password: 'what a stranger chose' })).body).toEqual(wrong);
    const { userId, asCaller } = await fixture.asSignedIn(email);
    expect((await fixture.ask('GET', '/v1/auth/me', { headers: asCaller })).body).toMatchObject({
      id: userId,
      displayName: 'Ada',
    });
  });

  test('wrong codes without the secret of the registration use up none of its tries', async () => {
    const { register, newEmail, codeFor, codeTokenOf, spendCode } = fixture;
    const email = newEmail();
    await register(email);
    const code = await codeFor(email);
    const [id] = codeTokenOf(email).split('.');
    const forged = `${id}.${'B'.repeat(43)}`;
    for (const token of [forged, forged, forged, forged, forged, 'no token']) {
      expect((await spendCode(email, code, token)).body).toEqual(badCode);
    }
    expect(await spendCode(email, code)).toMatchObject({ status: 200 });
  });

  test('creates one account of an address whose registrations are all verified at once', async () => {
    const { register, newEmail, codeFor, codeTokenOf, spendCode } = fixture;
    const email = newEmail();
    const counts = [1, 2, 3, 4];
    for (const count of counts) await register(email, { displayName: `Ada ${count}` });
    const codes = await Promise.all(counts.map((count) => codeFor(email, count)));
    const answers = await Promise.all(codes.map((code, index) => spendCode(email, code, codeTokenOf(email, index + 1))));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 422, 422, 422]);
    expect(await usersAt(email)).toHaveLength(1);
  });

  test('an account from before that was never confirmed goes to whoever confirms the address, with their own password', async () => {
    const { register, newEmail, verify, logIn, tables } = fixture;
    const email = newEmail();
    await tables.connection.query(
      sql.unsafe`INSERT INTO auth.users (id, email, display_name) VALUES (${email}, ${email}, 'Squatter')`,
    );
    await tables.connection.query(sql.unsafe`INSERT INTO auth.user_passwords (user_id, password_hash) VALUES (${email}, 'hash')`);
    await register(email);
    expect(await verify(email)).toMatchObject({ status: 200 });
    expect((await logIn(email)).status).toBe(200);
    expect(await usersAt(email)).toEqual([{ id: email }]);
    expect(await userChangesOf(tables, email)).toEqual([{ userId: email, displayName: 'Ada', version: 2 }]);
  });

  test.each([
    ['shorter than 12 bytes', 'x'.repeat(11), 400],
    ['longer than 72 characters', 'x'.repeat(73), 400],
    ['longer than 72 bytes, though not characters', 'ä'.repeat(37), 422],
    ['common', 'Password1234', 422],
    ['common in the list of zxcvbn', 'ZXCasdqwe123', 422],
    ['made of the address', 'someone-here-and-there', 422],
  ])('refuses a password that is %s, and creates nothing', async (_, bad, status) => {
    const email = 'someone@example.org';
    expect(await fixture.register(email, { password: bad })).toMatchObject({ status, body: { errors: [{ path: '/password' }] } });
    expect(await usersAt(email)).toEqual([]);
  });

  test('refuses a field it does not know', async () => {
    const { status, body } = await fixture.register(fixture.newEmail(), { role: 'owner' });
    expect({ status, body }).toEqual({
      status: 400,
      body: problem(400, 'INVALID', 'The request is not valid', 'The body does not fit this operation.', [
        { path: '/role', message: 'is not known here' },
      ]),
    });
  });

  test('refuses a body that is too large', async () => {
    const { status, body } = await fixture.register(fixture.newEmail(), { displayName: 'x'.repeat(300_000) });
    expect({ status, body }).toEqual({
      status: 413,
      body: problem(413, 'TOO_LARGE', 'Too large', 'The body is larger than this operation takes.'),
    });
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
  expect((await readOutbox(fixture.tables)).length).toBeGreaterThan(10);
});
