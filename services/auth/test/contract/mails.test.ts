import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Type } from 'typebox';
import { createSmtpMail, isTlsRequired } from '../../src/clients/smtp-mail.ts';
import { startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
afterEach(() => fixture.close());

const Waiting = uncheckedRow({ attempts: Type.Integer() });
const waiting = () => fixture.tables.connection.any(sql.type(Waiting)`SELECT attempts FROM auth.outgoing_mails`);

const isMailWorking = async (): Promise<boolean> =>
  (await fixture.ask<{ isMailWorking: boolean }>('GET', '/v1/auth/methods')).body.isMailWorking;

test('a mail that the server does not take stays, and goes out when it does', async () => {
  fixture = await startFixture();
  const { mailbox, register, newEmail, verify, lines } = fixture;
  const email = newEmail();
  mailbox.refuse(true);
  expect((await register(email)).status).toBe(202);
  await waitFor(async () => ((await waiting())[0]?.attempts ?? 0) >= 1, { what: 'a first try' });
  await waitFor(() => lines.some((line) => line.includes('a mail could not be sent')));
  expect(await isMailWorking()).toBe(false);
  mailbox.refuse(false);
  fixture.clock.advance(120);
  expect((await verify(email)).status).toBe(200);
  await waitFor(async () => (await waiting()).length === 0, { what: 'the queue to be empty' });
  expect(await isMailWorking()).toBe(true);
});

test.each(['receiver', 'text'] as const)(
  'a mail whose %s is refused for good is tried once, and somebody is told',
  async (at) => {
    fixture = await startFixture();
    const { mailbox, register, newEmail, verify, clock, lines, metric } = fixture;
    mailbox.refuse(true, 550, at);
    await register(newEmail());
    await waitFor(() => mailbox.refusals() === 1);
    await waitFor(async () => (await waiting()).length === 0, { what: 'the mail to be given up' });
    expect(lines.filter((line) => line.includes('a mail could not be sent') && line.includes('"isGivenUp":true'))).toHaveLength(
      1,
    );
    expect([await metric('guildhall_mail_failures_total'), await isMailWorking()]).toEqual([1, true]);
    mailbox.refuse(false);
    clock.advance(120);
    const email = newEmail();
    await register(email);
    expect((await verify(email)).status).toBe(200);
    expect(mailbox.refusals()).toBe(1);
  },
);

test.each([
  ['smtp://mail.example.test:587', undefined, true],
  ['smtp://mail.example.test:587', true, false],
  ['smtp://127.0.0.1:25', undefined, false],
  ['smtp://localhost', undefined, false],
  ['smtp://[::1]:25', undefined, false],
  ['smtp://127.0.0.1.example.test', undefined, true],
])('a server at %s must speak TLS (plain text allowed: %s): %s', (url, allowsPlainText, expected) => {
  expect(isTlsRequired({ url, ...(allowsPlainText === undefined ? {} : { allowsPlainText }) })).toBe(expected);
});

test('a server that must speak TLS and does not gets neither a log-in nor a mail', async () => {
  fixture = await startFixture();
  const { mailbox } = fixture;
  const secure = createSmtpMail({ url: `${mailbox.url}?requireTLS=true`, from: 'a@example.org' });
  await expect(secure.deliver({ to: 'b@example.org', subject: 'Code', text: '12345678' })).rejects.toThrow(/STARTTLS/i);
  secure.close();
  expect(mailbox.mails).toEqual([]);
});

test('a mail that nobody can use any more is given up, and the log says so', async () => {
  fixture = await startFixture();
  const { mailbox, register, newEmail, clock, lines } = fixture;
  mailbox.refuse(true);
  await register(newEmail());
  await waitFor(async () => ((await waiting())[0]?.attempts ?? 0) >= 1);
  clock.advance(3600);
  await waitFor(async () => (await waiting()).length === 0, { what: 'the mail to be given up' });
  expect(lines.some((line) => line.includes('"isGivenUp":true'))).toBe(true);
});

test('without an SMTP server a mail becomes a file for this account alone, and a log line', async () => {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'guildhall-mails-')), 'mails');
  fixture = await startFixture({ env: { SMTP_URL: '', MAIL_FOLDER: folder } });
  const email = fixture.newEmail();
  await fixture.register(email);
  // A file that is being written has a name with a dot, and gets its own when it is whole.
  const names = async (): Promise<readonly string[]> => readdir(folder).catch(() => []);
  const file = await waitFor(async () => (await names()).find((name) => !name.startsWith('.')));
  const text = await readFile(path.join(folder, file), 'utf8');
  expect(text).toContain(`To: ${email}`);
  const code = /Your code is (\d{8})/.exec(text)?.[1] ?? '';
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(path.join(folder, file))).mode & 0o777).toBe(0o600);
  await waitFor(() => fixture.lines.some((line) => line.includes('mail written') && line.includes(code)));
  expect((await fixture.spendCode(email, code)).status).toBe(200);
  await rm(path.dirname(folder), { recursive: true });
});
