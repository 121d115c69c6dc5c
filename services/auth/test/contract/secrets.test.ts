import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { readOutbox } from './events.ts';
import { encryptionKey, readSetupToken, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ env: { LOG_LEVEL: 'debug' } });
});
afterAll(() => fixture.close());

const canaryPassword = 'canary of a password 5b1d';
const wrongPassword = 'canary of a wrong password 77aa';
const weakPassword = 'canarypwd';
const wrongToken = 'canary-setup-token-90ce';
const canaryRefresh = `00000000-0000-4000-8000-000000000000.canary${'A'.repeat(37)}`;
const Text = uncheckedRow({ text: Type.String() });

/** Everything that is stored, table by table. */
const everyTable = async (): Promise<string> => {
  const tables = await fixture.tables.connection.any(
    sql.type(Text)`SELECT table_name::text AS text FROM information_schema.tables WHERE table_schema = 'auth' ORDER BY 1`,
  );
  expect(tables.length).toBeGreaterThan(12);
  const dumps = await Promise.all(
    tables.map(({ text }) =>
      fixture.tables.connection.one(
        sql.type(
          Text,
        )`SELECT coalesce(jsonb_agg(to_jsonb(stored)), '[]')::text AS text FROM ${sql.identifier(['auth', text])} AS stored`,
      ),
    ),
  );
  return dumps.map(({ text }) => text).join('\n');
};

test('no secret that passes through a route is in a log line, an event, a table or another answer', async () => {
  const { post, ask, newEmail, codeFor, lines } = fixture;
  const setupToken = await readSetupToken(fixture.setupTokenFile);
  const email = newEmail();
  const answers: string[] = [];
  const note = async (asking: Promise<{ body: unknown; headers: Headers }>) => {
    const { body, headers } = await asking;
    answers.push(JSON.stringify(body), JSON.stringify([...headers]));
    return body;
  };
  const register = (more: object) => note(fixture.register(email, { password: canaryPassword, ...more }));

  await register({ password: weakPassword });
  await register({ password: wrongPassword.repeat(3) });
  await register({ setupToken: wrongToken });
  await register({ setupToken });
  const code = await codeFor(email);
  const wrongCode = code === '98765432' ? '98765431' : '98765432';
  await note(fixture.resend(email));
  for (const given of [wrongCode, 'canary-code', code]) {
    await note(fixture.spendCode(email, given));
  }
  await note(post('/v1/auth/login', { email, password: wrongPassword }));
  await note(post('/v1/auth/login', { email, password: 'x', token: canaryPassword }));
  const first = await fixture.logIn(email, { password: canaryPassword });
  const { body: second } = await post<typeof first.body>('/v1/auth/refresh', { refreshToken: first.body.refreshToken });
  // Once its successor was used, a refresh token is refused; before, its holder would get the same pair again.
  const { body: third } = await post<typeof first.body>('/v1/auth/refresh', { refreshToken: second.refreshToken });
  await note(post('/v1/auth/refresh', { refreshToken: canaryRefresh }));
  await note(post('/v1/auth/refresh', { refreshToken: first.body.refreshToken }));
  await note(
    ask('GET', '/v1/auth/me', {
      headers: { authorization: `Bearer ${first.body.accessToken}`, 'x-guildhall-principal': second.accessToken },
    }),
  );
  await note(ask('GET', `/v1/auth/sessions?cursor=${wrongToken}`));
  await note(ask('GET', '/readyz'));

  const secrets = [
    canaryPassword,
    wrongPassword,
    weakPassword,
    wrongToken,
    setupToken,
    code,
    wrongCode,
    'canary-code',
    canaryRefresh,
    ...[first.body, second, third].flatMap(({ accessToken, refreshToken }) => [
      accessToken,
      refreshToken,
      refreshToken.split('.')[1] ?? '',
    ]),
    encryptionKey,
  ];
  const announcement = lines.filter((line) => line.includes(setupToken));
  expect(announcement).toHaveLength(1);
  const places = {
    log: lines.filter((line) => !announcement.includes(line)).join('\n'),
    answers: answers.join('\n'),
    events: JSON.stringify(await readOutbox(fixture.tables)),
    tables: await everyTable(),
  };
  expect(places.log).toContain('answered');
  const found = Object.entries(places).flatMap(([place, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  );
  expect(found).toEqual([]);
});
