import { describe, expect, test } from 'vitest';
import { sql } from '@guildhall/db';
import { countStatements, timesAtOnce } from '@guildhall/testkit';
import { auditOf } from './events.ts';
import { clientAddress, problem, withoutJobs, type TokenPair } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const daySeconds = 24 * 3600;
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

  test('answers the same pair to who lost the first answer, and only as long as it is not used', async () => {
    const { tokens, sessionId } = await fixture.signUp();
    const { body: lost } = await trade(tokens.refreshToken);
    fixture.clock.advance(9);
    const repeated = await trade(tokens.refreshToken);
    expect([repeated.status, repeated.body]).toEqual([200, lost]);
    const { body: next } = await trade(lost.refreshToken);
    expect(next.refreshToken).not.toBe(lost.refreshToken);
    expect((await trade(tokens.refreshToken)).body).toEqual(raced);
    expect(await auditOf(fixture.tables, sessionId)).toHaveLength(1);
    expect((await trade(next.refreshToken)).status).toBe(200);
  });

  test('repeats nothing for an account that was suspended', async () => {
    const { tokens, userId } = await fixture.signUp();
    await trade(tokens.refreshToken);
    await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${userId}`);
    expect((await trade(tokens.refreshToken)).body).toEqual(raced);
  });

  test('rotates once for 100 that trade the same token at once, and answers all of them the same pair', async () => {
    const { tokens, sessionId } = await fixture.signUp();
    const answers = await timesAtOnce(100, () => trade(tokens.refreshToken));
    expect(answers.map(({ status, body }) => [status, body])).toEqual(Array.from({ length: 100 }, () => [200, answers[0]?.body]));
    expect((await trade(answers[0]?.body.refreshToken ?? '')).status).toBe(200);
    expect(await auditOf(fixture.tables, sessionId)).toHaveLength(1);
  });

  test('ends the session when a traded token comes back after ten seconds, once, tells the audit and mails its user', async () => {
    const { tokens, sessionId, asCaller, email } = await fixture.signUp();
    const { body: newer } = await trade(tokens.refreshToken);
    fixture.clock.advance(8);
    expect((await trade(tokens.refreshToken)).body).toEqual(newer);
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
    expect((await fixture.mailbox.nthTo(email, 1)).text).toContain('A device was signed out of your account at Guildhall');
    // A mail that was asked for later has come: a second one about the reuse would have, too.
    await fixture.post('/v1/auth/password/reset-code', { email });
    await fixture.codeFor(email, 2);
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

  test('refuses a session that was not refreshed for 14 days', async () => {
    const { tokens } = await fixture.signUp();
    fixture.clock.advance(14 * daySeconds + 60);
    expect((await trade(tokens.refreshToken)).body).toEqual(refused);
  });

  test('prolongs a session that is refreshed, until 30 days after its log-in', async () => {
    let { refreshToken } = (await fixture.signUp()).tokens;
    for (const days of [13, 13]) {
      fixture.clock.advance(days * daySeconds);
      const { status, body } = await trade(refreshToken);
      expect(status).toBe(200);
      ({ refreshToken } = body);
    }
    fixture.clock.advance(4 * daySeconds + 60);
    expect((await trade(refreshToken)).body).toEqual(refused);
  });
});
