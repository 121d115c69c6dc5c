import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { problem, startFixture, type Fixture } from './fixture.ts';
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
  readonly now: string;
}
const since = async (time: string): Promise<Revoked> => (await asService(`/internal/revoked-sessions?since=${time}`)).body;

describe('GET /internal/revoked-sessions', () => {
  test('tells which sessions ended since then, those of the last half minute again, and when it looked', async () => {
    const user = await fixture.signUp();
    const start = await since(fixture.clock.now().toISOString());
    expect(start.sessionIds).not.toContain(user.sessionId);
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    const next = await since(start.now);
    expect(next).toEqual({ sessionIds: [user.sessionId], keyIds: [expect.any(String)], now: expect.stringMatching(/Z$/) });
    expect((await since(next.now)).sessionIds).toEqual([user.sessionId]);
    fixture.clock.advance(60);
    expect((await since(fixture.clock.now().toISOString())).sessionIds).toEqual([]);
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
