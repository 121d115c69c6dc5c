import { expect, test } from 'vitest';
import { openWindow } from '../support/browser.ts';
import { owner, signIn } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

/** The way from solo to a team, by the wizard. */
export const testWizard = (stageOf: () => Stage): void => {
  test('the wizard refuses a wrong token and a database that does not answer, connects a good one over a reload, and makes the owner', async () => {
    const { browser, url, stack } = stageOf();
    const window = await openWindow(browser, url);
    const { page } = window;
    await page.goto('/app/installation');
    await page.getByLabel('Setup token').fill('not the token');
    await page.getByLabel('Address of the database').fill('postgres://guildhall:secret@127.0.0.1:9/guildhall');
    await page.getByRole('button', { name: 'Test the database' }).click();
    await page.getByText('SETUP_TOKEN_INVALID').waitFor();

    await page.goto(`/#/setup/${stack.setupToken}`);
    await page.getByLabel('Address of the database').fill('postgres://guildhall:secret@127.0.0.1:9/guildhall');
    await page.getByRole('button', { name: 'Test the database' }).click();
    await page.getByText('This database cannot be used yet').waitFor();
    await page.getByText('UNREACHABLE').waitFor();
    await window.look('wizard-refused');

    await page.getByLabel('Address of the database').fill(stack.database.url());
    await page.getByRole('button', { name: 'Test the database' }).click();
    await page.getByText(/can be used/).waitFor();
    await page.getByLabel('Name').fill(owner.displayName);
    await page.getByLabel('E-mail address').fill(owner.email);
    await page.getByLabel('Password').fill(owner.password);
    await window.look('wizard-owner');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('Migrate auth').waitFor();
    await page.reload();
    await page.getByText('The shared database is connected').waitFor({ timeout: 120_000 });
    expect(await page.getByText('ready', { exact: true }).count()).toBe(3);
    await window.look('installation');

    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await window.look('sign-in');
    await signIn(page, { ...owner, password: 'not the password of anyone' });
    await page.getByText('The address or the password is wrong.').waitFor();
    await signIn(page, owner);
    await page.getByText('Waiting for you').waitFor();
    await page.getByText('Olive Owen').waitFor();
    await window.look('home-owner');
    await window.close();
  });
};
