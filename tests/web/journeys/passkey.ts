import { expect, test } from 'vitest';
import { openWindow } from '../support/browser.ts';
import { ben, signIn } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

/** Chromium's own authenticator, which makes sure of its user by itself. */
const authenticator = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
} as const;

/** A passkey from its making to its removal. */
export const testPasskey = (stageOf: () => Stage): void => {
  test('a passkey is added, named, signs in without an address, and is removed', async () => {
    const { browser, url } = stageOf();
    // A passkey is for a name: an address of numbers has none.
    const window = await openWindow(browser, url.replace('127.0.0.1', 'localhost'));
    const { page } = window;
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    await session.send('WebAuthn.addVirtualAuthenticator', { options: authenticator });
    await page.goto('/app/account');
    await signIn(page, ben);
    await page.getByLabel('Name of the new passkey').fill('Laptop');
    await page.getByLabel('Password, to show that it is you').fill(ben.password);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('button', { name: 'Rename Laptop' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Old laptop');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('button', { name: 'Rename Old laptop' }).waitFor();
    await window.look('passkeys');

    await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('button', { name: 'Remove Old laptop' }).waitFor();
    expect(await page.getByText('never used').count()).toBe(0);
    await page.getByRole('button', { name: 'Remove Old laptop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove Old laptop' }).click();
    await page.getByText('No passkey yet.').waitFor();
    await window.close();
  });
};
