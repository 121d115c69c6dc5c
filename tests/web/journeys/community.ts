import type { Page, Response } from 'playwright-core';
import { expect, test } from 'vitest';
import { must } from '../../support/users.ts';
import { ben, inviteByApi, openAs, owner, tokenOf } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

/** True for the answer to an edit that was saved. */
const isSaved = (answer: Response): boolean => answer.request().method() === 'PATCH' && answer.ok();

/** Waits until the page says who set a value, with a proof that holds. */
const provenToBeSetBy = async (page: Page, name: string): Promise<void> => {
  await page.getByText('This event set the value that stands there.').waitFor();
  await page.getByRole('region', { name: 'Who set a value' }).getByText(name).waitFor();
  await page.getByText('Proven', { exact: true }).waitFor();
};

/** The life of a community: trust, wealth, polls, settings, and why somebody may not. */
export const testCommunity = (stageOf: () => Stage): void => {
  let address = '';

  test('grant, award, wealth, request, accepted, handed over; before the grant the page says why not', async () => {
    const stage = stageOf();
    address = `/app/communities/${await inviteByApi(stage.http, 'Day shift', ben)}`;
    const own = await openAs(stage, ben, `${address}/wealth`);
    await own.page.getByRole('button', { name: 'Why can I not do this here?' }).click();
    await own.page.getByText('The trust score is 0, and the community asks for 10.').waitFor();
    expect(await own.page.getByRole('button', { name: 'Offer something' }).count()).toBe(0);
    await own.look('wealth-why-not');

    const olive = await openAs(stage, owner, `${address}/trust`);
    await olive.page.getByRole('button', { name: 'Grant points to Ben Baker' }).click();
    await olive.page.getByRole('dialog').getByLabel('Points').fill('15');
    await olive.page.getByRole('dialog').getByLabel('Reason').fill('He keeps the night batch running.');
    await olive.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await olive.page.getByText('15 (0 by awards, 15 granted)').waitFor();

    await own.page.getByRole('link', { name: 'Trust', exact: true }).click();
    await own.page.reload();
    await own.page.getByRole('button', { name: 'Vouch for Olive Owen' }).click();
    await own.page.getByRole('button', { name: 'Withdraw your award to Olive Owen' }).waitFor();
    await own.page.getByRole('img', { name: 'Awards around Ben Baker' }).waitFor();
    await own.look('trust');

    await own.page.getByRole('link', { name: 'Wealth', exact: true }).click();
    await own.page.getByRole('button', { name: 'Offer something' }).click();
    await own.page.getByLabel('Title').fill('Laptop with 32 GB');
    await own.page.getByLabel('Quantity').fill('1');
    await own.page.getByRole('button', { name: 'Offer it' }).click();
    await own.page.getByRole('heading', { name: 'Laptop with 32 GB' }).waitFor();

    await olive.page.getByRole('link', { name: 'Wealth', exact: true }).click();
    await olive.page.getByRole('link', { name: 'Laptop with 32 GB' }).click();
    await olive.page.getByRole('button', { name: 'Request it' }).click();
    await olive.page.getByRole('dialog').getByLabel('Note').fill('For the release.');
    await olive.page.getByRole('dialog').getByRole('button', { name: 'Request it' }).click();
    await olive.page.getByText('For the release.').waitFor();
    await own.page.reload();
    await own.page.getByRole('button', { name: 'Accept: Olive Owen' }).click();
    await own.page.getByText('0 of 1 left').waitFor();
    await olive.page.reload();
    await olive.page.getByRole('button', { name: 'Handed over: Olive Owen' }).click();
    await olive.page.getByRole('button', { name: 'Handed over: Olive Owen' }).waitFor({ state: 'detached' });
    await olive.page.reload();
    await olive.page.getByText('fulfilled').first().waitFor();
    expect(await olive.page.getByRole('button', { name: 'Request it' }).count()).toBe(0);
    await olive.look('offer');
    await olive.page.getByRole('link', { name: 'Who set this: Quantity' }).click();
    await provenToBeSetBy(olive.page, 'Ben Baker');
    await olive.look('blame-quantity');
    await own.close();
    await olive.close();
  });

  test('who set a setting is proven, and the trail of the community tells of it', async () => {
    const olive = await openAs(stageOf(), owner, `${address}/settings`);
    const { page } = olive;
    await page.getByLabel('To offer wealth: value').fill('12');
    await page.getByRole('button', { name: 'Save the settings' }).click();
    await page.getByText('The settings are saved.').waitFor();
    await page.getByRole('link', { name: 'To offer wealth' }).click();
    await provenToBeSetBy(page, owner.displayName);
    await page.getByText('"value": 10').waitFor();
    await page.getByRole('navigation', { name: 'Parts of the community' }).getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('button', { name: 'Details of community.update' }).click();
    await page.getByRole('link', { name: '/settings/minTrustForWealth' }).waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(3);
    await olive.look('community-audit');
    await olive.close();
  });

  test('a poll hides its result until it is closed, from its maker, too, and then shows it by itself', async () => {
    const stage = stageOf();
    const olive = await openAs(stage, owner, `${address}/polls`);
    await olive.page.getByRole('button', { name: 'Open a poll' }).click();
    await olive.page.getByLabel('Question').fill('When shall the night batch begin?');
    await olive.page.getByLabel('Options').fill('At 23:00\nAt midnight');
    await olive.page.getByLabel('Result visible').selectOption('after_close');
    await olive.page.getByRole('button', { name: 'Open it' }).click();
    await olive.page.getByRole('heading', { name: 'When shall the night batch begin?' }).waitFor();

    const own = await openAs(stage, ben, `${address}/polls`);
    await own.page.getByRole('link', { name: 'When shall the night batch begin?' }).click();
    await own.page.getByRole('radio', { name: 'At midnight' }).check();
    await own.page.getByRole('button', { name: 'Vote', exact: true }).click();
    await own.page.getByRole('button', { name: 'Change the vote' }).waitFor();
    for (const { page } of [own, olive]) {
      await page.getByText('The result is hidden until the poll is closed, from everybody.').waitFor();
      expect(await page.getByRole('progressbar').count()).toBe(0);
    }
    await own.look('poll-hidden');
    await olive.page.getByRole('button', { name: 'Close the poll' }).click();
    await olive.page.getByRole('dialog').getByRole('button', { name: 'Close the poll' }).click();
    for (const { page } of [own, olive]) await page.getByText('1 vote was cast.').waitFor();
    await own.look('poll-closed');
    await own.close();
    await olive.close();
  });

  test('settings and a role of its own say who would gain or lose before they are saved', async () => {
    const olive = await openAs(stageOf(), owner, `${address}/settings`);
    const { page } = olive;
    await page.getByLabel('To offer wealth: value').fill('1000');
    await page.getByRole('button', { name: 'Who would gain or lose?' }).click();
    await page.getByText('1 member would gain or lose something.').waitFor();
    await page.getByText('loses wealth:create').waitFor();
    await olive.look('settings-impact');
    await page.reload();
    await page.getByLabel('To offer wealth: value').waitFor();
    expect(await page.getByLabel('To offer wealth: value').inputValue()).toBe('12');
    await page.getByLabel('Member', { exact: true }).selectOption({ label: 'Ben Baker' });
    await page.getByLabel('Right', { exact: true }).selectOption('community:delete');
    await page.getByText('Not allowed', { exact: true }).waitFor();
    await page.getByText('The role decides.').waitFor();

    await page.getByRole('link', { name: 'Roles', exact: true }).click();
    await page.getByRole('button', { name: 'New role' }).click();
    await page.getByLabel('Name').fill('Operator');
    await page.getByLabel('script:update', { exact: true }).check();
    await page.getByRole('button', { name: 'Create the role' }).click();
    await page.getByText('Nobody holds it.').waitFor();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByLabel('Role of Ben Baker', { exact: true }).selectOption({ label: 'Operator' });
    await page.getByRole('link', { name: 'Roles', exact: true }).click();
    await page.getByRole('link', { name: 'Operator' }).click();
    await page.getByRole('main').getByText('Ben Baker').waitFor();
    await page.getByLabel('script:update', { exact: true }).uncheck();
    await page.getByRole('button', { name: 'Who would gain or lose?' }).click();
    await page.getByText('loses script:update').waitFor();
    await olive.look('own-role');
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    // The page shows the choice before it is saved.
    const saved = page.waitForResponse(isSaved);
    await page.getByLabel('Role of Ben Baker', { exact: true }).selectOption({ label: 'member' });
    await saved;
    await olive.close();
  });

  test('a post that its author deleted comes back', async () => {
    const { http } = stageOf();
    const [token, path] = [await tokenOf(http, owner), address.replace('/app', '/v1')];
    const create = async (part: string, body: Record<string, unknown>): Promise<string> =>
      String((await must(http, 201, 'POST', `${path}/${part}`, { token, body }))['id']);
    const forums = `forums/${await create('forums', { name: 'Night talk' })}/threads`;
    const thread = `${forums}/${await create(forums, { title: 'Who is on call?', content: 'I am, tonight.' })}`;
    const olive = await openAs(stageOf(), owner, `${address}/${thread}`);
    const { page } = olive;
    await page.getByRole('button', { name: 'Delete: Olive Owen' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('This post was deleted.').waitFor();
    await olive.look('post-deleted');
    await page.getByRole('button', { name: 'Restore: Olive Owen' }).click();
    await page.getByText('I am, tonight.').waitFor();
    expect(await page.getByText('This post was deleted.').count()).toBe(0);
    await olive.close();
  });
};
