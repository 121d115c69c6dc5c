import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Client } from 'pg';
import { ben, openAs, owner } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

const runSql = async (connectionString: string, text: string): Promise<void> => {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
};

/** Has the next export end as a connection does that breaks: with what came so far. */
const cutOnce = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => {
    const plain = window.fetch;
    window.fetch = async (address, init) => {
      const answer = await plain(address, init);
      if (!String(address).startsWith('/v1/audit/export')) return answer;
      window.fetch = plain;
      const text = await answer.text();
      let isSent = false;
      const body = new ReadableStream({
        pull(controller) {
          if (isSent) controller.error(new TypeError('network error'));
          else controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)));
          isSent = true;
        },
      });
      return new Response(body, { status: answer.status, headers: answer.headers });
    };
  })()`);

/** The audit trail proves itself to whoever looks, and an altered row is seen. */
export const testAudit = (stageOf: () => Stage): void => {
  test('live tail, a proof that this browser computes, a receipt verified offline, and one row altered by SQL turns the badge red and names the leaf', async () => {
    const stage = stageOf();
    const { stack, http } = stage;
    const window = await openAs(stage, owner, '/app/audit');
    const { page } = window;
    const rows = page.getByRole('row');
    await rows.nth(2).waitFor();
    await page.getByRole('button', { name: 'Follow live' }).click();
    await page.getByText('New events appear at the top.').waitFor();
    const before = await rows.count();
    await http.send('POST', '/v1/auth/login', { body: { email: ben.email, password: ben.password } });
    await rows.nth(before).waitFor();
    await window.look('audit');

    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await page.getByRole('cell', { name: 'Olive Owen' }).count()).toBeGreaterThan(0);
    await page.getByText('Events by day').click();
    await page
      .getByRole('link', { name: /: [1-9]\d* events?$/ })
      .last()
      .click();
    await page.waitForURL(/from=.*to=/);
    expect(await page.getByLabel('Until').inputValue()).not.toBe('');
    await rows.nth(2).waitFor();
    await window.look('audit-day');
    await page.getByRole('link', { name: 'Clear the filters' }).click();
    await rows.nth(2).waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    // The connection ends in the middle: what came is kept, and the rest asked for.
    await cutOnce(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
    await page.getByText(/It was cut off after [1-9]/).waitFor();
    await window.look('audit-export');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Go on' }).click()]);
    const leaves = Array.from(readFileSync(await file.path(), 'utf8').matchAll(/^\{"leafIndex":(\d+)/gm), ([, leaf]) =>
      Number(leaf),
    );
    expect(leaves.length).toBeGreaterThan(50);
    expect(leaves).toEqual(leaves.map((_leaf, index) => index));
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('searchbox', { name: 'Action', exact: true }).fill('user.register');
    await page.getByRole('link', { name: 'user.register' }).first().click();
    await page.getByText('Proven', { exact: true }).waitFor();
    await window.look('audit-event');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the receipt' }).click(),
    ]);
    const receipt = readFileSync(await download.path(), 'utf8');
    const leaf = Number(/Leaf (\d+) of/.exec((await page.getByText(/Leaf \d+ of/).textContent()) ?? '')?.[1]);

    await page.getByRole('link', { name: 'Verify a receipt' }).click();
    await page.getByLabel('Receipt', { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByLabel('Receipt', { exact: true }).fill(receipt);
    await page.getByText('The receipt holds').waitFor();
    await window.look('receipt');
    await page.getByLabel('Receipt', { exact: true }).fill(receipt.replace(/^index \d+$/m, `index ${leaf + 1}`));
    await page.getByText('The receipt does not hold').waitFor();
    await page.context().setOffline(false);
    await page.goBack();
    await page.getByText('Proven', { exact: true }).waitFor();

    await runSql(stack.database.url(), `UPDATE audit.audit_events SET result = 'denied' WHERE leaf_index = ${leaf}`);
    await page.getByRole('button', { name: 'Compute again' }).click();
    await page.getByText('Not proven', { exact: true }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: `The row of leaf ${leaf} was altered in the database` }).waitFor();
    await window.look('audit-altered');
    await runSql(stack.database.url(), `UPDATE audit.audit_events SET result = 'success' WHERE leaf_index = ${leaf}`);
    await page.reload();
    await page.getByText('Proven', { exact: true }).waitFor();
    expect(await page.getByText('Not proven', { exact: true }).count()).toBe(0);
    await window.close();
  });

  test('a message that could not be stored says why, and is stored once it can be', async () => {
    const window = await openAs(stageOf(), owner, '/app/audit/rejected');
    const { page } = window;
    await page.getByText('No event was rejected').waitFor();
    const database = stageOf().stack.database.url();
    const message = {
      id: randomUUID(),
      kind: 'audit',
      occurredAt: new Date().toISOString(),
      payload: {
        actor: { type: 'user', id: 'ada' },
        action: 'script.update',
        resource: { type: 'script', id: 'script-1' },
        result: 'success',
        requestId: 'request-of-the-change',
        service: 'team-resources',
      },
    };
    const reject = (raw: object): Promise<void> =>
      runSql(
        database,
        `INSERT INTO audit.rejected_events (id, raw, reason) VALUES ('${message.id}', '${JSON.stringify(raw)}', 'Its kind is of a later release.')
         ON CONFLICT (id) DO UPDATE SET raw = EXCLUDED.raw`,
      );
    await reject({ ...message, kind: 'other' });
    await page.reload();
    await page.getByText('Its kind is of a later release.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('/kind must be equal to constant').waitFor();
    await page.getByText('The message as it came').click();
    await window.look('audit-rejected');
    await reject(message);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The event is stored').waitFor();
    await page.getByText('No event was rejected').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await window.close();
  });
};
