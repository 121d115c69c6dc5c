// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { call } from '../src/api/call.ts';
import { keepLocalToken } from '../src/api/local-token.ts';
import { ProblemError } from '../src/api/problem.ts';
import { beginSession, findSession, forgetSession, refreshSession, sessionStatus, sessionUser } from '../src/api/session.ts';
import { problem, serveApi, type Api } from './support/page.ts';

const tokenOf = (user: string): string => `e30.${btoa(JSON.stringify({ sub: user }))}.signature`;
const pairOf = (user: string, expiresIn = 900) => ({ accessToken: tokenOf(user), expiresIn, tokenType: 'Bearer' as const });
const session =
  (user: string): Api =>
  () => ({ status: 200, body: pairOf(user) });
const away: Api = () => problem(503, 'SHARED_DB_UNAVAILABLE');

const create = (): Promise<unknown> => call('createWorkspace', { body: { name: 'Night batch' } }).catch(() => null);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  forgetSession();
  keepLocalToken(null);
  vi.useRealTimers();
});

test('a page that is loaded while the shared part is away is signed in once it is back', async () => {
  localStorage.setItem('guildhall.signed-in', 'yes');
  sessionStatus.set('unknown');
  serveApi(away);
  await findSession();
  expect(sessionStatus.get()).toBe('signed_out');
  serveApi(session('olive'));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sessionStatus.get()).toBe('signed_in');
});

test('whoever signs in in another tab is who is signed in here, too', async () => {
  beginSession(pairOf('olive'));
  expect(sessionUser.get()).toBe('olive');
  serveApi(session('ben'));
  await refreshSession();
  expect([sessionStatus.get(), sessionUser.get()]).toEqual(['signed_in', 'ben']);
});

test('solo work goes on for somebody whose token grows too old while the shared part is away', async () => {
  beginSession(pairOf('olive', 0));
  keepLocalToken('local');
  const sent = serveApi((request) => {
    if (request.path === '/v1/auth/refresh') return problem(503, 'SHARED_DB_UNAVAILABLE');
    if (request.path === '/v1/communities') return problem(401, 'UNAUTHENTICATED');
    return { status: 200, body: { items: [], nextCursor: null } };
  });
  expect(await call('listWorkspaces', { query: { mode: 'solo' } })).toEqual({ items: [], nextCursor: null });
  expect(sent.at(-1)?.headers.get('authorization')).toBeNull();
  // What is shared is away, and not a matter of signing in.
  const refused = await call('listCommunities', { query: {} }).catch((error: unknown) => error);
  expect(refused instanceof ProblemError ? refused.code : refused).toBe('SHARED_DB_UNAVAILABLE');
});

test('a creation whose answer was lost is sent again with its key; the next one of the same content has another', async () => {
  const isLost = { now: true };
  const sent = serveApi(() => (isLost.now ? new TypeError('Failed to fetch') : { status: 201, body: {} }));
  await create();
  isLost.now = false;
  await create();
  await create();
  const keys = sent.map(({ headers }) => headers.get('idempotency-key'));
  expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]]);
  expect(keys[3]).not.toBe(keys[0]);
});
