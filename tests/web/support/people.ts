import type { Page } from 'playwright-core';

export interface Account {
  readonly email: string;
  readonly password: string;
}

export const owner = { displayName: 'Olive Owen', email: 'olive@example.test', password: 'a long and quiet sentence' } as const;
export const ben = { displayName: 'Ben Baker', email: 'ben@example.test', password: 'another long and quiet sentence' } as const;

/** Fills in the form of the sign-in that the page shows, and sends it. */
export const signIn = async (page: Page, { email, password }: Account): Promise<void> => {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
};
