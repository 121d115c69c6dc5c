import { describe, expect, test } from 'vitest';
import { countStatements, waitFor } from '@guildhall/testkit';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { addressMailRate, askerMailRate } from '../../src/core/limits.ts';
import { password, problem, withoutJobs } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const badCode = problem(
  422,
  'WRONG_CODE',
  'The code is wrong',
  'The code is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/code', message: 'is invalid' }],
);

const AttemptsRow = uncheckedRow({ attempts: Type.Integer() });
const attemptsAt = async (email: string): Promise<number> =>
  (await fixture.tables.connection.one(sql.type(AttemptsRow)`SELECT attempts FROM auth.auth_codes WHERE email = ${email}`))
    .attempts;
const measureSending = async (email: string) => {
  const { result, statements } = await countStatements(() => sendTo(email));
  return { status: result.status, body: result.body, statements: withoutJobs(statements).length };
};

const sendTo = (email: string) => fixture.resend(email);

describe('a clock that was set back by an hour', () => {
  test('keeps no mail waiting, blocks no fresh code, and the fresh code is the good one', async () => {
    const { register, newEmail, codeFor, clock, spendCode } = fixture;
    const email = newEmail();
    clock.advance(3600);
    await register(email);
    await codeFor(email);
    clock.advance(-3600);
    expect((await sendTo(email)).status).toBe(202);
    const code = await codeFor(email, 2);
    expect((await spendCode(email, code)).status).toBe(200);
  });

  test('keeps no mail waiting that was queued before', async () => {
    const { mailbox, newEmail, register, clock, codeFor } = fixture;
    const email = newEmail();
    mailbox.refuse(true);
    clock.advance(3600);
    const linesBefore = fixture.lines.length;
    await register(email);
    await waitFor(() => fixture.lines.slice(linesBefore).some((line) => line.includes('a mail could not be sent')));
    clock.advance(-3600);
    mailbox.refuse(false);
    expect(await codeFor(email)).toMatch(/^\d{8}$/);
  });
});

describe('POST /v1/auth/codes', () => {
  test('sends a fresh code for a registration, at most one a minute, and then only that one is good', async () => {
    const { register, newEmail, codeFor, clock, mailbox, verify, spendCode } = fixture;
    const email = newEmail();
    await register(email);
    const first = await codeFor(email);
    expect(await sendTo(email)).toMatchObject({ status: 202, body: { status: 'sent_if_known' } });
    clock.advance(61);
    await sendTo(email);
    const second = await codeFor(email, 2);
    expect((await spendCode(email, first)).body).toEqual(badCode);
    expect((await spendCode(email, second)).status).toBe(200);
    clock.advance(61);
    await sendTo(email);
    expect(mailbox.mails.filter(({ to }) => to === email)).toHaveLength(2);
    expect((await verify(email)).status).toBe(422);
  });

  test('answers an address that is taken, or with an invented token, the same, with as many statements but the mail', async () => {
    const { register, newEmail, clock, mailbox, signUp } = fixture;
    const [known, unknown, { email: taken }] = [newEmail(), newEmail(), await signUp()];
    await register(known);
    await register(taken);
    clock.advance(61);
    const answerTo = (email: string) => ({
      status: 202,
      body: { status: 'sent_if_known', codeToken: fixture.codeTokenOf(email) },
    });
    expect(await measureSending(unknown)).toEqual({ ...answerTo(unknown), statements: 5 });
    expect(await measureSending(taken)).toEqual({ ...answerTo(taken), statements: 5 });
    expect(await measureSending(known)).toEqual({ ...answerTo(known), statements: 6 });
    await mailbox.nthTo(known, 2);
    expect(mailbox.mails.filter(({ to }) => to === unknown)).toEqual([]);
    expect(mailbox.mails.filter(({ to }) => to === taken)).toHaveLength(1);
  });

  test('mails no code to another address than the registration named', async () => {
    const { register, newEmail, clock, mailbox, codeTokenOf, resend } = fixture;
    const [own, foreign] = [newEmail(), newEmail()];
    await register(own);
    clock.advance(61);
    await resend(foreign, codeTokenOf(own));
    await sendTo(own);
    await mailbox.nthTo(own, 2);
    expect(mailbox.mails.filter(({ to }) => to === foreign)).toEqual([]);
  });
});

const registerFrom = (ip: string, email: string) =>
  fixture.ask('POST', '/v1/auth/register', { body: { email, password, displayName: 'Ada' }, ip });

describe('the pause between mails to an address', () => {
  test('stops who asks too often, before anything is hashed, and nobody else', async () => {
    const { newEmail, pool } = fixture;
    const email = newEmail();
    for (let count = 0; count < askerMailRate.atOnceMax; count += 1) {
      expect((await registerFrom('198.51.100.1', email)).status).toBe(202);
    }
    const hashes = pool.counts().asked;
    const refused = await registerFrom('198.51.100.1', email);
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(refused.headers.get('retry-after')).toBe(String(askerMailRate.pauseSeconds));
    expect(pool.counts().asked).toBe(hashes);
    expect((await registerFrom('198.51.100.2', email)).status).toBe(202);
    expect((await registerFrom('198.51.100.1', newEmail())).status).toBe(202);
  });

  test('holds for all networks together, tells none of them, and leaves no code that could be guessed', async () => {
    const { newEmail, mailbox, tables } = fixture;
    const email = newEmail();
    const asked = addressMailRate.atOnceMax + 3;
    for (let count = 0; count < asked; count += 1) {
      expect((await registerFrom(`203.0.113.${count}`, email)).status).toBe(202);
    }
    await mailbox.nthTo(email, addressMailRate.atOnceMax);
    const live = await tables.connection.any(
      sql.type(AttemptsRow)`SELECT attempts FROM auth.auth_codes WHERE email = ${email} AND expires_at > created_at`,
    );
    expect(live).toHaveLength(addressMailRate.atOnceMax);
    expect(mailbox.mails.filter(({ to }) => to === email)).toHaveLength(addressMailRate.atOnceMax);
  });
});

const spend = (email: string, code: string) => fixture.spendCode(email, code);

describe('POST /v1/auth/codes/verify', () => {
  test('takes a code once: of 20 at the same time one is answered 200', async () => {
    const { register, newEmail, codeFor } = fixture;
    const email = newEmail();
    await register(email);
    const code = await codeFor(email);
    // One that is right ends the code, the others count as tries: five at most are looked at.
    const answers = await Promise.all(Array.from({ length: 20 }, () => spend(email, code)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 422),
    ]);
  });

  test('refuses the right code after five wrong ones, however many come at once', async () => {
    const { register, newEmail, codeFor } = fixture;
    const email = newEmail();
    await register(email);
    const code = await codeFor(email);
    const other = code === '00000000' ? '00000001' : '00000000';
    await Promise.all(Array.from({ length: 12 }, () => spend(email, other)));
    expect(await attemptsAt(email)).toBe(5);
    expect((await spend(email, code)).body).toEqual(badCode);
  });

  test('refuses a code after 15 minutes, and one of an unknown address, with the same words', async () => {
    const { register, newEmail, codeFor, clock } = fixture;
    const email = newEmail();
    await register(email);
    const code = await codeFor(email);
    clock.advance(901);
    expect((await spend(email, code)).body).toEqual(badCode);
    expect((await spend(newEmail(), code)).body).toEqual(badCode);
  });
});
