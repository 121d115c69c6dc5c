import { randomUUID } from 'node:crypto';
import { auditRoutes } from '@guildhall/contracts';
import { bindCursor } from '@guildhall/http';
import { encodeCursor } from '@guildhall/resources';
import { describe, expect, test } from 'vitest';
import { countStatements, eventOf, idsOf, invalid, problem, storedOf, unsigned, type EventParts } from './fixture.ts';
import { useAuditService } from './use-audit-service.ts';

const fixture = useAuditService();

const queryDetail = 'The query does not fit this operation.';
const forbidden = problem(403, 'FORBIDDEN', 'Not allowed', 'This needs the permission audit:read.');
const noEvent = problem(404, 'NOT_FOUND', 'Not found', 'There is no such audit event.');
const noCommunity = problem(404, 'NOT_FOUND', 'Not found', 'There is no such community, or you may not see its audit events.');
const badCursor = problem(
  400,
  'INVALID',
  'The request is not valid',
  'The cursor was not issued by this list with these filters.',
  [{ path: '/cursor', message: 'is not a cursor of this list with these filters' }],
);
const cursorOf = (...values: readonly string[]): string =>
  bindCursor(auditRoutes.listAuditEvents, { params: {}, query: {} }, encodeCursor(values));

/** Events of one community of their own, at 10:00:00, 10:00:01 and so on, in this order. */
const seed = async (parts: readonly EventParts[]) => {
  const communityId = randomUUID();
  const events = parts.map((part, second) =>
    eventOf({ communityId, occurredAt: `2026-03-01T10:00:${String(second).padStart(2, '0')}.000Z`, ...part }),
  );
  await fixture.report(...events);
  return { communityId, events, ids: events.map(({ id }) => id) };
};

describe('GET /v1/audit/events', () => {
  test('answers whole events, newest first, with one statement', async () => {
    const full = eventOf({
      actor: { type: 'token', id: 'grace', sessionId: randomUUID(), ip: '203.0.113.9', userAgent: 'curl/8' },
      resource: { type: 'script', id: 'script-9', name: 'Backup' },
      changes: [{ path: '/name', before: null, after: { title: ['Backup', 1.5, true] } }],
      result: 'denied',
      service: 'gateway',
    });
    const { communityId, events } = await seed([{}, { ...full.payload }]);
    const { result, statements } = await countStatements(() => fixture.read(`/v1/audit/events?community=${communityId}`));
    expect(result).toMatchObject({ status: 200, body: { items: events.map(storedOf).toReversed(), nextCursor: null } });
    expect(statements).toHaveLength(1);
  });

  test('keeps times in UTC with milliseconds, whatever they came as', async () => {
    const { communityId } = await seed([{ occurredAt: '2026-03-01T12:30:00.123987+02:00' }]);
    const { body } = await fixture.read(`/v1/audit/events?community=${communityId}`);
    expect(body.items.map(({ occurredAt }) => occurredAt)).toEqual(['2026-03-01T10:30:00.123Z']);
  });

  test('narrows by each filter, and by several together', async () => {
    const actor = randomUUID();
    const requestId = randomUUID();
    const { communityId, ids } = await seed([
      { actor: { type: 'user', id: actor } },
      { action: 'script.delete', actor: { type: 'user', id: actor } },
      { resource: { type: 'workspace', id: 'workspace-1' } },
      { resource: { type: 'script', id: 'script-2' } },
      { result: 'failure' },
      { requestId },
    ]);
    const within = async (query: string) =>
      idsOf(await fixture.read(`/v1/audit/events?community=${communityId}&${query}`)).map((id) => ids.indexOf(id));
    expect(await within(`actor=${actor}`)).toEqual([1, 0]);
    expect(await within('action=script.delete')).toEqual([1]);
    expect(await within('resourceType=workspace')).toEqual([2]);
    expect(await within('resourceId=script-2')).toEqual([3]);
    expect(await within('resourceType=workspace&resourceId=script-2')).toEqual([]);
    expect(await within('result=failure')).toEqual([4]);
    expect(await within(`requestId=${requestId}`)).toEqual([5]);
    expect(await within(`actor=${actor}&action=script.update`)).toEqual([0]);
    expect(idsOf(await fixture.read(`/v1/audit/events?actor=${actor}`))).toEqual([ids[1], ids[0]]);
    expect(idsOf(await fixture.read(`/v1/audit/events?requestId=${requestId}`))).toEqual([ids[5]]);
  });

  test('finds by what changed, by words and by kinds of action, looking at each event', async () => {
    const { communityId, ids } = await seed([
      { changes: [{ path: '/name', after: 'x' }] },
      { changes: [{ path: '/name/first' }, { path: '/a~1b' }] },
      { action: 'scripts.update', resource: { type: 'script', id: 'script-9', name: '100%_Öl' } },
      { action: 'script.delete' },
    ]);
    const within = async (query: string) =>
      idsOf(await fixture.read(`/v1/audit/events?community=${communityId}&${query}`)).map((id) => ids.indexOf(id));
    expect(await within('changedPath=/name')).toEqual([0]);
    expect(await within('changedPath=/a~1b')).toEqual([1]);
    expect(await within('changedPath=/nothing')).toEqual([]);
    expect(await within('action=script.*')).toEqual([3, 1, 0]);
    expect(await within('action=script.*&changedPath=/name')).toEqual([0]);
    expect(await within('text=DELETE')).toEqual([3]);
    expect(await within('text=%C3%B6l')).toEqual([2]);
    expect(await within('text=0%25_')).toEqual([2]);
    expect(await within('text=%25')).toEqual([2]);
    expect(await within('text=SCRIPT-1')).toEqual([3, 1, 0]);
  });

  test('takes from as inclusive and to as exclusive, in any zone, also beyond what a database knows', async () => {
    const { communityId, ids } = await seed([{}, {}, {}]);
    const within = async (query: string) =>
      idsOf(await fixture.read(`/v1/audit/events?community=${communityId}&${query}`)).map((id) => ids.indexOf(id));
    expect(await within('from=2026-03-01T10:00:01Z')).toEqual([2, 1]);
    expect(await within('to=2026-03-01T10:00:01Z')).toEqual([0]);
    expect(await within('from=2026-03-01T12:00:01%2B02:00&to=2026-03-01T10:00:02Z')).toEqual([1]);
    expect(await within('from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59-12:00')).toEqual([2, 1, 0]);
  });

  test('pages through everything once, also when times are equal and events arrive meanwhile', async () => {
    const at = '2026-03-01T10:00:00.000Z';
    const { communityId, ids } = await seed(Array.from({ length: 7 }, (_, index) => (index < 5 ? { occurredAt: at } : {})));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const answer = await fixture.read(`/v1/audit/events?community=${communityId}&limit=2${next}`);
      expect(answer.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...idsOf(answer));
      cursor = answer.body.nextCursor;
      await fixture.report(eventOf({ communityId, occurredAt: '2026-03-02T00:00:00.000Z' }));
    } while (cursor !== null);
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen.slice(0, 2)).toEqual([ids[6], ids[5]]);
    expect(seen.slice(2)).toEqual(ids.slice(0, 5).toSorted().toReversed());
  });

  test('ends a full last page without a cursor', async () => {
    const { communityId, ids } = await seed([{}, {}]);
    const { body } = await fixture.read(`/v1/audit/events?community=${communityId}&limit=2`);
    expect([body.items.map(({ id }) => id), body.nextCursor]).toEqual([ids.toReversed(), null]);
  });

  test.each([
    ['colour=red', invalid(queryDetail, '/colour', 'is not known here')],
    ['limit=0', invalid(queryDetail, '/limit', 'must be >= 1')],
    ['limit=101', invalid(queryDetail, '/limit', 'must be <= 100')],
    ['result=perhaps', invalid(queryDetail, '/result', 'must be one of "success", "denied", "failure"')],
    ['from=yesterday', invalid(queryDetail, '/from', 'must be a time with its zone, such as 2026-01-31T08:30:00Z')],
    ['from=2026-06-30T23:59:60Z', invalid(queryDetail, '/from', 'is not a time that exists')],
    ['changedPath=name', invalid(queryDetail, '/changedPath', 'must be a JSON Pointer, such as /content')],
    ['community=1', invalid(queryDetail, '/community', 'must be a UUID')],
    [
      'actor=a%00b',
      invalid('The query holds text that is not valid Unicode.', '/actor', 'holds a NUL or half of a surrogate pair'),
    ],
    ['cursor=nothing', badCursor],
    [`cursor=${cursorOf('2026-03-01T10:00:00.000Z')}`, badCursor],
    [`cursor=${cursorOf('2026-03-01T10:00:00.000Z', '1')}`, badCursor],
    [`cursor=${cursorOf('yesterday', randomUUID())}`, badCursor],
    [`cursor=${cursorOf('2026-02-31T10:00:00.000Z', randomUUID())}`, badCursor],
    [`cursor=${cursorOf('0000-01-01T00:00:00.000Z', randomUUID())}`, badCursor],
  ])('refuses ?%s', async (query, expected) => {
    expect((await fixture.read(`/v1/audit/events?${query}`)).body).toEqual(expected);
  });

  test('is for principals with audit:read alone', async () => {
    expect((await fixture.ask('GET', '/v1/audit/events')).body).toEqual(unsigned);
    expect((await fixture.ask('GET', '/v1/audit/events', { headers: await fixture.asService() })).body).toEqual(unsigned);
    const headers = await fixture.asCaller('user:read', `community-audit:read@${randomUUID()}`);
    const { result, statements } = await countStatements(() => fixture.ask('GET', '/v1/audit/events', { headers }));
    expect([result.body, statements]).toEqual([forbidden, []]);
  });
});

describe('GET /v1/audit/events/:eventId', () => {
  test('answers the event, in capitals or not, with one statement', async () => {
    const { events, ids } = await seed([{}]);
    const { result, statements } = await countStatements(() => fixture.read(`/v1/audit/events/${ids[0]?.toUpperCase()}`));
    expect(result).toMatchObject({ status: 200, body: storedOf(events[0] ?? eventOf()) });
    expect(statements).toHaveLength(1);
  });

  test('answers 404 for one that is not there, 400 for no id, 403 and 401 for who may not ask', async () => {
    const path = `/v1/audit/events/${randomUUID()}`;
    expect((await fixture.read(path)).body).toEqual(noEvent);
    expect((await fixture.read('/v1/audit/events/1')).body).toEqual(
      invalid('The path does not fit this operation.', '/eventId', 'must be a UUID'),
    );
    expect((await fixture.ask('GET', path, { headers: await fixture.asCaller() })).body).toEqual(forbidden);
    expect((await fixture.ask('GET', path)).body).toEqual(unsigned);
  });
});

describe('GET /v1/communities/:communityId/audit/events', () => {
  test('answers the events of that community alone, with one statement', async () => {
    const [mine, other] = [await seed([{}, {}]), await seed([{}, {}])];
    await fixture.report(eventOf());
    const { result, statements } = await countStatements(() => fixture.readCommunity(mine.communityId));
    expect(result).toMatchObject({ status: 200, body: { items: mine.events.map(storedOf).toReversed(), nextCursor: null } });
    expect(statements).toHaveLength(1);
    expect(idsOf(await fixture.readCommunity(other.communityId))).toEqual(other.ids.toReversed());
  });

  test('cannot be widened by a filter, and takes no cursor of another community', async () => {
    const [mine, other] = [await seed([{}, {}]), await seed([{}, {}, {}])];
    expect((await fixture.readCommunity(mine.communityId, `?community=${other.communityId}`)).body).toEqual(
      invalid(queryDetail, '/community', 'is not known here'),
    );
    const { nextCursor } = (await fixture.readCommunity(other.communityId, '?limit=1')).body;
    expect((await fixture.readCommunity(mine.communityId, `?cursor=${nextCursor}`)).body).toEqual(badCursor);
    expect(idsOf(await fixture.readCommunity(mine.communityId, '?action=script.delete'))).toEqual([]);
  });

  test('pages within the community', async () => {
    const { communityId, ids } = await seed([{}, {}, {}]);
    const first = await fixture.readCommunity(communityId, '?limit=2');
    expect(idsOf(first)).toEqual([ids[2], ids[1]]);
    const second = await fixture.readCommunity(communityId, `?limit=2&cursor=${first.body.nextCursor}`);
    expect([idsOf(second), second.body.nextCursor]).toEqual([[ids[0]], null]);
  });

  test('is not there for who has the permission elsewhere, or only the global one', async () => {
    const { communityId } = await seed([{}]);
    const path = `/v1/communities/${communityId}/audit/events`;
    const askWith = async (...permissions: readonly string[]) =>
      (await fixture.ask('GET', path, { headers: await fixture.asCaller(...permissions) })).body;
    expect(await askWith()).toEqual(noCommunity);
    expect(await askWith('audit:read', 'community-audit:read')).toEqual(noCommunity);
    expect(await askWith(`community-audit:read@${randomUUID()}`)).toEqual(noCommunity);
    expect(await askWith(`community:read@${communityId}`)).toEqual(noCommunity);
    expect((await fixture.ask('GET', path)).body).toEqual(unsigned);
    const capitals = `/v1/communities/${communityId.toUpperCase()}/audit/events`;
    const headers = await fixture.asCaller(`community-audit:read@${communityId}`);
    expect((await fixture.ask('GET', capitals, { headers })).status).toBe(200);
  });

  test.each([
    ['?colour=red', invalid(queryDetail, '/colour', 'is not known here')],
    ['?cursor=nothing', badCursor],
    ['?to=2026-06-30T23:59:60Z', invalid(queryDetail, '/to', 'is not a time that exists')],
  ])('refuses %s', async (query, expected) => {
    expect((await fixture.readCommunity(randomUUID(), query)).body).toEqual(expected);
  });
});
