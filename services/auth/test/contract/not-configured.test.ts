import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, waitFor } from '@guildhall/testkit';
import { noCodeToken, problem, startFixture, type Asking, type Fixture } from './fixture.ts';

const routes: readonly (readonly [string, string, 'public' | 'principal' | 'service', Asking?])[] = [
  [
    'POST',
    '/v1/auth/register',
    'public',
    { body: { email: 'ada@example.org', password: 'a long and quiet sentence', displayName: 'Ada' } },
  ],
  ['POST', '/v1/auth/login', 'public', { body: { email: 'ada@example.org', password: 'a long and quiet sentence' } }],
  ['POST', '/v1/auth/refresh', 'public', { body: { refreshToken: `00000000-0000-4000-8000-000000000000.${'A'.repeat(43)}` } }],
  ['POST', '/v1/auth/codes', 'public', { body: { email: 'ada@example.org', purpose: 'verify_email', codeToken: noCodeToken } }],
  [
    'POST',
    '/v1/auth/codes/verify',
    'public',
    { body: { email: 'ada@example.org', purpose: 'verify_email', codeToken: noCodeToken, code: '12345678' } },
  ],
  ['POST', '/v1/auth/codes', 'public', { body: { email: 'ada@example.org', purpose: 'magic_link' } }],
  ['POST', '/v1/auth/codes/look', 'public', { body: { linkToken: noCodeToken } }],
  [
    'POST',
    '/v1/auth/codes/verify',
    'public',
    { body: { email: 'ada@example.org', purpose: 'otp', codeToken: noCodeToken, code: '12345678' } },
  ],
  ['POST', '/v1/auth/login/second-factor', 'public', { body: { challengeToken: noCodeToken, code: '123456' } }],
  ['POST', '/v1/auth/login/second-factor/enrol', 'public', { body: { challengeToken: noCodeToken } }],
  [
    'POST',
    '/v1/auth/login/second-factor/confirm',
    'public',
    { body: { challengeToken: noCodeToken, code: '123456', recoveryCode: 'aaaaa-bbbbb' } },
  ],
  ['GET', '/v1/auth/totp', 'principal'],
  ['POST', '/v1/auth/totp', 'principal', { body: { password: 'a long and quiet sentence' } }],
  ['POST', '/v1/auth/totp/confirm', 'principal', { body: { code: '123456', recoveryCode: 'aaaaa-bbbbb' } }],
  ['POST', '/v1/auth/totp/remove', 'principal', { body: { password: 'a long and quiet sentence', code: '123456' } }],
  ['POST', '/v1/auth/recovery-codes', 'principal', { body: { code: '123456' } }],
  ['POST', '/v1/auth/password/reset-code', 'public', { body: { email: 'ada@example.org' } }],
  [
    'POST',
    '/v1/auth/password/reset',
    'public',
    { body: { email: 'ada@example.org', codeToken: noCodeToken, code: '12345678', newPassword: 'a long and quiet sentence' } },
  ],
  [
    'PUT',
    '/v1/auth/password',
    'principal',
    { body: { currentPassword: 'a long and quiet sentence', newPassword: 'another long and quiet one' } },
  ],
  ['GET', '/v1/.well-known/jwks.json', 'public'],
  ['POST', '/v1/auth/logout', 'principal'],
  ['GET', '/v1/auth/me', 'principal'],
  ['PATCH', '/v1/auth/me', 'principal', { body: { displayName: 'Grace' }, headers: { 'if-match': '"1"' } }],
  ['GET', '/v1/auth/sessions', 'principal'],
  ['DELETE', '/v1/auth/sessions', 'principal'],
  ['DELETE', '/v1/auth/sessions/00000000-0000-4000-8000-000000000000', 'principal'],
  ['GET', '/v1/roles', 'principal'],
  ['PUT', '/v1/users/someone/roles/auditor', 'principal'],
  ['DELETE', '/v1/users/someone/roles/auditor', 'principal'],
  ['GET', '/internal/revoked-sessions?since=2026-01-01T00:00:00Z', 'service'],
  ['GET', '/internal/outbox', 'service'],
];

const askAs = async (fixture: Fixture, [method, path, access, options = {}]: (typeof routes)[number]) => {
  const caller = await fixture.asCaller('someone', '00000000-0000-4000-8000-000000000000', ['role:read']);
  const identity = { public: {}, principal: caller, service: await fixture.asService() }[access];
  return fixture.ask(method, path, { ...options, headers: { ...identity, ...options.headers } });
};

describe('without DATABASE_URL', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ isConfigured: false });
  });
  afterAll(() => fixture.close());

  test('the process runs and says what it waits for', async () => {
    expect(await fixture.ask('GET', '/healthz')).toMatchObject({ status: 200 });
    const { status, body } = await fixture.ask('GET', '/readyz');
    expect({ status, body }).toEqual({
      status: 503,
      body: {
        isReady: false,
        sharedDatabase: { source: null, configurationId: null, migrations: null, status: 'not_configured' },
      },
    });
  });

  test.each(routes.map((given) => [given[0], given[1], given] as const))(
    '%s %s answers 503 NOT_CONFIGURED',
    async (_method, _path, route) => {
      const { status, body, headers } = await askAs(fixture, route);
      expect({ status, body }).toEqual({
        status: 503,
        body: problem(503, 'NOT_CONFIGURED', 'No shared database is set up', 'No shared database is set up for this service.'),
      });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    },
  );
});

describe('with a database that lacks the migrations', () => {
  test('every route answers 503 SHARED_DB_UNAVAILABLE', async () => {
    const empty = await freshDatabase({ services: [] });
    const fixture = await startFixture({ isConfigured: false, env: { DATABASE_URL: empty.url } });
    try {
      const state = await waitFor(async () => {
        const { body } = await fixture.ask<{ sharedDatabase: { detail?: string } }>('GET', '/readyz');
        return body.sharedDatabase.detail === 'migrations pending' && body;
      });
      expect(state).toEqual({
        isReady: false,
        sharedDatabase: {
          source: 'environment',
          configurationId: null,
          migrations: { applied: 0, pending: expect.any(Number) },
          status: 'unavailable',
          detail: 'migrations pending',
        },
      });
      for (const route of routes) {
        expect(await askAs(fixture, route)).toMatchObject({ status: 503, body: { code: 'SHARED_DB_UNAVAILABLE' } });
      }
    } finally {
      await fixture.close();
      await empty.drop();
    }
  });
});
