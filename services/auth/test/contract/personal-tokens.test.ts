import { createHash } from 'node:crypto';
import { sql } from '@guildhall/db';
import { describe, expect, test } from 'vitest';
import { personalTokensMax } from '../../src/core/limits.ts';
import { auditOf, misshapenEvents, readOutbox } from './events.ts';
import { clientAddress, password, problem, type SignedIn } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

interface Token {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
  readonly refusedFor: string | null;
  readonly withoutEffect: readonly string[];
}
type Created = Token & { readonly token: string };
interface Found {
  readonly found: { readonly tokenId: string; readonly permissions: readonly string[] } | null;
}

const fixture = useAuthService();

const example = { name: 'CI', permissions: ['script:update', 'audit:read'], expiresInDays: 30 };
const create = (user: SignedIn, more: object = {}) =>
  fixture.ask<Created>('POST', '/v1/auth/tokens', { body: { ...example, ...more }, headers: user.asCaller });
const list = async (user: SignedIn, query = '') =>
  fixture.ask<{ items: Token[]; nextCursor: string | null }>('GET', `/v1/auth/tokens${query}`, { headers: user.asCaller });
const revoke = (user: SignedIn, id: string) => fixture.ask('DELETE', `/v1/auth/tokens/${id}`, { headers: user.asCaller });
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
const find = async (token: string) =>
  fixture.ask<Found>('POST', '/internal/personal-tokens/find', {
    body: { tokenHash: hashOf(token) },
    headers: await fixture.asService('gateway'),
  });
const isFound = async (token: string): Promise<boolean> => (await find(token)).body.found !== null;
const permissionsOf = async (user: SignedIn, tokenId: string) =>
  (
    await fixture.ask<{ permissions: string[] | null }>(
      'GET',
      `/internal/permissions?userId=${user.userId}&sessionId=${tokenId}`,
      { headers: await fixture.asService('gateway') },
    )
  ).body.permissions;

describe('POST /v1/auth/tokens', () => {
  test('shows the token once, stores its hash alone, tells the audit and mails the owner', async () => {
    const user = await fixture.signUp();
    const { status, body, headers } = await create(user);
    const { token, ...stored } = body;
    expect({ status, location: headers.get('location'), body: stored }).toEqual({
      status: 201,
      location: `/v1/auth/tokens/${body.id}`,
      body: {
        id: expect.any(String),
        name: 'CI',
        permissions: ['audit:read', 'script:update'],
        expiresAt: new Date(Date.parse(body.createdAt) + 30 * 86_400_000).toISOString(),
        lastUsedAt: null,
        createdAt: expect.any(String),
        refusedFor: null,
        withoutEffect: ['audit:read'],
      },
    });
    expect(token).toMatch(/^guildhall_pat_[A-Za-z0-9_-]{43}$/);
    expect((await list(user)).body).toEqual({ items: [stored], nextCursor: null });
    expect(await auditOf(fixture.tables, body.id)).toEqual([
      {
        actor: { type: 'user', id: user.userId, sessionId: user.sessionId, ip: clientAddress },
        action: 'personal-token.create',
        resource: { type: 'personal-token', id: body.id, name: 'CI' },
        changes: [
          { path: '/permissions', after: stored.permissions },
          { path: '/expiresAt', after: stored.expiresAt },
        ],
        result: 'success',
        requestId: 'request-1',
        service: 'auth',
      },
    ]);
    const { text } = await fixture.mailbox.nthTo(user.email, 1);
    expect(text).toContain('Programs that have it can act as you.');
    const [outbox, rows] = [
      JSON.stringify(await readOutbox(fixture.tables)),
      JSON.stringify((await fixture.tables.connection.query(sql.unsafe`SELECT * FROM auth.personal_tokens`)).rows),
    ];
    expect([text, outbox, rows].filter((kept) => kept.includes(token))).toEqual([]);
  });

  test('refuses a permission that no token can have, a life of more than a year, and a session that has ended', async () => {
    const user = await fixture.signUp();
    for (const more of [{ permissions: ['role:assign'] }, { permissions: [] }, { expiresInDays: 366 }, { expiresInDays: 0 }])
      expect(await create(user, more)).toMatchObject({ status: 400, body: { code: 'INVALID' } });
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    expect(await create(user)).toMatchObject({ status: 401, body: { code: 'SESSION_ENDED' } });
  });

  test('makes no more than an account may have, however many are asked for at once', async () => {
    const user = await fixture.signUp();
    await fixture.tables.connection.query(sql.unsafe`
      INSERT INTO auth.personal_tokens (user_id, name, token_hash, permissions, expires_at)
      SELECT ${user.userId}, 'planted', concat('planted-', given.n::text), ARRAY['script:read'],
             ${fixture.clock.now().toISOString()}::timestamptz + interval '1 day'
      FROM generate_series(3, ${personalTokensMax}::int8) AS given (n)`);
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(user)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toEqual(
      problem(409, 'CONFLICT', 'In conflict with what is there', 'You have 50 tokens. Revoke one first.'),
    );
  });
});

describe('a personal access token', () => {
  test('is found with its user, and the permissions that they hold now', async () => {
    const user = await fixture.signUp();
    const { id, token } = (await create(user)).body;
    const expected = { tokenId: id, userId: user.userId, displayName: 'Ada', email: user.email };
    const tokenPermissions = ['audit:read', 'script:update'];
    expect((await find(token)).body.found).toEqual({ ...expected, permissions: ['community:create'], tokenPermissions });
    expect(await permissionsOf(user, id)).toEqual([]);
    await fixture.grant(user.userId, 'auditor');
    expect((await find(token)).body.found?.permissions).toEqual(['audit:read', 'community:create', 'role:read']);
    expect(await permissionsOf(user, id)).toEqual(['audit:read']);
    expect(await permissionsOf(await fixture.signUp(), id)).toBeNull();
  });

  test('is looked up by the gateway alone', async () => {
    const { token } = (await create(await fixture.signUp())).body;
    const body = { tokenHash: hashOf(token) };
    for (const headers of [{}, await fixture.asService('audit')]) {
      const { status } = await fixture.ask('POST', '/internal/personal-tokens/find', { body, headers });
      expect([401, 403]).toContain(status);
    }
  });

  test('has its use noted at most once a minute, also after the clock was set back', async () => {
    const user = await fixture.signUp();
    const { token } = (await create(user)).body;
    // Signed anew each time: what the gateway signs is good for 30 s.
    const lastUse = async () => {
      const asCaller = await fixture.asCaller(user.userId, user.sessionId);
      return (await list({ ...user, asCaller })).body.items[0]?.lastUsedAt ?? null;
    };
    await find(token);
    const first = await lastUse();
    expect(first).not.toBeNull();
    await find(token);
    expect(await lastUse()).toBe(first);
    fixture.clock.advance(61);
    await find(token);
    const second = await lastUse();
    expect(Date.parse(second ?? '')).toBeGreaterThan(Date.parse(first ?? ''));
    fixture.clock.advance(-61);
    await find(token);
    expect(Date.parse((await lastUse()) ?? '')).toBeLessThan(Date.parse(second ?? ''));
  });

  test('ends when it is revoked, when it expires, and with its account', async () => {
    const [user, other] = [await fixture.signUp(), await fixture.signUp()];
    const [one, two] = [(await create(user)).body, (await create(user)).body];
    expect([await isFound(one.token), await isFound(two.token)]).toEqual([true, true]);
    expect((await revoke(other, one.id)).body).toEqual(problem(404, 'NOT_FOUND', 'Not found', 'You have no such token.'));
    const answers = await Promise.all([revoke(user, one.id), revoke(user, one.id)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404]);
    expect([await isFound(one.token), await isFound(two.token)]).toEqual([false, true]);
    const { text } = await fixture.mailbox.nthTo(user.email, 3);
    expect(text).toMatch(/^Subject: A token for your account at Guildhall was revoked\r$[^]*\/#\/end-sessions\//m);
    expect((await auditOf(fixture.tables, one.id)).map(({ action }) => action)).toEqual([
      'personal-token.create',
      'personal-token.revoke',
    ]);
    await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${user.userId}`);
    expect([await isFound(two.token), await permissionsOf(user, two.id)]).toEqual([false, null]);
    await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'active' WHERE id = ${user.userId}`);
    fixture.clock.advance(31 * 86_400);
    expect([await isFound(two.token), await permissionsOf(user, two.id)]).toEqual([false, null]);
    fixture.clock.advance(-31 * 86_400);
    expect(await isFound(two.token)).toBe(true);
    await fixture.ask('POST', '/v1/auth/me/erase', { body: { password }, headers: user.asCaller });
    expect(await isFound(two.token)).toBe(false);
  });

  test('is listed with the global permissions by which it does nothing now, as its user does not hold them', async () => {
    const user = await fixture.signUp();
    await create(user, { permissions: ['script:read', 'audit:read', 'user:read'] });
    const idle = async () => {
      const asCaller = await fixture.asCaller(user.userId, user.sessionId);
      return (await list({ ...user, asCaller })).body.items.map(({ refusedFor, withoutEffect }) => [refusedFor, withoutEffect]);
    };
    expect(await idle()).toEqual([[null, ['audit:read', 'user:read']]]);
    await fixture.grant(user.userId, 'auditor');
    expect(await idle()).toEqual([[null, ['user:read']]]);
  });

  test('is listed page by page, without its secret, to its own user', async () => {
    const user = await fixture.signUp();
    const names = ['first', 'second', 'third'];
    for (const name of names) await create(user, { name });
    const first = (await list(user, '?limit=2')).body;
    const second = (await list(user, `?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`)).body;
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(names.toReversed());
    expect(JSON.stringify([first, second])).not.toContain('guildhall_pat_');
    expect((await list(await fixture.signUp())).body.items).toEqual([]);
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    expect((await list(user)).status).toBe(401);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
