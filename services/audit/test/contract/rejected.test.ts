import { randomUUID } from 'node:crypto';
import { sql } from '@guildhall/db';
import { beforeAll, describe, expect, test } from 'vitest';
import { anyTime, eventOf, problem, type Answer } from './fixture.ts';
import { useAuditService } from './use-audit-service.ts';

const fixture = useAuditService();
beforeAll(() => fixture.tables.connection.query(sql.unsafe`DELETE FROM audit.rejected_events`));

interface RejectedPage {
  readonly items: readonly { readonly id: string; readonly raw: unknown; readonly reason: string }[];
  readonly nextCursor: string | null;
}

let made = 0;
const rejectEvent = async (raw: unknown, reason = 'too early for it'): Promise<string> => {
  const id = randomUUID();
  await fixture.tables.connection.query(sql.unsafe`
    INSERT INTO audit.rejected_events (id, raw, reason, created_at)
    VALUES (${id}, ${JSON.stringify(raw)}::jsonb, ${reason}, ${new Date(Date.UTC(2026, 0, 1) + made++).toISOString()})`);
  return id;
};
const list = (query = ''): Promise<Answer<RejectedPage>> => fixture.read<RejectedPage>(`/v1/audit/rejected${query}`);
const retry = async (id: string, ...permissions: readonly string[]) =>
  fixture.ask('POST', `/v1/audit/rejected/${id}/retry`, { headers: await fixture.asCaller(...permissions) });
const idsIn = ({ body }: Answer<RejectedPage>): readonly string[] => body.items.map(({ id }) => id);

describe('what was set aside', () => {
  test('is listed whole, oldest first, page by page', async () => {
    const ids = [await rejectEvent({ no: 'event' }, 'no event'), await rejectEvent('text'), await rejectEvent(null)];
    const first = await list('?limit=2');
    expect(first.body.items[0]).toEqual({ id: ids[0], raw: { no: 'event' }, reason: 'no event', rejectedAt: anyTime });
    const second = await list(`?limit=2&cursor=${first.body.nextCursor}`);
    expect([...idsIn(first), ...idsIn(second)]).toEqual(ids);
    expect(second.body.nextCursor).toBeNull();
  });

  test('is stored when tried again, once, and is off the list', async () => {
    const event = eventOf();
    const id = await rejectEvent(event);
    const [one, other] = await Promise.all([retry(id, 'installation:manage'), retry(id, 'installation:manage')]);
    // The later one finds it stored, or gone from the list.
    expect([one.status, other.status]).toContain(204);
    expect((await fixture.read<{ id: string }>(`/v1/audit/events/${event.id}`)).body.id).toBe(event.id);
    expect(idsIn(await list())).not.toContain(id);
    expect((await retry(id, 'installation:manage')).body).toEqual(
      problem(404, 'NOT_FOUND', 'Not found', 'There is no such dead letter.'),
    );
  });

  test('stays, with the reason, while it is still no event', async () => {
    const id = await rejectEvent({ ...eventOf(), kind: 'other' });
    expect((await retry(id, 'installation:manage')).body).toEqual(
      problem(
        422,
        'UNPROCESSABLE',
        'Understood, but cannot be done',
        'The dead letter is still not a valid event: /kind must be equal to constant.',
      ),
    );
    expect(idsIn(await list())).toContain(id);
  });

  test('is shown to auditors and tried again by owners alone', async () => {
    const id = await rejectEvent(eventOf());
    const denied = await fixture.ask('GET', '/v1/audit/rejected', { headers: await fixture.asCaller('role:read') });
    expect([denied.status, (await retry(id, 'audit:read')).status]).toEqual([403, 403]);
  });
});
