import { expect, test } from 'vitest';
import { openWindow } from '../support/browser.ts';
import type { Stage } from '../support/stage.ts';

/** Fresh and alone: everything by the keyboard. */
export const testSolo = (stageOf: () => Stage): void => {
  test('the link of the launcher opens solo work; a workspace is made by keyboard alone', async () => {
    const { browser, url, localToken } = stageOf();
    const window = await openWindow(browser, url);
    const { page } = window;
    await page.goto('/');
    await page.getByRole('heading', { name: 'Welcome to Guildhall' }).waitFor();
    await page.getByText('Solo workspaces are for the user of this machine.').waitFor();
    await window.look('home-closed');

    await page.goto(`/#/local/${localToken}`);
    await page.getByText('No workspace yet').waitFor();
    expect(page.url()).toBe(`${url}/app`);
    await window.look('home-empty');

    await page.reload();
    await page.getByText('No workspace yet').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('New workspace');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Night batch');
    await window.look('new-workspace');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.locator(':focus').textContent()).toBe('New workspace');
    await window.close();
  });
};
