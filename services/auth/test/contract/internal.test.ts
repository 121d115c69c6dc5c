import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { problem, startFixture, type Fixture, type TokenPair } from './fixture.ts';
import { start as startReplica } from '../../src/wire.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const unsigned = problem(401, 'UNAUTHENTICATED', 'Sign in first', 'This address is for the services of this installation only.');
const asService = async (path: string) => fixture.ask<never>('GET', path, { headers: await fixture.asService() });

interface Revoked {
  readonly sessionIds: string[];
  readonly keyIds: string[];
  readonly accounts: { readonly userId: string; readonly accessVersion: number }[];
  readonly now: string;
}
const versionOf = (token: string): number => decodeJwt<{ accessVersion: number }>(token).accessVersion;
const since = async (time: string): Promise<Revoked> => (await asService(`/internal/revoked-sessions?since=${time}`)).body;

describe('GET /internal/revoked-sessions', () => {
  test('tells which sessions ended since then, those of the last half minute again, and when it looked', async () => {
    const user = await fixture.signUp();
    const start = await since(fixture.clock.now().toISOString());
    expect(start.sessionIds).not.toContain(user.sessionId);
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    const next = await since(start.now);
    expect(next).toEqual({
      sessionIds: [user.sessionId],
      accounts: [],
      keyIds: [expect.any(String)],
      now: expect.stringMatching(/Z$/),
    });
    expect((await since(next.now)).sessionIds).toEqual([user.sessionId]);
    fixture.clock.advance(60);
    expect((await since(fixture.clock.now().toISOString())).sessionIds).toEqual([]);
  });

  test('tells whose roles changed, with the count that their next access token has', async () => {
    const [admin, user] = [await fixture.signUpWithRole('admin'), await fixture.signUp()];
    const change = (method: 'PUT' | 'DELETE') =>
      fixture.ask(method, `/v1/users/${user.userId}/roles/auditor`, { headers: admin.asCaller });
    const start = await since(fixture.clock.now().toISOString());
    expect([start.accounts, versionOf(user.tokens.accessToken)]).toEqual([[], 0]);
    await change('PUT');
    await change('PUT');
    expect((await since(start.now)).accounts).toEqual([{ userId: user.userId, accessVersion: 1 }]);
    await change('DELETE');
    await change('DELETE');
    expect((await since(start.now)).accounts).toEqual([{ userId: user.userId, accessVersion: 2 }]);
    const refreshed = await fixture.post<TokenPair>('/v1/auth/refresh', { refreshToken: user.tokens.refreshToken });
    const again = await fixture.logIn(user.email);
    expect([versionOf(refreshed.body.accessToken), versionOf(again.body.accessToken)]).toEqual([2, 2]);
    fixture.clock.advance(60);
    expect((await since(fixture.clock.now().toISOString())).accounts).toEqual([]);
  });

  test('refuses who is not a service, and a time that is none', async () => {
    const path = '/internal/revoked-sessions';
    expect((await fixture.ask('GET', `${path}?since=2026-01-01T00:00:00Z`)).body).toEqual(unsigned);
    const { asCaller } = await fixture.signUp();
    expect((await fixture.ask('GET', `${path}?since=2026-01-01T00:00:00Z`, { headers: asCaller })).body).toEqual(unsigned);
    expect((await asService(`${path}?since=yesterday`)).status).toBe(400);
    expect((await asService(path)).status).toBe(400);
  });
});

const permissionsOf = async (userId: string, sessionId: string) =>
  (
    await fixture.ask('GET', `/internal/permissions?userId=${userId}&sessionId=${sessionId}`, {
      headers: await fixture.asService(),
    })
  ).body;

describe('GET /internal/permissions', () => {
  test('tells what a user may do at this moment, whatever their token says, and null once the session has ended', async () => {
    const user = await fixture.signUp();
    expect(await permissionsOf(user.userId, user.sessionId)).toEqual({ permissions: ['community:create'] });
    await fixture.grant(user.userId, 'auditor');
    expect(await permissionsOf(user.userId, user.sessionId)).toMatchObject({
      permissions: expect.arrayContaining(['audit:read', 'community:create']) as string[],
    });
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    expect(await permissionsOf(user.userId, user.sessionId)).toEqual({ permissions: null });
  });
});

describe('GET /internal/account', () => {
  test('tells the address of an account to services alone', async () => {
    const user = await fixture.signUp();
    expect(await asService(`/internal/account?userId=${user.userId}`)).toMatchObject({ body: { email: user.email } });
    expect(await asService('/internal/account?userId=nobody')).toMatchObject({ status: 404 });
    expect((await fixture.ask('GET', `/internal/account?userId=${user.userId}`)).body).toEqual(unsigned);
  });
});

describe('GET /internal/users', () => {
  interface Listed {
    readonly users: { readonly userId: string }[];
    readonly next: string | null;
  }
  const list = async (query = '', caller: 'team-resources' | 'gateway' | 'audit' = 'team-resources') =>
    fixture.ask<Listed>('GET', `/internal/users${query}`, { headers: await fixture.asService(caller) });

  test('lists who has shown that an address is theirs, page by page in the order of their ids', async () => {
    const people = [await fixture.signUp(), await fixture.signUp(), await fixture.signUp()];
    const unverified = fixture.newEmail();
    await fixture.register(unverified);
    const found: Listed['users'] = [];
    let after: string | null = null;
    do {
      const { body }: { body: Listed } = await list(`?limit=2${after === null ? '' : `&after=${after}`}`);
      expect(body.users.length).toBeLessThanOrEqual(2);
      found.push(...body.users);
      after = body.next;
    } while (after !== null);
    expect((await list()).body).toEqual({ users: found, next: null });
    expect(found.map(({ userId }) => userId)).toEqual(found.map(({ userId }) => userId).toSorted());
    for (const { userId } of people)
      expect(found).toContainEqual({ userId, displayName: 'Ada', version: expect.any(Number), status: 'active' });
    const { total } = await fixture.tables.connection.one(
      sql.type(uncheckedRow({ total: Type.Integer() }))`SELECT count(id) AS total FROM auth.users WHERE is_email_verified`,
    );
    expect(found).toHaveLength(total);
  });

  test('answers team-resources and the gateway alone', async () => {
    expect((await list('', 'gateway')).status).toBe(200);
    expect((await list('', 'audit')).body).toMatchObject({ code: 'FORBIDDEN' });
    expect((await fixture.ask('GET', '/internal/users')).body).toEqual(unsigned);
    expect((await list('?limit=1001')).status).toBe(400);
  });
});

describe('GET /internal/outbox', () => {
  test('tells how many events wait', async () => {
    await fixture.signUp();
    const { body } = await asService('/internal/outbox');
    expect(body).toEqual({ waiting: expect.any(Number), oldestWaitingSeconds: expect.any(Number) });
    expect((body as { waiting: number }).waiting).toBeGreaterThan(0);
    expect((await fixture.ask('GET', '/internal/outbox')).body).toEqual(unsigned);
  });
});

const jwks = (base: string): Promise<Response> => fetch(`${base}/v1/.well-known/jwks.json`);

describe('GET /v1/.well-known/jwks.json', () => {
  test('publishes public halves alone, which verify an access token', async () => {
    const { tokens } = await fixture.signUp();
    const response = await jwks(fixture.url);
    const body = (await response.json()) as JSONWebKeySet;
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(body).toEqual({
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: expect.any(String), alg: 'EdDSA', use: 'sig' }],
    });
    const { payload } = await jwtVerify(tokens.accessToken, createLocalJWKSet(body), {
      issuer: 'http://guildhall.test',
      audience: 'guildhall',
      typ: 'at+jwt',
      algorithms: ['EdDSA'],
      currentDate: fixture.clock.now(),
    });
    expect(payload['email']).toMatch(/@example\.org$/);
  });

  test('is one key for all replicas, also when they make the first at the same moment', async () => {
    const Status = uncheckedRow({ status: Type.String() });
    await fixture.tables.connection.query(sql.unsafe`DELETE FROM auth.signing_keys`);
    const replicas = await Promise.all(
      Array.from({ length: 4 }, () =>
        startReplica({ ...fixture.config, setupTokenFile: null }, fixture.log, { now: fixture.clock.now }),
      ),
    );
    try {
      const answers = await Promise.all(
        replicas.map(async ({ url }) => {
          for (;;) {
            const response = await jwks(url);
            if (response.ok) return response.text();
          }
        }),
      );
      expect(new Set(answers).size).toBe(1);
      expect(await fixture.tables.connection.any(sql.type(Status)`SELECT status FROM auth.signing_keys`)).toEqual([
        { status: 'current' },
      ]);
    } finally {
      await Promise.all(replicas.map((replica) => replica.close()));
    }
  });

  test('keeps private halves sealed', async () => {
    const Sealed = uncheckedRow({ text: Type.String() });
    const { text } = await fixture.tables.connection.one(
      sql.type(Sealed)`SELECT to_jsonb(key)::text AS text FROM auth.signing_keys AS key`,
    );
    expect(text).not.toContain('"d"');
  });
});

describe('what the gateway tells operators', () => {
  test('GET /internal/signing-keys names each key by its state, and nothing of its private half', async () => {
    const { body } = await asService('/internal/signing-keys');
    const key = {
      id: expect.any(String),
      status: 'current',
      createdAt: expect.stringMatching(/Z$/),
      retiredAt: null,
      changesAt: null,
    };
    expect(body).toEqual({ keys: [key] });
  });

  test('GET /internal/process tells the connections and the queues of this process', async () => {
    await fixture.signUp();
    const { body } = await asService('/internal/process');
    const waiting = { waiting: expect.any(Number), oldestSeconds: expect.any(Number), failed: null };
    expect(body).toEqual({
      instanceId: expect.any(String),
      startedAt: expect.stringMatching(/Z$/),
      version: expect.any(String),
      pool: { open: expect.any(Number), inUse: expect.any(Number), waiting: 0 },
      queues: [
        { name: 'outbox', ...waiting },
        { name: 'inbox', waiting: null, failed: 0, oldestSeconds: null },
        { name: 'mails', ...waiting },
      ],
    });
  });

  test('GET /internal/migrations tells when each migration was applied', async () => {
    const { fault, items } = (await asService('/internal/migrations')).body as {
      fault: string | null;
      items: { name: string; checksum: string }[];
    };
    expect([fault, items[0]?.name, new Set(items.map(({ checksum }) => checksum))]).toEqual([
      null,
      '0001_create_users',
      new Set(['same']),
    ]);
  });
});
