import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { sendRaw, statusesOf } from '../support/raw-request.ts';
import { communityId, startStandInTeam, type StandInTeam } from '../support/team.ts';

let team: StandInTeam;
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  team = await startStandInTeam();
  gateway = await startTestGateway(team.env);
  team.roles.set('ada', 'owner');
  token = await team.issuer.sign({ userId: 'ada', permissions: ['community:create'] });
  await waitFor(async () => (await ask(at('/v1/auth/me'), { token })).status === 200);
  await waitFor(async () => (await ask(at('/v1/communities'), { token })).status === 200);
});
afterAll(async () => {
  await gateway.stop();
  await team.stop();
});
beforeEach(() => {
  team.passed.length = 0;
});
const at = (pathname: string): string => `${gateway.url}${pathname}`;

describe('the inside', () => {
  test.each([
    '/internal/access?userId=ada&communityId=x',
    '//internal/access',
    '/internal%2faccess',
    '/%69nternal/access',
    '/v1/../internal/access',
    '/v1/%2e%2e/internal/access',
    '/v1/..;/internal/access',
    '/v1/communities/../../internal/access',
    '/v1\\..\\internal/access',
    '/.//internal/access',
    'http://gateway.example/internal/access',
    'http://127.0.0.1/v1/../internal/access',
    'http:///internal/access',
    'https://x@y/internal/access',
    '*',
  ])('is not reached by %s', async (target) => {
    for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS']) {
      const raw = await sendRaw(
        gateway.url,
        `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nX-Guildhall-Service: forged\r\nConnection: close\r\n\r\n`,
      );
      expect([target, method, statusesOf(raw)]).toEqual([
        target,
        method,
        [expect.toSatisfy((s: number) => s === 400 || s === 404)],
      ]);
    }
    expect(team.passed).toEqual([]);
  });

  test('a parameter that holds a path stays one parameter', async () => {
    const id = `${communityId}%2f..%2f..%2f..%2finternal%2faccess`;
    const answer = await ask(at(`/v1/communities/${id}`), { token });
    expect([answer.status, team.passed]).toEqual([404, []]);
    await ask(at(`/v1/auth/sessions/${id}`), { token, method: 'DELETE' });
    expect(team.passed.map(({ url }) => url)).toEqual([`/v1/auth/sessions/${id}`]);
  });

  test('forged internal headers are not believed and not passed on', async () => {
    const headers = { 'x-guildhall-principal': 'forged', 'x-guildhall-service': 'forged' };
    expect((await ask(at('/v1/auth/me'), { headers })).status).toBe(401);
    await ask(at('/v1/auth/login'), { headers, method: 'POST', body: {} });
    expect(team.passed.map((seen) => [seen.principal, seen.headers['x-guildhall-service']])).toEqual([[null, undefined]]);
  });

  test.each(['/v1/communities', 'http://elsewhere.example/v1/communities'])('%s reaches the same route', async (target) => {
    const raw = await sendRaw(
      gateway.url,
      `GET ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    );
    expect(statusesOf(raw)).toEqual([200]);
    expect(team.passed.map(({ url }) => url)).toEqual(['/v1/communities']);
  });
});
