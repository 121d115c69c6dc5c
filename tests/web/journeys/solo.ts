import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openWindow, type Window } from '../support/browser.ts';
import { tabTo } from '../support/keyboard.ts';
import { openLocal } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

const openSolo = async (stage: Stage): Promise<Window> => {
  const window = await openLocal(stage, '/app');
  await window.page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  return window;
};

/** Goes to the end of the text and types, then saves by the keys. */
const appendAndSave = async (page: Page, text: string, version: number): Promise<void> => {
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
  await page.keyboard.press('Control+s');
  await page.getByText(`Saved as version ${version}.`).waitFor();
};

const editorText = (page: Page): Promise<string> =>
  page.evaluate(`document.querySelector('.editor').shadowRoot.querySelector('.cm-content').innerText`);

/** Solo work: fresh and by keyboard alone, then by two at once. */
export const testSolo = (stageOf: () => Stage): void => {
  test('alone, by keyboard: a workspace, a script, three versions, compared, restored', async () => {
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
    await tabTo(page, 'New workspace');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Night batch');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.locator(':focus').textContent()).toBe('New workspace');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Night batch');
    await window.look('new-workspace');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Night batch' }).waitFor();

    await tabTo(page, 'New script');
    await page.keyboard.press('Enter');
    await page.keyboard.type('load-orders.sh');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'load-orders.sh' }).waitFor();
    await tabTo(page, 'Text of the script');
    // A text that was not saved lives through a reload of the page.
    await page.keyboard.press('Control+End');
    await page.keyboard.type('unsaved');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.getByText('This is your text from before.').waitFor();
    expect(await editorText(page)).toContain('unsaved');
    await window.look('script-restored');
    await page.getByRole('button', { name: 'Drop it, and begin with what is saved' }).click();
    await page.getByRole('textbox', { name: 'Text of the script' }).focus();
    await appendAndSave(page, 'load --from yesterday\n', 2);
    await appendAndSave(page, 'load --holidays\n', 3);
    await window.look('script');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'History of load-orders.sh' }).waitFor();
    await tabTo(page, 'Compare with 2');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'From version 2 to version 3' }).waitFor();
    await page.getByText('load --holidays').waitFor();
    await window.look('history');
    await tabTo(page, 'Restore version 2');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'load-orders.sh', exact: true }).waitFor();
    await page.getByText('version 4').waitFor();
    expect(await editorText(page)).not.toContain('holidays');
    await window.close();
  });

  test('two windows edit one script, which the palette finds: the second save shows both changes, and loses neither', async () => {
    const [one, two] = [await openSolo(stageOf()), await openSolo(stageOf())];
    await one.page.keyboard.press('Control+k');
    const palette = one.page.getByRole('combobox', { name: /^Search pages/ });
    await palette.fill('load-ord');
    await one.page.getByRole('option', { name: 'load-orders.sh', selected: true }).waitFor();
    await one.look('palette');
    await one.page.keyboard.press('Enter');
    await two.page.getByRole('link', { name: 'Night batch' }).click();
    await two.page.getByRole('link', { name: 'load-orders.sh' }).click();
    for (const { page } of [one, two]) await page.getByRole('textbox', { name: 'Text of the script' }).click();
    await appendAndSave(one.page, 'at the end, by one\n', 5);
    await two.page.keyboard.press('Control+Home');
    await two.page.keyboard.type('# at the top, by two\n');
    await two.page.keyboard.press('Control+s');
    await two.page.getByText('Changed by someone else').waitFor();
    await two.page.getByText('Your changes do not touch each other.').waitFor();
    await two.look('three-way');
    await two.page.getByRole('button', { name: 'Save both together' }).click();
    await two.page.getByText('Saved as version 6.').waitFor();
    const text = await editorText(two.page);
    expect(text).toContain('# at the top, by two');
    expect(text).toContain('at the end, by one');
    await one.close();
    await two.close();
  });

  test('the page of the API fills nothing in, sends a fresh key each time, and keeps a token over a reload', async () => {
    const window = await openSolo(stageOf());
    const { page } = window;
    await page.getByRole('button', { name: 'Requests', exact: true }).click();
    const reads = page.getByRole('textbox', { name: 'listWorkspaces' });
    await reads.first().waitFor();
    const commands = await Promise.all((await reads.all()).map((read) => read.inputValue()));
    expect(commands.join('\n')).toContain(`curl -sS '${stageOf().url}/v1/workspaces' -H`);
    expect(commands.join('\n')).not.toContain(stageOf().localToken);
    await window.look('requests');
    await page.goto('/docs');
    await page.getByRole('searchbox', { name: 'Find an operation' }).fill('createWorkspace');
    await window.look('docs');
    await page.getByRole('link', { name: '/v1/workspaces', exact: true }).click();
    const body = page.getByRole('textbox', { name: 'Body' });
    expect(await body.inputValue()).toBe('');
    await body.fill('{"name": 1}');
    const keys: (string | undefined)[] = [];
    for (let sent = 0; sent < 2; sent += 1) {
      const sending = page.waitForRequest((request) => request.method() === 'POST');
      await page.getByRole('button', { name: 'Send' }).click();
      keys.push((await sending).headers()['idempotency-key']);
      await page.getByRole('region', { name: 'Answer' }).first().getByText('INVALID').waitFor();
    }
    expect(new Set(keys).size).toBe(2);
    await window.look('docs-operation');
    await page.goto('/docs?operation=getMe');
    await page.getByLabel('Another access token').fill('of-another-tool');
    await page.reload();
    expect(await page.getByLabel('Another access token').inputValue()).toBe('of-another-tool');
    await window.close();
  });
};
