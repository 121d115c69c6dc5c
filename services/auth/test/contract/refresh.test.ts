import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countStatements } from '@guildhall/testkit';
import { auditOf } from './events.ts';
import { clientAddress, problem, startFixture, withoutJobs, type Fixture, type TokenPair } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const trade = (refreshToken: string) => fixture.post<TokenPair>('/v1/auth/refresh', { refreshToken });
const refused = problem(401, 'UNAUTHENTICATED', 'Sign in first', 'The refresh token is invalid. Sign in again.');
const raced = problem(
  409,
  'CONFLICT',
  'In conflict with what is there',
  'This refresh token was exchanged a moment ago by this device itself. Use the newer one.',
);

describe('POST /v1/auth/refresh', () => {
  test('trades a token for a new pair, in one statement', async () => {
    const { tokens } = await fixture.signUp();
    const { result, statements } = await countStatements(() => trade(tokens.refreshToken));
    expect(result.status).toBe(200);
    expect(result.body.refreshToken).not.toBe(tokens.refreshToken);
    expect(result.headers.get('cache-control')).toBe('no-store');
    expect(withoutJobs(statements)).toHaveLength(1);
    expect((await trade(result.body.refreshToken)).status).toBe(200);
  });

  test('answers exactly one of 100 that trade the same token at once; the others learn that they lost a race', async () => {
    const { tokens, sessionId } = await fixture.signUp();
    const answers = await Promise.all(Array.from({ length: 100 }, () => trade(tokens.refreshToken)));
    const winners = answers.filter(({ status }) => status === 200);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(winners).toHaveLength(1);
    expect(losers.map(({ body }) => body)).toEqual(Array.from({ length: 99 }, () => raced));
    expect((await trade(winners[0]?.body.refreshToken ?? '')).status).toBe(200);
    expect(await auditOf(fixture.tables, sessionId)).toHaveLength(1);
  });

  test('ends the session when a traded token comes back after ten seconds, once, and tells the audit', async () => {
    const { tokens, sessionId, asCaller } = await fixture.signUp();
    const { body: newer } = await trade(tokens.refreshToken);
    fixture.clock.advance(8);
    expect((await trade(tokens.refreshToken)).body).toEqual(raced);
    fixture.clock.advance(3);
    expect((await trade(tokens.refreshToken)).body).toEqual(refused);
    expect((await trade(tokens.refreshToken)).body).toEqual(refused);
    expect((await trade(newer.refreshToken)).body).toEqual(refused);
    expect((await fixture.ask('GET', '/v1/auth/me', { headers: asCaller })).status).toBe(401);
    const [, ...revoked] = await auditOf(fixture.tables, sessionId);
    expect(revoked).toEqual([
      {
        actor: { type: 'system', id: 'anonymous', ip: clientAddress, userAgent: 'node' },
        action: 'session.revoke',
        resource: { type: 'session', id: sessionId },
        result: 'success',
        changes: [{ path: '/reason', after: 'reuse' }],
        requestId: 'request-1',
        service: 'auth',
      },
    ]);
  });

  test('ends nothing for a made-up secret of a real session', async () => {
    const { tokens, sessionId } = await fixture.signUp();
    expect((await trade(`${sessionId}.${'A'.repeat(43)}`)).body).toEqual(refused);
    expect((await trade(tokens.refreshToken)).status).toBe(200);
  });

  test.each(['nonsense', `${'0'.repeat(36)}.x`, '', 'a.b.c'])('refuses %j', async (token) => {
    const { status } = await trade(token);
    expect([400, 401]).toContain(status);
  });

  test('refuses a session that has come to its end', async () => {
    const { tokens } = await fixture.signUp();
    fixture.clock.advance(30 * 24 * 3600 + 1);
    expect((await trade(tokens.refreshToken)).body).toEqual(refused);
  });
});
