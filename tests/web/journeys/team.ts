import { expect, test } from 'vitest';
import { openWindow } from '../support/browser.ts';
import { ben, openAs, owner, signIn } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

/** A community from its first member to the removal of one. */
export const testTeam = (stageOf: () => Stage): void => {
  test('invite by link, member, shared workspace, removed: the page of the one who was removed shows nothing more', async () => {
    const stage = stageOf();
    const [olive, other] = [await openAs(stage, owner, '/app/communities'), await openWindow(stage.browser, stage.url)];
    await olive.page.getByRole('button', { name: 'New community' }).click();
    await olive.page.getByLabel('Name').fill('Night shift');
    await olive.page.getByRole('button', { name: 'Create community' }).click();
    await olive.page.getByRole('heading', { name: 'Night shift' }).waitFor();
    await olive.page.getByRole('button', { name: 'Invite' }).click();
    await olive.page.getByRole('button', { name: 'Make the invite' }).click();
    const link = await olive.page.getByRole('textbox', { name: 'Link of the invite' }).inputValue();
    await olive.look('invite-link');
    await olive.page.getByRole('button', { name: 'Done' }).click();

    await other.page.goto(link);
    await signIn(other.page, ben);
    await other.page.getByText('Olive Owen invites you to Night shift').waitFor();
    await other.look('invite');
    await other.page.getByRole('button', { name: 'Accept' }).click();
    await other.page.getByRole('heading', { name: 'Night shift' }).waitFor();
    expect(other.page.url()).not.toContain('#');

    await olive.page.reload();
    await olive.page.getByRole('button', { name: 'Remove Ben Baker' }).waitFor();
    await olive.look('community');
    await olive.page.getByRole('button', { name: 'Remove Ben Baker' }).click();
    await olive.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await olive.page.getByRole('button', { name: 'Remove Ben Baker' }).waitFor({ state: 'detached' });
    // The change is told to the page, which shows nothing more of it.
    await other.page.getByText('NOT_FOUND').waitFor();
    await other.page.getByText('Night shift').first().waitFor({ state: 'detached' });
    await other.page.goto('/app/account');
    await other.page.getByText('this one').waitFor();
    await other.look('account');
    await olive.close();
    await other.close();
  });
};
