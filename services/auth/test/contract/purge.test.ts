import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { createPurgeRound } from '../../src/jobs/purge.ts';
import { createPurges } from '../../src/store/purge.ts';
import { startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const Counts = uncheckedRow({
  codes: Type.Integer(),
  sessions: Type.Integer(),
  tokens: Type.Integer(),
  requests: Type.Integer(),
  usedTokens: Type.Integer(),
});
const counts = () =>
  fixture.tables.connection.one(sql.type(Counts)`
    SELECT (SELECT count(id) FROM auth.auth_codes) AS codes, (SELECT count(id) FROM auth.sessions) AS sessions,
           (SELECT count(id) FROM auth.personal_tokens) AS tokens,
           (SELECT count(id) FROM auth.oauth_requests) + (SELECT count(id) FROM auth.passkey_requests) AS requests, (SELECT count(id) FROM auth.used_refresh_tokens) AS used_tokens`);
const purge = (): Promise<number> =>
  createPurgeRound({ steps: createPurges(fixture.tables.connection), now: fixture.clock.now, log: fixture.log })();

test('what ended a day ago goes, in batches, and what lives stays', async () => {
  const { signUp, post, ask, clock, tables } = fixture;
  const living = await signUp();
  await post('/v1/auth/refresh', { refreshToken: living.tokens.refreshToken });
  const ended = await signUp();
  await post('/v1/auth/refresh', { refreshToken: ended.tokens.refreshToken });
  await ask('POST', '/v1/auth/logout', { headers: ended.asCaller });
  await tables.connection.query(sql.unsafe`
    INSERT INTO auth.used_refresh_tokens (session_id, token_hash, used_at)
    SELECT ${ended.sessionId}::uuid, 'old ' || number, now() FROM generate_series(1, 1200) AS number`);
  for (const days of [0, 1])
    await tables.connection.query(sql.unsafe`
      INSERT INTO auth.personal_tokens (user_id, name, token_hash, permissions, expires_at)
      SELECT id, 'CI', concat('planted-', ${days}::text), ARRAY['script:read'], now() + ${days} * interval '1 day' FROM auth.users
      WHERE email = ${living.email}`);
  for (const days of [0, 1])
    await tables.connection.query(sql.unsafe`
      INSERT INTO auth.passkey_requests (secret_hash, purpose, sealed_request, expires_at)
      VALUES ('hash', 'sign_in', 'sealed', now() + ${days} * interval '1 day')`);
  for (const days of [0, 1])
    await tables.connection.query(sql.unsafe`
      INSERT INTO auth.oauth_requests (secret_hash, provider, sealed_request, expires_at)
      VALUES ('hash', 'company', 'sealed', now() + ${days} * interval '1 day')`);
  await purge();
  expect(await counts()).toEqual({ codes: 2, sessions: 2, tokens: 2, requests: 4, usedTokens: 1202 });
  clock.advance(24 * 3600 + 901);
  await purge();
  expect(await counts()).toEqual({ codes: 0, sessions: 1, tokens: 1, requests: 2, usedTokens: 1 });
});
