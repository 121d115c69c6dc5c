import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { countStatements, eventOf, invalid, problem, type EventParts } from './fixture.ts';
import { useAuditService } from './use-audit-service.ts';

const fixture = useAuditService();

const report = async (parts: readonly EventParts[]): Promise<string> => {
  const communityId = randomUUID();
  await fixture.report(...parts.map((part) => eventOf({ communityId, ...part })));
  return communityId;
};
const march = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';
const counts = async (query: string): Promise<unknown> => (await fixture.read<unknown>(`/v1/audit/counts?${query}`)).body;
const queryDetail = 'The query does not fit this operation.';

test('GET /v1/audit/counts counts by day in UTC, oldest first, `from` inclusive and `to` exclusive, with one statement', async () => {
  const community = await report([
    { occurredAt: '2026-03-02T00:30:00+01:00' },
    { occurredAt: '2026-03-01T00:00:00.000Z' },
    { occurredAt: '2026-03-31T23:59:59.999Z' },
    { occurredAt: '2026-04-01T00:00:00.000Z' },
    { occurredAt: '2026-02-28T23:59:59.999Z' },
  ]);
  const { result, statements } = await countStatements(() => counts(`by=day&community=${community}&${march}`));
  expect(result).toEqual({
    by: 'day',
    items: [
      { key: '2026-03-01', count: 2 },
      { key: '2026-03-31', count: 1 },
    ],
  });
  expect(statements).toHaveLength(1);
});

test('GET /v1/audit/counts counts by action, the most frequent first, narrowed by any filter', async () => {
  const community = await report([
    { action: 'script.delete' },
    { action: 'script.update' },
    { action: 'script.update', result: 'denied' },
    { action: 'workspace.create', changes: [{ path: '/name' }] },
  ]);
  const by = async (query: string) => counts(`by=action&community=${community}&${march}${query}`);
  const items = [
    { key: 'script.update', count: 2 },
    { key: 'script.delete', count: 1 },
    { key: 'workspace.create', count: 1 },
  ];
  expect(await by('')).toEqual({ by: 'action', items });
  expect(await by('&action=script.*')).toEqual({ by: 'action', items: items.slice(0, 2) });
  expect(await by('&result=denied')).toEqual({ by: 'action', items: [{ key: 'script.update', count: 1 }] });
  expect(await by('&changedPath=/name')).toEqual({ by: 'action', items: items.slice(2) });
  expect(await by('&text=SPACE')).toEqual({ by: 'action', items: items.slice(2) });
});

test.each([
  [
    'by=day',
    {
      ...invalid(queryDetail, '/from', ''),
      errors: ['from', 'to'].map((name) => ({ path: `/${name}`, message: `must have required property '${name}'` })),
    },
  ],
  [`by=week&${march}`, invalid(queryDetail, '/by', 'must be one of "day", "action"')],
  [
    'by=day&from=2026-01-01T00:00:00Z&to=2027-02-05T00:00:01Z',
    invalid(queryDetail, '/to', 'must not be more than 400 days after from'),
  ],
])('GET /v1/audit/counts refuses ?%s', async (query, expected) => {
  expect(await counts(query)).toEqual(expected);
});

test('GET /v1/communities/:communityId/audit/counts counts that community alone, and is not there for anyone else', async () => {
  const [mine, other] = [await report([{}, {}]), await report([{}, {}, {}])];
  const ask = async (community: string, permission: string) =>
    (
      await fixture.ask('GET', `/v1/communities/${community}/audit/counts?by=action&${march}`, {
        headers: await fixture.asCaller(permission),
      })
    ).body;
  const noCommunity = problem(404, 'NOT_FOUND', 'Not found', 'There is no such community, or you may not see its audit events.');
  expect(await ask(mine, `community-audit:read@${mine}`)).toEqual({ by: 'action', items: [{ key: 'script.update', count: 2 }] });
  expect(await ask(other, `community-audit:read@${mine}`)).toEqual(noCommunity);
  expect(await ask(mine, 'audit:read')).toEqual(noCommunity);
  const forbidden = problem(403, 'FORBIDDEN', 'Not allowed', 'This needs the permission audit:read.');
  const globally = await fixture.ask('GET', `/v1/audit/counts?by=day&${march}`, {
    headers: await fixture.asCaller(`community-audit:read@${mine}`),
  });
  expect(globally.body).toEqual(forbidden);
});
