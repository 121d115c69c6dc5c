import { expect, test } from 'vitest';
import { openLocal } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

/** The shared database goes away, and comes back. */
export const testOutage = (stageOf: () => Stage): void => {
  test('the shared database stops: a banner says what goes on, solo goes on, and all is back by itself', async () => {
    const { stack } = stageOf();
    const window = await openLocal(stageOf(), '/app');
    const { page } = window;
    await page.getByRole('link', { name: 'Night batch' }).waitFor();
    await stack.database.stop();
    try {
      await page.getByText('The shared part is away').waitFor();
      await window.look('outage');
      await page.getByRole('link', { name: 'Night batch' }).click();
      await page.getByRole('link', { name: 'load-orders.sh' }).click();
      await page.getByRole('textbox', { name: 'Text of the script' }).waitFor();
    } finally {
      await stack.database.start();
    }
    await page.getByText('The shared part is away').waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { name: 'load-orders.sh' }).count()).toBe(1);
    await window.close();
  });
};
