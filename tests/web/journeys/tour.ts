import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { must } from '../../support/users.ts';
import type { Window } from '../support/browser.ts';
import { makeOddCommunity, oddText } from '../support/odd-community.ts';
import { openAs, openLocal, owner, tokenOf } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

const phone = { width: 390, height: 844 };
const desk = { width: 1280, height: 800 };

/** The elements that stand out of the page sideways, and are in no frame that scrolls. */
const overflowing = `(() => {
  const wide = document.documentElement.scrollWidth > window.innerWidth;
  if (!wide) return [];
  const isScrolled = (element) => element !== null && element !== document.body &&
    (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX) || isScrolled(element.parentElement));
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1 && !isScrolled(element.parentElement))
    .slice(0, 3).map((element) => element.outerHTML.slice(0, 160));
})()`;

/** Goes to another screen as a link does, without loading the page anew. */
const goWithin = async (page: Page, address: string): Promise<void> => {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(address)}); dispatchEvent(new PopStateEvent('popstate'))`);
  await page.locator('main h1').first().waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
};

const nameOf = (address: string): string =>
  address
    .replace(/^\/(app\/)?|\?.*$/g, '')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'one')
    .replaceAll('/', '-');

/** Looks at each screen in a language, by axe, too. Returns what stands out of the page on a phone. */
const lookAtAll = async (
  window: Window,
  addresses: readonly string[],
  language: 'en' | 'zh' = 'zh',
): Promise<readonly string[]> => {
  const { page } = window;
  await page.evaluate(`localStorage.setItem('guildhall.language', '${language}')`);
  await page.reload();
  const faults: string[] = [];
  for (const address of addresses) {
    await goWithin(page, address);
    await window.look(`${language}-${nameOf(address)}`);
    await page.setViewportSize(phone);
    faults.push(...(await page.evaluate<string[]>(overflowing)).map((element) => `${address}: ${element}`));
    await page.setViewportSize(desk);
  }
  await page.evaluate(`localStorage.setItem('guildhall.language', 'en')`);
  return faults;
};

/** A walk through every screen, with names that a page may only show. */
export const testTour = (stageOf: () => Stage): void => {
  test('every screen of a community shows markup, both directions of writing and names without a blank as they are, in both languages and on a phone', async () => {
    const stage = stageOf();
    const addresses = await makeOddCommunity(stage.http);
    const window = await openAs(stage, owner, '/app/communities');
    const { page } = window;
    await page.getByText(oddText).first().waitFor();
    for (const language of ['zh', 'en'] as const) expect(await lookAtAll(window, addresses, language)).toEqual([]);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    await window.close();
  });

  test('every screen for the whole installation fits on a phone in Chinese', async () => {
    const stage = stageOf();
    const token = await tokenOf(stage.http, owner);
    const { items: users } = await must(stage.http, 200, 'GET', '/v1/users?limit=1', { token });
    const { items: events } = await must(stage.http, 200, 'GET', '/v1/audit/events?limit=1', { token });
    const [userId = '', eventId = ''] = [users, events].map((items) => (items as readonly { readonly id: string }[])[0]?.id);
    const window = await openAs(stage, owner, '/app');
    const addresses = [
      '/app',
      '/app/audit',
      `/app/audit/${eventId}`,
      '/app/audit/blame',
      '/app/audit/rejected',
      '/app/audit/retention',
      '/app/audit/verify',
      '/app/admin/users',
      `/app/admin/users/${userId}`,
      '/app/admin/roles',
      '/app/admin/roles/owner',
      '/app/admin/service-accounts',
      '/app/system',
      '/app/data',
      '/app/data/auth/users',
      '/app/account',
      '/app/account/trail',
      '/app/installation',
      '/app/invite',
      '/docs',
      '/docs?operation=createWorkspace',
    ];
    expect(await lookAtAll(window, addresses)).toEqual([]);
    await window.close();
  });

  test('every screen of a workspace fits on a phone in Chinese', async () => {
    const stage = stageOf();
    const { items } = await must(stage.http, 200, 'GET', '/v1/workspaces?mode=solo');
    const workspace = (items as readonly { readonly id: string; readonly name: string }[]).find(
      ({ name }) => name === 'Night batch',
    );
    const path = `/v1/workspaces/${workspace?.id}`;
    const first = async (list: string): Promise<string> =>
      ((await must(stage.http, 200, 'GET', `${path}/${list}?limit=1`))['items'] as readonly { readonly id: string }[])[0]?.id ??
      '';
    const [scriptId, folderId] = [await first('scripts'), await first('control-m/folders')];
    const documentId = await first('control-m/documents');
    const window = await openLocal(stage, '/app');
    const parts = [
      '',
      `/scripts/${scriptId}`,
      `/scripts/${scriptId}/history`,
      '/control-m',
      '/control-m/import',
      '/control-m/documents',
      `/control-m/documents/${documentId}/history`,
      '/control-m/naming-rules',
      '/control-m/jobs',
      '/control-m/graph',
      '/control-m/transform',
      `/control-m/folders/${folderId}`,
      `/control-m/folders/${folderId}/history`,
      `/control-m/folders/${folderId}/blame`,
      '/archive',
      '/share',
      '/sync',
    ];
    const others = ['/app/local', '/app/sign-up', '/app/reset', '/app/sign-in', '/app/end-sessions', '/app/no-such-page'];
    expect(await lookAtAll(window, [...parts.map((part) => `/app/workspaces/${workspace?.id}${part}`), ...others])).toEqual([]);
    await window.close();
  });
};
