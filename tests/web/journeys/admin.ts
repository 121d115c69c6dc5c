import { expect, test } from 'vitest';
import { openWindow } from '../support/browser.ts';
import { ben, openAs, owner, signIn } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

/** The administration of accounts, roles and programs. */
export const testAdmin = (stageOf: () => Stage): void => {
  test('why somebody may not, a role of the own that lets them, who a change of it would touch, and a suspension that signs them out', async () => {
    const stage = stageOf();
    const [olive, own] = [await openAs(stage, owner, '/app/admin'), await openWindow(stage.browser, stage.url)];
    const { page } = olive;
    await page.getByRole('searchbox', { name: 'Search' }).fill('ben');
    await page.getByRole('link', { name: 'Olive Owen' }).waitFor({ state: 'detached' });
    await olive.look('users');
    await page.getByRole('link', { name: 'Ben Baker' }).click();
    const right = page.getByRole('row', { name: /user:read/ });
    await right.getByText('None of its roles has it: member. It would take admin, owner.').waitFor();
    await olive.look('user');

    await page.getByRole('link', { name: 'Roles', exact: true }).click();
    await page.getByRole('button', { name: 'New role' }).click();
    await page.getByLabel('Name').fill('help-desk');
    await page.getByLabel('user:read', { exact: true }).check();
    await page.getByRole('button', { name: 'Create the role' }).click();
    await page.getByText('Nobody holds it.').waitFor();
    await page.goBack();
    await page.getByRole('columnheader', { name: 'help-desk' }).waitFor();
    await olive.look('roles');
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('link', { name: 'Ben Baker' }).click();
    await page.getByRole('button', { name: 'Give help-desk' }).click();
    await right.getByText('By the role help-desk.').waitFor();

    await own.page.goto('/app/sign-in');
    await signIn(own.page, ben);
    await own.page.getByRole('link', { name: 'Administration' }).click();
    await own.page.getByRole('link', { name: 'Olive Owen' }).click();
    await own.page.getByRole('heading', { name: 'Sessions' }).waitFor();
    expect(await own.page.getByRole('button', { name: 'Suspend' }).count()).toBe(0);

    await page.getByRole('link', { name: 'help-desk', exact: true }).click();
    await page.getByLabel('audit:read', { exact: true }).check();
    await page.getByText('1 account would gain or lose something.').waitFor();
    await page.getByText('gains audit:read').waitFor();
    await olive.look('role');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('gains audit:read').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Who set this: What its holders may do' }).click();
    await page.getByText('This event set the value that stands there.').waitFor();
    await page.getByRole('region', { name: 'Who set a value' }).getByText('Olive Owen').waitFor();
    await page.getByText('Proven', { exact: true }).waitFor();
    await olive.look('blame');
    await page.goBack();
    await page.getByRole('link', { name: 'Ben Baker' }).click();
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await page.getByText('The account is suspended.').first().waitFor();
    // The page says so by itself, and takes away what could be clicked.
    await own.page.getByText('Your session has ended').waitFor();
    await page.getByRole('button', { name: 'Let it sign in again' }).click();
    await page.getByRole('button', { name: 'Take help-desk away' }).click();
    await page.getByRole('button', { name: 'Give help-desk' }).waitFor();
    await olive.close();
    await own.close();
  });

  test('a program gets an account, a token that is shown once, another in its place, and loses it', async () => {
    const olive = await openAs(stageOf(), owner, '/app/admin/service-accounts');
    const { page } = olive;
    await page.getByRole('button', { name: 'New service account' }).click();
    await page.getByLabel('Name').fill('Night batch export');
    await page.getByRole('dialog').getByRole('button', { name: 'New service account' }).click();
    await page.getByRole('heading', { name: 'Night batch export' }).waitFor();
    await page.getByRole('button', { name: 'Give auditor' }).click();
    await page.getByRole('button', { name: 'Take auditor away' }).waitFor();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('export');
    await page.getByLabel('audit:read', { exact: true }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'New token' }).click();
    const token = page.getByRole('textbox', { name: 'Token' });
    const first = await token.inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Replace export' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replace' }).click();
    expect(await token.inputValue()).not.toBe(first);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Revoke export' }).nth(1).waitFor();
    await olive.look('service-account');
    await page.getByRole('button', { name: 'Revoke export' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke export' }).click();
    await page.getByRole('button', { name: 'Revoke export' }).nth(1).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Service accounts' }).first().click();
    await page.getByRole('link', { name: 'Night batch export' }).waitFor();
    await olive.look('service-accounts');
    await olive.close();
  });
};
