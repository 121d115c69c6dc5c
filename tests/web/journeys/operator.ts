import { expect, test } from 'vitest';
import { openWindow } from '../support/browser.ts';
import { openAs, owner, signIn } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

/** The owner looks after the installation: processes and tables; and a session is ended elsewhere. */
export const testOperator = (stageOf: () => Stage): void => {
  test('a service that is stopped is named on the system page, and the others stand there all the same', async () => {
    const { stack } = stageOf();
    const window = await openAs(stageOf(), owner, '/app/system');
    const { page } = window;
    const services = page.getByRole('region', { name: 'Services' });
    await services.getByText('ready').nth(2).waitFor();
    await page.getByRole('region', { name: 'Signing keys' }).getByText('signs').waitFor();
    await page.getByText('Migrations').first().waitFor();
    await window.look('system');
    await stack.service('audit').stop();
    try {
      await services.getByText('does not answer', { exact: true }).waitFor();
      await page.getByText('Not everything could be read').first().waitFor();
      await window.look('system-away');
      expect(await services.getByText('ready').count()).toBe(2);
    } finally {
      await stack.service('audit').start();
    }
    await services.getByText('ready').nth(2).waitFor();
    await window.close();
  });

  test('the data browser leads from a row to what it points at, and shows no secret', async () => {
    const window = await openAs(stageOf(), owner, '/app/data/auth/sessions');
    const { page } = window;
    const rows = page.getByRole('region', { name: 'sessions', exact: true });
    await rows.getByRole('row').nth(1).waitFor();
    await page.getByText('Columns, keys and references').click();
    await page.getByText('Withheld: refresh_token_hash').waitFor();
    await window.look('data-rows');
    await rows.getByRole('button', { name: 'Sort by created_at' }).click();
    await page.waitForURL(/sort=created_at/);
    await rows.locator('a').first().click();
    await page.getByRole('heading', { name: 'auth.users' }).waitFor();
    const users = page.getByRole('region', { name: 'users', exact: true });
    await users.getByRole('row').nth(1).waitFor();
    expect(await users.getByRole('row').count()).toBe(2);
    await page.getByRole('link', { name: 'Data' }).first().click();
    await page.getByRole('link', { name: 'user_passwords' }).click();
    const passwords = page.getByRole('region', { name: 'user_passwords', exact: true });
    await passwords.getByRole('row').nth(1).waitFor();
    expect(await page.content()).not.toMatch(/\$2[aby]\$/);
    await page.goto('/app/data');
    await page.getByRole('link', { name: 'forward_cursors' }).waitFor();
    await window.look('data');
    await window.close();
  });

  test('a session that is ended in one window is over in the other by itself, and a text under its hands is there again after the sign-in', async () => {
    const stage = stageOf();
    const [first, second] = [await openAs(stage, owner, '/app'), await openWindow(stage.browser, stage.url)];
    await first.page.getByRole('link', { name: 'Night batch' }).click();
    await first.page.getByRole('link', { name: 'load-orders.sh' }).click();
    await first.page.getByRole('textbox', { name: 'Text of the script' }).focus();
    await first.page.keyboard.type('# not saved yet ');
    await second.page.goto('/app/account');
    await signIn(second.page, owner);
    await second.page.getByRole('button', { name: 'Sign every other device out' }).click();
    await first.page.getByText('Your session has ended').waitFor();
    expect(await second.page.getByText('Your session has ended').count()).toBe(0);
    await signIn(first.page, owner);
    await first.page.getByText('This is your text from before.').waitFor();
    await first.page.getByRole('button', { name: 'Drop it, and begin with what is saved' }).click();
    await first.page.getByText('This is your text from before.').waitFor({ state: 'detached' });
    await first.close();
    await second.close();
  });
};
