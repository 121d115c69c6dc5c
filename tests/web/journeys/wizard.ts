import { expect, test } from 'vitest';
import { openWindow } from '../support/browser.ts';
import { owner, signIn } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

/** The way from solo to a team, by the wizard. */
export const testWizard = (stageOf: () => Stage): void => {
  test('the wizard refuses a wrong token, an address without an answer and a wrong password; a service that is killed in a step is named, and again connects over a reload', async () => {
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

    const address = new URL(stack.database.url());
    address.password = 'not the password of anyone';
    await page.getByLabel('Address of the database').fill(address.href);
    await page.getByRole('button', { name: 'Test the database' }).click();
    await page.getByText('ACCESS_DENIED').waitFor();

    await page.getByLabel('Address of the database').fill(stack.database.url());
    await page.getByRole('button', { name: 'Test the database' }).click();
    await page.getByText(/can be used/).waitFor();
    await page.getByLabel('Name').fill(owner.displayName);
    await page.getByLabel('E-mail address').fill(owner.email);
    await page.getByLabel('Password').fill(owner.password);
    await window.look('wizard-owner');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('Migrate auth').waitFor();
    await stack.service('team-resources').kill('SIGKILL', { staysDown: true });
    // The wizard waits half a minute for a service that may be restarting.
    await page.getByText('The team-resources service does not answer. Start it, then configure again.').first().waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Migrate team-resources' }).locator('.step-mark svg').waitFor();
    await window.look('wizard-failed');
    await stack.service('team-resources').start();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Connecting' }).waitFor();
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
