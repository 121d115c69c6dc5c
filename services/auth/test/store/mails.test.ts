import { randomUUID } from 'node:crypto';
import { freshDatabase } from '@guildhall/testkit';
import { openTables } from '@guildhall/testkit/service';
import { expect, onTestFinished, test } from 'vitest';
import { createMailStore } from '../../src/store/mails.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 31, 8, 30, second));

test('mails that are claimed together come in the order in which they were written, wherever they lie in the table', async () => {
  const { url, drop } = await freshDatabase({ services: ['auth'] });
  onTestFinished(drop);
  const tables = await openTables('auth', url);
  onTestFinished(() => tables.close());
  const store = createMailStore(tables.connection);
  const ids = Array.from({ length: 20 }, () => randomUUID());
  for (const [second, id] of [...ids.entries()].toReversed())
    await store.add({ id, sealedMail: 'sealed', expiresAt: at(600) }, at(second));
  const claimed = await store.claim({ max: 20, now: at(30), until: at(60), impossible: at(90) });
  expect(claimed.map(({ id }) => id)).toEqual(ids);
});
