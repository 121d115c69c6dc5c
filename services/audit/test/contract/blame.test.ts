import { randomUUID } from 'node:crypto';
import type { AuditBlame, AuditEvent, AuditEventMessage, Change } from '@guildhall/contracts';
import { sql, type Connection, type Query } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuditEvents } from '../../src/store/audit-events.ts';
import { createBlameStore } from '../../src/store/blame.ts';
import { countStatements, eventOf, startFixture, storedOf, type EventParts, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

interface Asked {
  readonly resourceId: string;
  readonly path?: string;
  readonly to?: string;
  readonly community?: string;
}
const queryOf = ({ resourceId, path = '/name', ...rest }: Asked): string =>
  `?${new URLSearchParams({ resourceType: 'script', resourceId, path, ...rest }).toString()}`;
const ask = (asked: Asked) => fixture.read<AuditBlame>(`/v1/audit/blame${queryOf(asked)}`);
const blame = async (asked: Asked): Promise<AuditBlame> => {
  const answer = await ask(asked);
  expect(answer.status).toBe(200);
  return answer.body;
};

let seconds = 0;
/** The next event of a script, a second after the last one. */
const changeOf = (resourceId: string, changes: readonly Change[], parts: EventParts = {}): AuditEventMessage => {
  seconds += 1;
  const occurredAt = new Date(Date.UTC(2026, 2, 1) + seconds * 1_000).toISOString();
  return eventOf({ occurredAt, resource: { type: 'script', id: resourceId }, changes: [...changes], ...parts });
};
const named = (resourceId: string, before: string, after: string, parts: EventParts = {}) =>
  changeOf(resourceId, [{ path: '/name', before, after }], parts);

const redact = async (...eventIds: readonly string[]): Promise<void> => {
  const headers = await fixture.asCaller('installation:manage', 'audit:read');
  expect((await fixture.ask('POST', '/v1/audit/redactions', { body: { eventIds }, headers })).status).toBe(200);
};
const idIn = ({ event }: AuditBlame): string | undefined => (event as AuditEvent | null)?.id;
const noneRemoved = { pruned: 0, redacted: 0 };

describe('GET /v1/audit/blame', () => {
  test('says who set a value, when, from what, with a receipt that proves it offline', async () => {
    const id = randomUUID();
    const first = named(id, 'one', 'two');
    const last = named(id, 'two', 'three', { actor: { type: 'user', id: 'grace' } });
    const denied = named(id, 'three', 'four', { result: 'denied' });
    await fixture.report(first, last, denied, changeOf(id, [{ path: '/description', after: 'x' }]));
    const { receipt, ...found } = await waitFor(async () => {
      const answer = await blame({ resourceId: id });
      return answer.proof === 'proven' && answer;
    });
    expect(found).toEqual({
      resourceType: 'script',
      resourceId: id,
      path: '/name',
      state: 'set',
      event: storedOf(last),
      change: { path: '/name', before: 'two', after: 'three' },
      proof: 'proven',
      removed: noneRemoved,
      isLogWhole: true,
      searchedSince: null,
    });
    const headers = await fixture.asCaller('audit:read');
    const own = await fetch(`${fixture.url}/v1/audit/events/${last.id}/receipt`, { headers });
    expect([own.status, await own.text()]).toEqual([200, receipt]);
  });

  test('says who had set it at an earlier time, and that nothing tells of it', async () => {
    const id = randomUUID();
    const [first, second] = [named(id, 'one', 'two'), named(id, 'two', 'three')];
    await fixture.report(first, second);
    expect(idIn(await blame({ resourceId: id, to: second.occurredAt }))).toBe(first.id);
    const untold = await blame({ resourceId: id, path: '/colour' });
    expect(untold).toMatchObject({ state: 'untold', event: null, change: null, proof: 'none', receipt: null });
  });

  test('answers a member of a community of that community alone, and whoever may not read the trail not at all', async () => {
    const [id, community, other] = [randomUUID(), randomUUID(), randomUUID()];
    const own = named(id, 'one', 'two', { communityId: community });
    await fixture.report(own, named(id, 'two', 'three', { communityId: other }));
    const url = `/v1/communities/${community}/audit/blame${queryOf({ resourceId: id })}`;
    const headers = await fixture.asCaller(`community-audit:read@${community}`);
    expect(idIn((await fixture.ask<AuditBlame>('GET', url, { headers })).body)).toBe(own.id);
    expect(idIn(await blame({ resourceId: id, community }))).toBe(own.id);
    const foreign = await fixture.asCaller(`community-audit:read@${other}`, 'audit:read');
    expect((await fixture.ask('GET', url, { headers: foreign })).status).toBe(404);
    const refused = await fixture.ask('GET', `/v1/audit/blame${queryOf({ resourceId: id })}`, { headers });
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await ask({ resourceId: id, path: 'name' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID' },
    });
  });

  test('shows a row that was altered as altered, and never as who set the value', async () => {
    const id = randomUUID();
    const last = named(id, 'one', 'two');
    await fixture.report(last);
    await fixture.tables.connection.query(sql.unsafe`
      UPDATE audit.audit_events SET actor_id = 'mallory' WHERE id = ${last.id}::uuid`);
    const found = await blame({ resourceId: id });
    expect(found).toMatchObject({ state: 'altered', change: null, proof: 'none', receipt: null });
    expect(found.event).toMatchObject({ altered: { actor: { id: 'mallory' } } });
    await fixture.tables.connection.query(sql.unsafe`
      UPDATE audit.audit_events SET changes = '{"path": "/name"}'::jsonb WHERE id = ${last.id}::uuid`);
    expect((await blame({ resourceId: id })).event).toBeNull();
    await fixture.tables.connection.query(sql.unsafe`
      UPDATE audit.audit_events SET actor_id = 'ada', changes = '[{"path": "/name", "before": "one", "after": "two"}]'::jsonb
      WHERE id = ${last.id}::uuid`);
    expect((await blame({ resourceId: id })).state).toBe('set');
  });

  test('reads one statement for the event, one for what was removed, and those of its proof', async () => {
    const id = randomUUID();
    await fixture.report(named(id, 'one', 'two'));
    await waitFor(async () => (await blame({ resourceId: id })).proof === 'proven');
    const { statements } = await countStatements(() => blame({ resourceId: id }));
    expect(statements.length).toBeLessThanOrEqual(4);
  });
});

const paths = ['/name', '/settings', '/settings/limit', '/settings/limit/max', '/settings/limits', '/tags', '/a~1b'];
const change = fc.record({ path: fc.constantFrom(...paths), before: fc.integer(), after: fc.integer() });
const communities = [randomUUID(), randomUUID()];
const step = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  isOther: fc.boolean(),
  result: fc.constantFrom('success' as const, 'success' as const, 'success' as const, 'denied' as const, 'failure' as const),
  community: fc.constantFrom(...communities),
  isRedacted: fc.nat({ max: 5 }).map((drawn) => drawn === 0),
});

interface Told {
  readonly message: AuditEventMessage;
  readonly change: Change;
}

const segments = (path: string): readonly string[] => path.split('/');
const isWithin = (inner: readonly string[], outer: readonly string[]) =>
  outer.every((segment, index) => inner[index] === segment);

/** Replays changes: every path that was set, with who set it last; setting a value sets everything in it. */
const replay = (messages: readonly AuditEventMessage[]) => {
  const set = new Map<string, Told & { readonly at: number }>();
  let at = 0;
  for (const message of messages) {
    for (const each of message.payload.changes ?? []) {
      for (const within of set.keys()) if (within.startsWith(`${each.path}/`)) set.delete(within);
      set.set(each.path, { message, change: each, at: (at += 1) });
    }
  }
  return (path: string): Told | undefined =>
    [...set]
      .filter(([each]) => isWithin(segments(path), segments(each)) || isWithin(segments(each), segments(path)))
      .map(([, told]) => told)
      .toSorted((one, other) => other.at - one.at)[0];
};

test('equals a replay of the events that are left, over random histories', async () => {
  let redactedBefore = false;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const [id, otherId] = [randomUUID(), randomUUID()];
      const history = steps.map(({ changes, isOther, result, community, isRedacted }) => ({
        isRedacted,
        message: changeOf(isOther ? otherId : id, changes, { result, communityId: community }),
      }));
      await fixture.report(...history.map(({ message }) => message));
      const gone = history.filter(({ isRedacted }) => isRedacted).map(({ message }) => message.id);
      if (gone.length > 0) await redact(...gone);
      redactedBefore ||= gone.length > 0;
      const left = history.filter(({ isRedacted }) => !isRedacted).map(({ message }) => message);
      for (const resourceId of [id, otherId]) {
        for (const community of [undefined, ...communities]) {
          const lastOf = replay(
            left.filter(
              ({ payload }) =>
                payload.resource.id === resourceId &&
                payload.result === 'success' &&
                (community === undefined || payload.communityId === community),
            ),
          );
          for (const path of ['/name', '/settings', '/settings/limit', '/tags']) {
            const told = lastOf(path);
            const found = await blame({ resourceId, path, ...(community === undefined ? {} : { community }) });
            const place = history.findIndex(({ message }) => message === told?.message);
            const isBehind = history.slice(place + 1).some(({ isRedacted }) => isRedacted);
            const none = redactedBefore ? 'removed' : 'untold';
            expect([idIn(found), found.change, found.state]).toEqual([
              told?.message.id,
              told?.change ?? null,
              told === undefined ? none : isBehind ? 'uncertain' : 'set',
            ]);
          }
        }
      }
    }),
    { numRuns: 12 },
  );
});

/** The plans of the statements that reading sends. */
const plansOf = async (connection: Connection, read: (on: Connection) => Promise<unknown>): Promise<string> => {
  const lines: string[] = [];
  const explain = async (query: Query): Promise<void> => {
    const { rows } = await connection.query(sql.unsafe`EXPLAIN ${query}`);
    lines.push(...rows.map((row) => (row as { readonly 'QUERY PLAN': string })['QUERY PLAN']));
  };
  const explaining: Connection = {
    ...connection,
    maybeOne: async (query) => {
      await explain(query);
      return null;
    },
    any: async (query) => {
      await explain(query);
      return [];
    },
  };
  await read(explaining);
  return lines.join('\n');
};

test('looks at the newest 20,000 events of a resource, by its index, and says where it stopped', async () => {
  const large = await startFixture();
  try {
    const id = randomUUID();
    const first = eventOf({ resource: { type: 'script', id }, changes: [{ path: '/name', before: 'one', after: 'two' }] });
    await large.report(first);
    const { connection } = large.tables;
    const head = await large.read<{ log: { size: number } }>('/v1/audit/status');
    expect(head.body.log.size).toBe(1);
    // As if the log had taken them: who looks for a change reads no hashes.
    await connection.query(sql.unsafe`
      INSERT INTO audit.audit_events
        (id, occurred_at, recorded_at, actor_type, actor_id, action, resource_type, resource_id, result, request_id, service, leaf_index, leaf_hash)
      SELECT gen_random_uuid(), '2026-03-02T00:00:00Z'::timestamptz + n * interval '1 second', now(), 'user', 'user-' || n % 100, 'script.update', 'script',
             CASE WHEN n % 2 = 0 THEN ${id} ELSE 'script-' || n END, 'success', 'r', 'team-resources', n, decode(repeat('00', 32), 'hex')
      FROM generate_series(1, 40000) AS n`);
    await connection.query(sql.unsafe`UPDATE audit.log_heads SET size = 40001`);
    await connection.query(sql.unsafe`ANALYZE audit.audit_events`);
    const at = async (to?: string) =>
      (await large.read<AuditBlame>(`/v1/audit/blame${queryOf({ resourceId: id, ...(to === undefined ? {} : { to }) })}`)).body;
    const stopped = await at();
    expect(stopped).toMatchObject({ state: 'older', event: null, searchedSince: '2026-03-02T00:00:02.000Z' });
    expect(idIn(await at(stopped.searchedSince ?? ''))).toBe(first.id);
    const readsAll = /Seq Scan on audit_events|Sort|uq_audit_events_leaf_index/v;
    const planFor = (resourceId: string) =>
      plansOf(connection, (on) =>
        createBlameStore(on).findLast({ resourceType: 'script', resourceId, result: 'success' }, '/name'),
      );
    expect(await planFor(id)).not.toMatch(readsAll);
    expect(await planFor('script-7')).toContain('idx_audit_events_resource_id_occurred_at');
    // The condition that a row is in the log must not tempt the planner to read the whole log in its order.
    for (const filter of [{}, { actor: 'user-7' }, { action: 'script.update' }, { text: 'load' }]) {
      const listed = await plansOf(connection, (on) => createAuditEvents(on).list(filter, { limit: 25, after: null }));
      expect([filter, readsAll.test(listed)]).toEqual([filter, false]);
    }
  } finally {
    await large.close();
  }
});
