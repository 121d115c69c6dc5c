import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openWindow, type Window } from '../support/browser.ts';
import { owner, signInByApi } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

const openPart = async (page: Page, part: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Parts of the workspace' }).getByRole('link', { name: part }).click();
};

/** The owner with the solo work of this machine. */
const openOwner = async ({ browser, url, localToken }: Stage): Promise<Window> => {
  const window = await openWindow(browser, url);
  await signInByApi(window.page.context(), owner);
  await window.page.goto(`/#/local/${localToken}`);
  await window.page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  return window;
};

/** Opens the script of the workspace and puts a text at its end or beginning. */
const editScript = async (page: Page, key: string, text: string, version: number): Promise<void> => {
  await page.getByRole('link', { name: 'load-orders.sh' }).click();
  await page.getByRole('textbox', { name: 'Text of the script' }).focus();
  await page.keyboard.press(key);
  await page.keyboard.type(text);
  await page.keyboard.press('Control+s');
  await page.getByText(`Saved as version ${version}.`).waitFor();
};

const versionOf = async (page: Page): Promise<number> =>
  Number(/version (\d+)/.exec((await page.locator('li', { hasText: 'load-orders.sh' }).textContent()) ?? '')?.[1]);

/** Kills the gateway while the versions of scripts wait to be written into the shared database. */
const killGatewayWhileShared = async ({ stack }: Stage, share: () => Promise<void>): Promise<void> => {
  const client = new Client({ connectionString: stack.database.url() });
  await client.connect();
  try {
    await client.query('BEGIN; LOCK TABLE team.script_versions IN SHARE MODE');
    await share();
    await waitFor(
      async () => {
        const { rowCount } = await client.query(
          `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'team.script_versions'::regclass`,
        );
        return (rowCount ?? 0) > 0;
      },
      { what: 'the versions to wait', timeoutMs: 60_000 },
    );
    await stack.service('gateway').kill('SIGKILL', { staysDown: true });
  } finally {
    await client.end();
  }
};

/** A solo workspace moves into a community, and its copy is synchronised with it. */
export const testShare = (stageOf: () => Stage): void => {
  test('share after a look, which goes on after the gateway was killed in the middle; edits on both sides become a plan, a conflict, a merge, and are undone', async () => {
    const window = await openOwner(stageOf());
    const { page } = window;
    await page.getByRole('link', { name: 'Night batch' }).click();
    await openPart(page, 'Share');
    await page.getByLabel('Community that gets it').selectOption({ label: 'Night shift' });
    await page.getByRole('button', { name: 'See what would move' }).click();
    await page.getByText('Nothing is moved yet.').waitFor();
    await window.look('share');
    await killGatewayWhileShared(stageOf(), () => page.getByRole('button', { name: 'Share it' }).click());
    await page.getByText('Sharing was interrupted').waitFor();
    await window.look('share-interrupted');
    await stageOf().stack.service('gateway').start();
    await page.getByRole('button', { name: 'Go on sharing' }).click();
    await page.getByText('It is shared.').waitFor();
    await page.getByRole('link', { name: 'Open the shared workspace' }).click();
    await page.getByText('Home / Shared').waitFor();
    const version = await versionOf(page);

    await editScript(page, 'Control+Home', '# from the shared side\n', version + 1);
    await page.getByRole('link', { name: 'Night batch' }).click();
    await openPart(page, 'Sync');
    await page.getByRole('button', { name: 'Work on the copy on this machine' }).click();
    await page.getByText('You work on the copy on this machine.').waitFor();
    await openPart(page, 'Scripts');
    await editScript(page, 'Control+Home', '# from the copy\n', version + 1);
    await page.getByRole('link', { name: 'Night batch' }).click();
    await page.getByRole('link', { name: 'Synchronise' }).click();
    await page.getByRole('button', { name: 'See the plan' }).click();
    await page.getByRole('row', { name: /load-orders.sh conflict changed differently on both sides/ }).waitFor();
    await window.look('sync-plan');
    await page.getByRole('button', { name: 'Synchronise' }).click();
    await page.getByRole('heading', { name: 'What was done' }).waitFor();
    await page.getByRole('list').getByRole('link', { name: 'load-orders.sh' }).click();
    await page.getByText('One place was changed by both: yours stands there.').waitFor();
    await window.look('sync-conflict');
    await page.getByRole('button', { name: 'Save both together' }).click();
    await page.getByText('No open conflict.').waitFor();
    await page.getByRole('button', { name: 'Synchronise' }).click();
    await page.getByRole('row', { name: /load-orders.sh goes to the shared workspace changed here done/ }).waitFor();
    await window.look('sync-done');
    await page.getByRole('button', { name: 'Undo this synchronisation' }).click();
    await page.getByRole('row', { name: /load-orders.sh .* undone/ }).waitFor();
    await page.getByRole('button', { name: 'See the plan' }).click();
    await page.getByRole('row', { name: /load-orders.sh goes to the shared workspace changed here planned/ }).waitFor();
    expect(await page.getByText('You work on the copy on this machine.').count()).toBe(1);
    await page.getByRole('button', { name: 'Work on the shared one' }).click();
    await page.getByText('You work on the copy on this machine.').waitFor({ state: 'detached' });
    await page.goto('/app');
    await page.getByText('copy here').waitFor();
    await window.look('home-copies');
    await window.close();
  });
};
