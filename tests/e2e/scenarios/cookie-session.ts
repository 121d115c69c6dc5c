import { expect, test } from 'vitest';
import type { TestStack } from '../../support/test-stack.ts';
import { signUp } from '../../support/users.ts';

const cookieName = '__Host-guildhall-session';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly cookie: string | undefined;
}

const valueIn = ({ cookie = '' }: Answer): string => cookie.slice(0, cookie.indexOf(';'));

/** A browser with a session in a cookie, on a running stack. */
export const testCookieSession = (stackOf: () => TestStack): void => {
  test('a browser keeps its refresh token in a cookie: log-in, refresh and log-out through the gateway, and a forged page gets nothing', async () => {
    const { http, stack } = stackOf();
    const { email, password } = await signUp(http, stack.mailFolder, 'Bea');
    const send = async (path: string, headers: Readonly<Record<string, string>>, body: object): Promise<Answer> => {
      const response = await fetch(`${stack.urls.gateway}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      const cookie = response.headers.getSetCookie().find((field) => field.startsWith(`${cookieName}=`));
      return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']), cookie };
    };
    const page = { 'sec-fetch-site': 'same-origin' };

    const opened = await send('/v1/auth/login', page, { email, password, session: 'cookie' });
    expect([opened.status, Object.keys(opened.body).toSorted()]).toEqual([200, ['accessToken', 'expiresIn', 'tokenType']]);
    expect(opened.cookie).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const forged = await send('/v1/auth/refresh', { 'sec-fetch-site': 'cross-site', cookie: valueIn(opened) }, {});
    expect([forged.status, forged.body['code'], forged.cookie]).toEqual([403, 'FORBIDDEN', undefined]);

    const refreshed = await send('/v1/auth/refresh', { ...page, cookie: valueIn(opened) }, {});
    expect([refreshed.status, 'refreshToken' in refreshed.body]).toEqual([200, false]);
    const token = String(refreshed.body['accessToken']);
    expect((await http.send('GET', '/v1/auth/me', { token })).body).toMatchObject({ email });
    const ended = await send('/v1/auth/logout', { ...page, cookie: valueIn(refreshed), authorization: `Bearer ${token}` }, {});
    expect([ended.status, ended.cookie]).toEqual([204, `${cookieName}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict`]);
    expect((await send('/v1/auth/refresh', { ...page, cookie: valueIn(refreshed) }, {})).status).toBe(401);
  });
};
