import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { must, signUp } from '../../support/users.ts';
import { readCode } from '../../../tools/demo/mailbox.ts';
import { openWindow } from '../support/browser.ts';
import { ben, owner, signIn, tokenOf } from '../support/people.ts';
import { codeOf, untilStepLasts } from '../support/totp.ts';
import type { Stage } from '../support/stage.ts';

/** The recovery codes that a part of the page shows. */
const codesIn = async (part: Locator): Promise<readonly string[]> => {
  await part.getByRole('listitem').first().waitFor();
  return part.getByRole('listitem').allTextContents();
};

/** An account from its first page to the end of its sessions. */
export const testAccounts = (stageOf: () => Stage): void => {
  test('register, mail, confirm over a reload, sign in; the token grows too old in two tabs, and the second follows the sign-out of the first', async () => {
    const { browser, url, stack } = stageOf();
    const window = await openWindow(browser, url);
    const { page } = window;
    await page.goto('/app/sign-up');
    await page.getByLabel('Your name').fill(ben.displayName);
    await page.getByLabel('E-mail address').fill(ben.email);
    await page.getByLabel('Password').fill(ben.password);
    await window.look('sign-up');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText(`We mailed eight digits to ${ben.email}`).waitFor();
    const code = await readCode(stack.mailFolder, ben.email);
    await page.reload();
    await page.getByLabel('Code', { exact: true }).fill('00000000');
    await page.getByRole('button', { name: 'Confirm and sign in' }).click();
    await page.getByText('This code is wrong, used up or too old.').waitFor();
    await window.look('confirm-wrong');
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByRole('button', { name: 'Confirm and sign in' }).click();
    await signIn(page, ben);
    await page.getByText('Waiting for you').waitFor();

    const second = await page.context().newPage();
    await second.goto('/app');
    await second.getByText('Ben Baker').waitFor();
    // The access token of both is too old now: each gets the next one, in turn, and neither is signed out by that.
    await page.context().clock.install();
    for (const tab of [page, second]) await tab.reload();
    for (const tab of [page, second]) await tab.getByText('Ben Baker').waitFor();
    await page.context().clock.fastForward('20:00');
    await Promise.all([page, second].map((tab) => tab.getByRole('link', { name: 'Account' }).click()));
    for (const tab of [page, second]) await tab.getByText('this one').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await second.getByRole('link', { name: 'Sign in' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    await window.close();
  });

  test('a password that was reset by mail ends the sessions of before', async () => {
    const { browser, url, stack } = stageOf();
    const [one, other] = [await openWindow(browser, url), await openWindow(browser, url)];
    await other.page.goto('/app/sign-in');
    await signIn(other.page, ben);
    await other.page.getByText('Ben Baker').waitFor();

    await one.page.goto('/app/sign-in');
    await one.page.getByRole('link', { name: 'Forgot the password?' }).click();
    await one.page.getByLabel('E-mail address').fill(ben.email);
    await one.page.getByRole('button', { name: 'Mail a code' }).click();
    await one.page.getByLabel('Code', { exact: true }).fill(await readCode(stack.mailFolder, ben.email, 'password'));
    await one.page.getByLabel('New password').fill(ben.password);
    await one.look('reset');
    await one.page.getByRole('button', { name: 'Set the password' }).click();
    await one.page.getByText('The new password is set').waitFor();

    await other.page.goto('/app/invite#nothing');
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await other.page.getByLabel('Password').count()).toBe(1);
    await one.close();
    await other.close();
  });

  test('an authenticator is asked for at the next sign-in, a recovery code stands in for it once, and it is removed', async () => {
    const { browser, url } = stageOf();
    const window = await openWindow(browser, url);
    const { page } = window;
    await page.goto('/app/account');
    await signIn(page, ben);
    await page.getByRole('link', { name: 'See your trail' }).click();
    await page.getByRole('button', { name: 'Details of user.reset-password' }).click();
    await page.getByText('Leaf', { exact: true }).waitFor();
    await window.look('own-trail');
    await page.goBack();
    const panel = page.getByRole('region', { name: 'Second factor' });
    await panel.getByLabel('Current password').fill(ben.password);
    await panel.getByRole('button', { name: 'Add an authenticator' }).click();
    const secret = await panel.getByRole('textbox', { name: 'Secret' }).inputValue();
    const old = await codesIn(panel);
    const [first = ''] = old;
    await window.look('authenticator');
    // Three codes are given, each later than the one before, within the steps that are taken around the present one.
    await untilStepLasts(3_000);
    await panel.getByLabel('Code of the authenticator').fill(codeOf(secret, -1));
    await panel.getByLabel('One of the recovery codes').fill(first);
    await panel.getByRole('button', { name: 'Switch it on' }).click();
    await panel.getByRole('button', { name: 'New recovery codes' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Code of the authenticator').fill(codeOf(secret));
    await dialog.getByRole('button', { name: 'Make new codes' }).click();
    const [second = '', third = ''] = await codesIn(dialog);
    expect(old).not.toContain(second);
    await window.look('recovery-codes');
    await dialog.getByRole('button', { name: 'Done' }).click();

    for (const code of [() => codeOf(secret, 1), () => second]) {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await signIn(page, ben);
      await page.getByLabel('Second factor').fill(code());
      await window.look('second-factor');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await panel.waitFor();
    }
    await panel.getByLabel('Current password').fill(ben.password);
    await panel.getByLabel('Code').fill(third);
    await panel.getByRole('button', { name: 'Switch it off' }).click();
    await panel.getByRole('button', { name: 'Add an authenticator' }).waitFor();
    expect(await panel.getByRole('button', { name: 'Switch it off' }).count()).toBe(0);
    await window.close();
  });

  test('an account changes its address, is deactivated, let in again, and erased for good', async () => {
    const stage = stageOf();
    const { browser, url, http, stack } = stage;
    const { email, password } = await signUp(http, stack.mailFolder, 'Carla');
    const next = { email: email.replace('carla', 'carla-next'), password };
    const window = await openWindow(browser, url);
    const { page } = window;
    await page.goto('/app/account');
    await signIn(page, { email, password });
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Change the address' }).click();
    await dialog.getByLabel('New address').fill(next.email);
    await dialog.getByLabel('Current password').fill(password);
    await dialog.getByRole('button', { name: 'Mail a code' }).click();
    await dialog.getByLabel('Code from the mail').fill(await readCode(stack.mailFolder, next.email));
    await window.look('account-address');
    await dialog.getByRole('button', { name: 'Take this address' }).click();
    // The dialog says where the code was mailed to.
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(next.email).waitFor();
    expect(await page.getByText(next.email).count()).toBe(1);

    const leave = async (way: string): Promise<void> => {
      await page.getByRole('button', { name: way }).click();
      await dialog.getByLabel('Current password').fill(password);
      await window.look(`account-${way.split(' ')[0]?.toLowerCase()}`);
      await dialog.getByRole('button', { name: way }).click();
      await page.getByRole('link', { name: 'Sign in' }).waitFor();
      await page.goto('/app/account');
      await signIn(page, next);
    };
    await leave('Deactivate the account');
    await page.getByText('ACCOUNT_SUSPENDED').waitFor();
    const token = await tokenOf(http, owner);
    const { items } = await must(http, 200, 'GET', `/v1/users?q=${encodeURIComponent(next.email)}`, { token });
    const [{ id, version } = { id: '', version: 0 }] = items as readonly { readonly id: string; readonly version: number }[];
    const active = { token, ifMatch: `"${version}"`, body: { status: 'active' } };
    await must(http, 200, 'PATCH', `/v1/users/${id}`, active);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText(next.email).waitFor();
    await leave('Erase the account');
    await page.getByText('WRONG_PASSWORD').waitFor();
    expect(await page.getByText(next.email).count()).toBe(0);
    await window.close();
  });
};
