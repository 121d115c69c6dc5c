// @vitest-environment happy-dom
import { errorCodes } from '@guildhall/errors';
import { createElement } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { problemOf, type ProblemError } from '../src/api/problem.ts';
import { chooseLanguage } from '../src/i18n/texts.ts';
import { Problem } from '../src/ui/notice.tsx';
import { Shown } from '../src/ui/states.tsx';
import { draw, problem } from './support/page.ts';

afterEach(() => chooseLanguage('en'));

const errorOf = ({ status, body }: ReturnType<typeof problem>, headers = {}): Promise<ProblemError> =>
  problemOf(new Response(JSON.stringify(body), { status, headers }));

test('an error of each code is told in Chinese, and what its answer adds stays in its own language', async () => {
  chooseLanguage('zh');
  for (const code of [...errorCodes, 'UNREADABLE', 'UNREACHABLE']) {
    const host = draw(Problem, { error: await errorOf(problem(400, code)) });
    await vi.waitFor(() => expect(`${code} ${host.querySelector('p')?.textContent}`).toMatch(/\p{Script=Han}/u));
    expect(
      [...host.querySelectorAll('p')].filter(({ textContent, lang }) => textContent.startsWith('The answer') && lang !== 'en'),
    ).toEqual([]);
  }
});

test('too many attempts: the page says when the next one may be made', async () => {
  const host = draw(Problem, { error: await errorOf(problem(429, 'RATE_LIMITED'), { 'retry-after': '17' }) });
  await vi.waitFor(() => expect(host.textContent).toContain('Try again in 17 seconds.'));
});

test.each([
  ['FORBIDDEN', 403, false],
  ['NOT_FOUND', 404, false],
  ['SESSION_ENDED', 401, false],
  ['SHARED_DB_UNAVAILABLE', 503, true],
  ['INTERNAL', 500, true],
])('what was read before %s: it is in sight no longer than it may be', async (code, status, stays) => {
  const read = { data: 'Night shift', error: await errorOf(problem(status, code)), refetch: () => undefined };
  const host = draw(Shown<string>, { read, children: (data: string) => createElement('p', null, data) });
  await vi.waitFor(() => expect(host.textContent).toContain(code));
  expect(host.textContent.includes('Night shift')).toBe(stays);
});
