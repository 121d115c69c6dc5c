import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { HttpClient } from '../../../tools/demo/http-client.ts';
import { must } from '../../support/users.ts';
import { openWindowOf, type Window } from './browser.ts';
import type { Stage } from './stage.ts';

export interface Account {
  readonly email: string;
  readonly password: string;
}

export const owner = { displayName: 'Olive Owen', email: 'olive@example.test', password: 'a long and quiet sentence' } as const;
export const ben = { displayName: 'Ben Baker', email: 'ben@example.test', password: 'another long and quiet sentence' } as const;

/** Fills in the form of the sign-in, once the page shows it in place of what it showed before, and sends it. */
export const signIn = async (page: Page, { email, password }: Account): Promise<void> => {
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
};

/** Signs a profile in without its forms, as journeys want that are about something else: its page sends what the form would send. */
export const signInByApi = async (profile: BrowserContext, { email, password }: Account): Promise<void> => {
  const page = await profile.newPage();
  await page.goto('/app/nothing');
  const body = JSON.stringify({ email, password, session: 'cookie', deviceLabel: 'Chrome on Linux' });
  const status = await page.evaluate<number>(`(async () => {
    const answer = await fetch('/v1/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ${JSON.stringify(body)},
    });
    localStorage.setItem('guildhall.signed-in', 'yes');
    return answer.status;
  })()`);
  expect(status).toBe(200);
  await page.close();
};

/** Opens an address as somebody who is signed in. */
export const openAs = async (stage: Stage, person: Account, address: string): Promise<Window> => {
  const window = await openWindowOf(stage, person.email, (profile) => signInByApi(profile, person));
  await window.page.goto(address);
  return window;
};

/** Opens an address as this machine's user, whom the local token shows. */
export const openLocal = async (stage: Stage, address: string): Promise<Window> => {
  const window = await openWindowOf(stage, 'local', async (profile) => {
    await profile.addInitScript(`localStorage.setItem('guildhall.local-token', '${stage.localToken}')`);
  });
  await window.page.goto(address);
  return window;
};

/** Signs in by the API. Returns the access token. */
export const tokenOf = async (http: HttpClient, { email, password }: Account): Promise<string> => {
  const tokens = await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } });
  return String(tokens['accessToken']);
};

/** Makes a community of the owner with one more member, by the API. Returns its id. */
export const inviteByApi = async (http: HttpClient, name: string, member: Account): Promise<string> => {
  const [token, memberToken] = [await tokenOf(http, owner), await tokenOf(http, member)];
  const { id } = await must(http, 201, 'POST', '/v1/communities', { token, body: { name } });
  const invite = await must(http, 201, 'POST', `/v1/communities/${String(id)}/invites`, { token, body: { role: 'member' } });
  await must(http, 200, 'POST', '/v1/invites/accept', { token: memberToken, body: { token: invite['token'] } });
  return String(id);
};
