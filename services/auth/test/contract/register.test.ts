import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countStatements } from '@guildhall/testkit';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { auditOf, misshapenEvents, readOutbox, userChangesOf } from './events.ts';
import { clientAddress, problem, startFixture, withoutJobs, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const strangerActor = { type: 'system', id: 'anonymous', ip: clientAddress, userAgent: 'node' };
const wrong = problem(401, 'WRONG_PASSWORD', 'The address or the password is wrong', 'The address or the password is wrong.');
const badCode = problem(
  422,
  'WRONG_CODE',
  'The code is wrong',
  'The code is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/code', message: 'is invalid' }],
);

const IdRow = uncheckedRow({ id: Type.String() });
const usersAt = (email: string) =>
  fixture.tables.connection.any(sql.type(IdRow)`SELECT id FROM auth.users WHERE email = ${email}`);

describe('POST /v1/auth/register', () => {
  test('opens an unverified member account and mails a code; the account is told to others once it is verified', async () => {
    const { register, verify, logIn, newEmail, tables } = fixture;
    const email = newEmail();
    expect(await register(email)).toMatchObject({ status: 202, body: { status: 'verification_sent' } });
    const [{ id } = { id: '' }] = await usersAt(email);
    expect(await userChangesOf(tables, id)).toEqual([]);
    expect((await logIn(email)).body).toEqual(
      problem(
        403,
        'EMAIL_NOT_VERIFIED',
        'The address is not confirmed',
        'Confirm your address first: enter the code from our mail, or ask for a fresh one.',
      ),
    );
    expect(await verify(email)).toMatchObject({ status: 200, body: { status: 'verified' } });
    expect(await userChangesOf(tables, id)).toEqual([{ userId: id, displayName: 'Ada', version: 2 }]);
    const actor = { type: 'user', id, ip: clientAddress, userAgent: 'node' };
    const common = { requestId: 'request-1', service: 'auth' };
    expect(await auditOf(tables, id)).toEqual([
      { ...common, actor, action: 'user.register', resource: { type: 'user', id, name: 'Ada' }, result: 'success' },
      { ...common, actor: strangerActor, action: 'session.create', resource: { type: 'user', id }, result: 'denied' },
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
        body: result.body,
        hashes: pool.counts().asked - before,
        statements: withoutJobs(statements).length,
      };
    };
    const taken = await measure(email);
    expect(taken).toEqual({ status: 202, body: { status: 'verification_sent' }, hashes: 1, statements: 5 });
    expect(await measure(newEmail())).toEqual(taken);
    expect((await mailbox.nthTo(email, 2)).text).toContain('You already have an account');
  });

  test('takes an address in any form as the same', async () => {
    const { register, newEmail, mailbox, verify } = fixture;
    const email = newEmail();
    await register(email.toUpperCase());
    await verify(email);
    await register(email);
    expect((await mailbox.nthTo(email, 2)).text).toContain('You already have an account');
  });

  test('gives an address that was never confirmed to whoever registers last, and only their code is good', async () => {
    const { register, newEmail, codeFor, post, logIn } = fixture;
    const email = newEmail();
    await register(email, { password: 'what the squatter chose' });
    const squatted = await codeFor(email);
    await register(email);
    const code = await codeFor(email, 2);
    const spend = (given: string) => post('/v1/auth/codes/verify', { email, purpose: 'verify_email', code: given });
    expect((await spend(squatted)).body).toEqual(badCode);
    expect(await spend(code)).toMatchObject({ status: 200 });
    expect((await logIn(email, { password: 'what the squatter chose' })).body).toEqual(wrong);
    expect((await logIn(email)).status).toBe(200);
  });

  test.each([
    ['shorter than 12 bytes', 'x'.repeat(11), 400],
    ['longer than 72 characters', 'x'.repeat(73), 400],
    ['longer than 72 bytes, though not characters', 'ä'.repeat(37), 422],
    ['common', 'Password1234', 422],
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
