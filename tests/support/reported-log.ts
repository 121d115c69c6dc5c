import { randomUUID } from 'node:crypto';
import { waitFor } from '@guildhall/testkit';
import { eventOf, type Fixture } from '../../services/audit/test/contract/fixture.ts';

/** The text that an audit service answers to somebody who may read the log. */
export const textOf = async (fixture: Fixture, route: string): Promise<string> =>
  (await fetch(`${fixture.url}${route}`, { headers: await fixture.asCaller('audit:read') })).text();

/** Reports the events from one leaf index up to a size of the log, and returns the checkpoint of that size. */
export const reportUpTo = async (fixture: Fixture, size: number, from: number): Promise<string> => {
  const events = Array.from({ length: size - from }, (_, index) =>
    eventOf({
      occurredAt: new Date(Date.UTC(2026, 2, 1) + (from + index) * 1_000).toISOString(),
      actor: { type: 'user', id: `ada-${index}`, sessionId: randomUUID(), ip: '192.0.2.1', userAgent: 'Firefox „1"' },
      resource: { type: 'script', id: `script-${index}`, name: 'Nächtlicher Lauf 🌙' },
      communityId: randomUUID(),
      changes: [{ path: '/name', before: null, after: { size: 1.5e-7 } }],
    }),
  );
  for (let each = 0; each < events.length; each += 100) await fixture.report(...events.slice(each, each + 100));
  return waitFor(
    async () => {
      const note = await textOf(fixture, '/v1/audit/checkpoint');
      return note.split('\n')[1] === String(size) ? note : null;
    },
    { what: `the checkpoint of ${size} events` },
  );
};
