import { authRoutes } from '@guildhall/contracts';
import { bindCursor } from '@guildhall/http';
import { describe, expect, test } from 'vitest';
import { countStatements } from '@guildhall/testkit';
import { auditOf, misshapenEvents, userChangesOf } from './events.ts';
import { clientAddress, problem, withoutJobs, type SignedIn } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const ended = problem(401, 'SESSION_ENDED', 'The session has ended', 'This session has ended. Sign in again.');
const unsigned = problem(401, 'UNAUTHENTICATED', 'Sign in first', 'This address is for the services of this installation only.');
const unknownSession = '00000000-0000-4000-8000-000000000000';

const meOf = ({ asCaller }: SignedIn) => fixture.ask<Record<string, unknown>>('GET', '/v1/auth/me', { headers: asCaller });
const rename = ({ asCaller }: SignedIn, displayName: string, version: string) =>
  fixture.ask('PATCH', '/v1/auth/me', { body: { displayName }, headers: { ...asCaller, 'if-match': version } });
const actorOf = ({ userId, sessionId }: SignedIn) => ({ type: 'user', id: userId, sessionId, ip: clientAddress });

describe.each([
  ['GET', '/v1/auth/me'],
  ['PATCH', '/v1/auth/me'],
  ['POST', '/v1/auth/logout'],
  ['GET', '/v1/auth/sessions'],
  ['DELETE', '/v1/auth/sessions'],
  ['DELETE', `/v1/auth/sessions/${unknownSession}`],
])('%s %s', (method, path) => {
  const options = method === 'PATCH' ? { body: { displayName: 'Grace' } } : {};

  test('refuses who comes without a principal, or with a forged one', async () => {
    expect((await fixture.ask(method, path, options)).body).toEqual(unsigned);
    const { body } = await fixture.ask(method, path, { ...options, headers: { 'x-guildhall-principal': 'forged' } });
    expect(body).toEqual(unsigned);
  });

  test('refuses a session that was revoked, though its principal is still good', async () => {
    const user = await fixture.signUp();
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    const { status, body } = await fixture.ask(method, path, { ...options, headers: { ...user.asCaller, 'if-match': '"1"' } });
    expect({ status, body }).toEqual({ status: 401, body: ended });
  });
});

describe('GET /v1/auth/me', () => {
  test('says who is calling, in one statement', async () => {
    const user = await fixture.signUp();
    const { result, statements } = await countStatements(() => meOf(user));
    expect(result.body).toEqual({
      id: user.userId,
      email: user.email,
      isEmailVerified: true,
      displayName: 'Ada',
      roles: ['member'],
      permissions: ['community:create'],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      waysIn: { hasPassword: true, passkeys: 0, connections: 0, hasAuthenticator: false },
      signedInAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(result.headers.get('etag')).toBe('"1"');
    expect(withoutJobs(statements)).toHaveLength(1);
  });
});

describe('PATCH /v1/auth/me', () => {
  test('changes the name, and tells the audit and the other services', async () => {
    const user = await fixture.signUp();
    const { status, body, headers } = await rename(user, ' Grace ', '"1"');
    expect({ status, etag: headers.get('etag') }).toEqual({ status: 200, etag: '"2"' });
    expect(body).toMatchObject({ id: user.userId, displayName: 'Grace', roles: ['member'] });
    expect(await userChangesOf(fixture.tables, user.userId)).toEqual([
      { userId: user.userId, displayName: 'Ada', version: 1 },
      { userId: user.userId, displayName: 'Grace', version: 2 },
    ]);
    expect((await auditOf(fixture.tables, user.userId)).at(-1)).toEqual({
      actor: actorOf(user),
      action: 'user.update',
      resource: { type: 'user', id: user.userId, name: 'Grace' },
      result: 'success',
      changes: [{ path: '/displayName', before: 'Ada', after: 'Grace' }],
      requestId: 'request-1',
      service: 'auth',
    });
  });

  test('lets one of ten that saw the same version win', async () => {
    const user = await fixture.signUp();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => rename(user, `Grace ${index}`, '"1"')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.find(({ status }) => status !== 200)?.body).toEqual(
      problem(
        412,
        'VERSION_MISMATCH',
        'Changed by someone else',
        'The current version is 2. Read it again and repeat your change on it.',
      ),
    );
    expect(await userChangesOf(fixture.tables, user.userId)).toHaveLength(2);
  });

  test('wants If-Match, and refuses what is not a name', async () => {
    const user = await fixture.signUp();
    const { body } = await fixture.ask('PATCH', '/v1/auth/me', { body: { displayName: 'Grace' }, headers: user.asCaller });
    expect(body).toEqual(
      problem(428, 'VERSION_REQUIRED', 'If-Match is required', 'Send If-Match with the ETag of the version you saw.'),
    );
    expect((await rename(user, '  ', '"2"')).status).toBe(400);
    expect((await rename(user, 'x'.repeat(300_000), '"2"')).status).toBe(413);
  });
});

describe('POST /v1/auth/logout', () => {
  test('ends this session and no other, and tells the audit', async () => {
    const user = await fixture.signUp();
    const other = await fixture.asSignedIn(user.email);
    const { status, body } = await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    expect({ status, body }).toEqual({ status: 204, body: null });
    expect((await fixture.post('/v1/auth/refresh', { refreshToken: user.tokens.refreshToken })).status).toBe(401);
    expect((await meOf(other)).status).toBe(200);
    expect((await auditOf(fixture.tables, user.sessionId)).at(-1)).toEqual({
      actor: actorOf(user),
      action: 'session.revoke',
      resource: { type: 'session', id: user.sessionId },
      result: 'success',
      changes: [{ path: '/reason', after: 'log-out' }],
      requestId: 'request-1',
      service: 'auth',
    });
  });
});

const list = ({ asCaller }: SignedIn, query = '') =>
  fixture.ask<{ items: { id: string; deviceLabel: string; isCurrent: boolean }[]; nextCursor: string | null }>(
    'GET',
    `/v1/auth/sessions${query}`,
    { headers: asCaller },
  );

describe('/v1/auth/sessions', () => {
  test('lists the devices of the caller alone, newest first, page by page', async () => {
    await fixture.signUp();
    const user = await fixture.signUp();
    for (const deviceLabel of ['laptop', 'telephone', 'tablet']) await fixture.logIn(user.email, { deviceLabel });
    const first = await list(user, '?limit=3');
    expect(first.body.items.map(({ deviceLabel }) => deviceLabel)).toEqual(['tablet', 'telephone', 'laptop']);
    const second = await list(user, `?limit=3&cursor=${first.body.nextCursor ?? ''}`);
    expect(second.body).toEqual({
      items: [
        {
          id: user.sessionId,
          deviceLabel: 'node',
          ipAddress: clientAddress,
          createdAt: expect.any(String),
          lastUsedAt: expect.any(String),
          expiresAt: expect.any(String),
          isCurrent: true,
        },
      ],
      nextCursor: null,
    });
  });

  test('refuses a cursor that it did not give out', async () => {
    const user = await fixture.signUp();
    for (const position of ['nonsense', Buffer.from('["x","y"]').toString('base64url')]) {
      const cursor = bindCursor(authRoutes.listSessions, { params: {}, query: {} }, position);
      expect((await list(user, `?cursor=${cursor}`)).body).toMatchObject({ code: 'INVALID', errors: [{ path: '/cursor' }] });
    }
  });

  test("signs one device out, and knows neither it nor a stranger's afterwards", async () => {
    const user = await fixture.signUp();
    const other = await fixture.asSignedIn(user.email);
    const stranger = await fixture.signUp();
    const end = (sessionId: string) => fixture.ask('DELETE', `/v1/auth/sessions/${sessionId}`, { headers: user.asCaller });
    expect((await end(other.sessionId)).status).toBe(204);
    expect((await meOf(other)).body).toEqual(ended);
    const missing = problem(404, 'NOT_FOUND', 'Not found', 'You have no such session.');
    for (const id of [other.sessionId, stranger.sessionId, unknownSession]) expect((await end(id)).body).toEqual(missing);
    expect((await meOf(stranger)).status).toBe(200);
    expect((await end('nonsense')).status).toBe(400);
  });

  test('signs every other device out', async () => {
    const user = await fixture.signUp();
    const others = [await fixture.asSignedIn(user.email), await fixture.asSignedIn(user.email)];
    const end = () => fixture.ask('DELETE', '/v1/auth/sessions', { headers: user.asCaller });
    expect((await end()).status).toBe(204);
    for (const other of others) {
      expect((await meOf(other)).status).toBe(401);
      expect((await auditOf(fixture.tables, other.sessionId)).at(-1)).toMatchObject({
        action: 'session.revoke',
        actor: actorOf(user),
        changes: [{ path: '/reason', after: 'others' }],
      });
    }
    expect((await list(user)).body.items).toHaveLength(1);
    expect((await end()).status).toBe(204);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
