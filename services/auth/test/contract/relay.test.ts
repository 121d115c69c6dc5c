import { expect, test } from 'vitest';
import { sql, uncheckedRow } from '@guildhall/db';
import { freshDatabase, waitFor } from '@guildhall/testkit';
import { Type } from 'typebox';
import { startFixture } from './fixture.ts';

const Depth = uncheckedRow({ waiting: Type.Integer(), published: Type.Integer() });

test('events go to the queue when there is one, and stay in the outbox until they are confirmed', async () => {
  const queue = await freshDatabase({ services: [] });
  const fixture = await startFixture({ env: { QUEUE_URL: queue.url } });
  try {
    await fixture.signUpByMail();
    const depth = await waitFor(
      async () => {
        const now = await fixture.tables.connection.one(sql.type(Depth)`
          SELECT (SELECT count(id) FROM auth.outbox_events WHERE published_at IS NULL) AS waiting,
                 (SELECT count(id) FROM auth.outbox_events WHERE published_at IS NOT NULL) AS published`);
        return now.waiting === 0 && now;
      },
      { what: 'the outbox to be published' },
    );
    expect(depth).toEqual({ waiting: 0, published: 4 });
  } finally {
    await fixture.close();
    await queue.drop();
  }
});
