import { randomUUID } from 'node:crypto';
import type { AuditEvent, AuditEventMessage, AuditStatus } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventOf, invalid, problem, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
const start = async (): Promise<void> => void (fixture = await startFixture());
const close = (): Promise<void> => fixture.close();
/** A log of its own for each test. */
const useOwnLog = (): void => {
  beforeEach(start);
  afterEach(close);
};
/** One log for all tests here: each looks at what has come since it began. */
const useOneLog = (): void => {
  beforeAll(start);
  afterAll(close);
};

const asOwner = (method: string, route: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
  fixture
    .asCaller('installation:manage', 'audit:read')
    .then((caller) => fixture.ask(method, route, { body, headers: { ...caller, ...headers } }));
const setKeepDays = (keepDays: number | null, version: number) =>
  asOwner('PUT', '/v1/audit/retention', { keepDays }, { 'if-match': `"${version}"` });
const redact = (body: object) => asOwner('POST', '/v1/audit/redactions', body);
const countRedaction = (body: object) => asOwner('POST', '/v1/audit/redactions?dryRun=true', body);
/** The ids of what was there when the test began. */
let known: ReadonlySet<string>;
const isNew = ({ id }: { readonly id: string }): boolean => !known.has(id);
const told = async (action: string): Promise<readonly AuditEvent[]> =>
  (await fixture.read(`/v1/audit/events?action=${action}`)).body.items.filter(isNew);

const HashesRow = uncheckedRow({ hashes: Type.String() });
const hexOf = (query: ReturnType<typeof sql.fragment>) =>
  fixture.tables.connection.one(sql.type(HashesRow)`SELECT encode(${query}, 'hex') AS hashes`);
const leaves = (from: number, count: number) =>
  hexOf(sql.fragment`(
    SELECT string_agg(leaf_hash, ''::bytea ORDER BY leaf_index) FROM audit.audit_events
    WHERE leaf_index >= ${from} AND leaf_index < ${from + count})`);
const firstTile = () => hexOf(sql.fragment`(SELECT hashes FROM audit.log_tiles WHERE level = 0 AND tile_index = 0)`);

const IdRow = uncheckedRow({ id: Type.String(), reason: Type.String() });
const removedRows = () => fixture.tables.connection.any(sql.type(IdRow)`SELECT id, reason FROM audit.removed_events`);
const removed = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await removedRows()).filter(isNew).map(({ id, reason }) => [id, reason]));
const rememberAtStart = (): void =>
  beforeEach(async () => {
    known = new Set();
    const events = (await Promise.all(['audit.redact', 'audit.retention', 'audit.prune'].map(told))).flat();
    known = new Set([...events, ...(await removedRows()), ...(await setAside())].map(({ id }) => id));
  });
const logSize = async (): Promise<number> => (await fixture.read<AuditStatus>('/v1/audit/status')).body.log.size;
const manyEvents = (count: number): readonly AuditEventMessage[] => Array.from({ length: count }, () => eventOf());

describe('retention', () => {
  useOwnLog();
  rememberAtStart();

  test('is never shorter than the operator allows, also where the policy was set before', async () => {
    expect((await setKeepDays(29, 1)).body).toEqual(
      invalid(
        'The body does not fit this operation.',
        '/keepDays',
        'must be at least 30: the operator of this installation keeps events for so long (AUDIT_KEEP_DAYS_MIN)',
      ),
    );
    const [old, older] = [manyEvents(1), manyEvents(1)];
    await fixture.storeOld(20, old);
    await fixture.storeOld(31, older);
    await fixture.tables.connection.query(
      sql.unsafe`INSERT INTO audit.retention_policies (name, keep_days, version) VALUES ('default', 1, 2)`,
    );
    await setKeepDays(30, 2);
    await waitFor(async () => Object.keys(await removed()).length > 0);
    expect(Object.keys(await removed())).toEqual(older.map(({ id }) => id));
  });

  test('is for ever until an owner says otherwise, of the version that they saw', async () => {
    const first = await fixture.read('/v1/audit/retention');
    expect({ body: first.body, etag: first.headers.get('etag') }).toEqual({
      body: { keepDays: null, version: 1, updatedAt: null },
      etag: '"1"',
    });
    const set = await setKeepDays(365, 1);
    expect(set.body).toEqual({ keepDays: 365, version: 2, updatedAt: expect.stringMatching(/^\d{4}-/) });
    expect((await setKeepDays(30, 1)).body).toEqual(
      problem(
        412,
        'VERSION_MISMATCH',
        'Changed by someone else',
        'The current version is 2. Read it again and repeat your change on it.',
      ),
    );
    expect((await setKeepDays(null, 2)).body).toMatchObject({ keepDays: null, version: 3 });
    expect((await told('audit.retention')).map(({ changes }) => changes)).toEqual([
      [{ path: '/keepDays', before: 365, after: null }],
      [{ path: '/keepDays', before: null, after: 365 }],
    ]);
    const denied = await fixture.ask('PUT', '/v1/audit/retention', {
      body: { keepDays: 1 },
      headers: { ...(await fixture.asCaller('audit:read')), 'if-match': '"3"' },
    });
    expect(denied.status).toBe(403);
  });

  test('removes what is older, says so in the trail, and takes nothing from the log', async () => {
    const [old, young] = [manyEvents(3), manyEvents(2)];
    await fixture.storeOld(31, old);
    await fixture.report(...young);
    const before = await leaves(0, 5);
    await setKeepDays(30, 1);
    await waitFor(async () => Object.keys(await removed()).length === 3);
    expect(await removed()).toEqual(Object.fromEntries(old.map(({ id }) => [id, 'pruned'])));
    expect((await fixture.read(`/v1/audit/events/${old[0]?.id ?? ''}`)).status).toBe(404);
    expect((await fixture.read(`/v1/audit/events/${young[0]?.id ?? ''}`)).status).toBe(200);
    const [prune] = await told('audit.prune');
    expect(prune).toMatchObject({
      actor: { type: 'system', id: 'retention' },
      changes: [{ path: '/before' }, { path: '/count', after: 3 }, { path: '/below', after: 3 }],
    });
    expect((await fixture.report(...old)).body).toEqual({ stored: 0 });
    expect(await fixture.missing(...old)).toEqual([]);
    for (const count of [150, 150]) await fixture.report(...manyEvents(count));
    expect((await firstTile()).hashes.slice(0, before.hashes.length)).toBe(before.hashes);
  });

  test('removes what is older also where many younger events stand before it in the log', async () => {
    for (let batch = 0; batch < 6; batch += 1) await fixture.report(...manyEvents(200));
    const old = manyEvents(3);
    await fixture.storeOld(31, old);
    await setKeepDays(30, 1);
    await waitFor(async () => Object.keys(await removed()).length === 3);
    expect((await told('audit.prune')).map(({ changes }) => changes?.slice(1))).toEqual([
      [
        { path: '/count', after: 3 },
        { path: '/below', after: 0 },
        { path: '/indexes', after: '1200-1202' },
      ],
    ]);
  });
});

const rejectEvent = (id: string, raw: object) =>
  fixture.tables.connection.query(
    sql.unsafe`INSERT INTO audit.rejected_events (id, raw, reason) VALUES (${id}, ${JSON.stringify(raw)}::jsonb, 'no event')`,
  );
const setAside = async () => (await fixture.read<{ items: { id: string }[] }>('/v1/audit/rejected')).body.items;
const stillSetAside = async () => (await setAside()).filter(isNew).map(({ id }) => id);

describe('a redaction of a whole log', () => {
  useOwnLog();
  rememberAtStart();

  test('removes what a person did and what was done to the account, the newest too, and names nobody', async () => {
    const userId = `user-${randomUUID()}`;
    const theirs = [
      eventOf({ actor: { type: 'user', id: userId } }),
      eventOf({ resource: { type: 'user', id: userId, name: 'Ada' } }),
    ];
    await fixture.report(...manyEvents(2), ...theirs);
    const before = await leaves(0, 4);
    expect((await redact({ userId })).body).toMatchObject({ removed: 2 });
    expect(await removed()).toEqual(Object.fromEntries(theirs.map(({ id }) => [id, 'redacted'])));
    const [event] = await told('audit.redact');
    expect(event).toMatchObject({ actor: { type: 'user', id: 'reader' }, resource: { type: 'audit-trail', id: 'events' } });
    expect(JSON.stringify(event)).not.toContain(userId);
    for (const count of [150, 150]) await fixture.report(...manyEvents(count));
    expect((await firstTile()).hashes.slice(0, before.hashes.length)).toBe(before.hashes);
  });

  test('takes a person out of what others did: by id and address as whole texts, and nothing else', async () => {
    const userId = randomUUID();
    const email = 'Bo.B@example.test';
    const named = [
      eventOf({ action: 'member.update', resource: { type: 'member', id: userId, name: 'Bob' } }),
      eventOf({
        action: 'invite.create',
        changes: [
          { path: '/role', after: 'viewer' },
          { path: '/email', after: 'bo.b@example.test' },
        ],
      }),
      eventOf({ action: 'script.update', changes: [{ path: '/owner', before: { by: [{ id: userId }] }, after: null }] }),
      eventOf({ action: 'script.update', changes: [{ path: `/members/${userId}/role`, after: 'admin' }] }),
    ];
    const unnamed = [
      eventOf({ action: 'member.update', resource: { type: 'member', id: randomUUID(), name: 'Bob' } }),
      eventOf({ changes: [{ path: '/email', after: `not-${email.toLowerCase()}` }] }),
      eventOf({ changes: [{ path: '/text', after: `said to "${userId}" once` }] }),
      eventOf({ resource: { type: 'script', id: `${userId}0` } }),
    ];
    await fixture.report(...named, ...unnamed);
    const before = await leaves(0, 8);
    expect((await redact({ userId, emails: [email] })).body).toMatchObject({ removed: 4 });
    expect(new Set(Object.keys(await removed()))).toEqual(new Set(named.map(({ id }) => id)));
    for (const count of [150, 150]) await fixture.report(...manyEvents(count));
    expect((await firstTile()).hashes.slice(0, before.hashes.length)).toBe(before.hashes);
  });

  test('leaves what tells of the trail itself, whoever asks', async () => {
    await setKeepDays(365, 1);
    await setKeepDays(null, 2);
    const ids = (await told('audit.retention')).map(({ id }) => id);
    const headers = await fixture.asCallerWith({ userId: 'second-owner' }, 'installation:manage');
    const byOther = (body: object) => fixture.ask('POST', '/v1/audit/redactions', { body, headers });
    expect((await byOther({ eventIds: ids })).body).toMatchObject({ removed: 0 });
    expect((await byOther({ userId: 'reader' })).body).toMatchObject({ removed: 0 });
    expect((await told('audit.retention')).map(({ id }) => id)).toEqual(ids);
  });
});

describe('a redaction', () => {
  useOneLog();
  rememberAtStart();

  test('is not of oneself: it is refused, the attempt is recorded, and what tells of the trail stays', async () => {
    const own = eventOf({ actor: { type: 'user', id: 'reader' } });
    const about = eventOf({ action: 'role.remove', resource: { type: 'user', id: 'reader' }, service: 'auth' });
    await fixture.report(own);
    await fixture.report(about);
    const refused = problem(403, 'FORBIDDEN', 'Not allowed', 'Nobody redacts their own events. Another owner can.');
    expect((await redact({ userId: 'reader' })).body).toEqual(refused);
    expect((await redact({ eventIds: [own.id, about.id] })).body).toMatchObject({ removed: 0 });
    const [attempt, ...others] = await told('audit.redact');
    expect({ attempt, others }).toMatchObject({ attempt: { actor: { id: 'reader' }, result: 'denied' }, others: [] });
    expect((await redact({ eventIds: [attempt?.id] })).body).toMatchObject({ removed: 0 });
    expect(await told('audit.redact')).toEqual([attempt]);
    expect(await removed()).toEqual({});
  });

  test('leaves sessions and role changes of the last 30 days, and says how many it left', async () => {
    const userId = randomUUID();
    const actor = { type: 'user' as const, id: userId };
    const [session, recent, old] = [
      eventOf({ action: 'session.create', actor, service: 'auth' }),
      eventOf({ action: 'role.assign', resource: { type: 'user', id: userId }, service: 'auth' }),
      eventOf({ action: 'role.assign', resource: { type: 'user', id: userId }, service: 'auth' }),
    ];
    const denied = eventOf({ action: 'role.assign', result: 'denied', resource: { type: 'role', id: userId }, service: 'auth' });
    const size = await logSize();
    await fixture.storeOld(31, [old]);
    await fixture.report(session, recent, denied);
    expect((await countRedaction({ userId })).body).toEqual({ removed: 2, kept: 2, isDryRun: true });
    expect([await removed(), await told('audit.redact')]).toEqual([{}, []]);
    expect((await redact({ userId })).body).toEqual({ removed: 2, kept: 2, isDryRun: false });
    expect(new Set(Object.keys(await removed()))).toEqual(new Set([old.id, denied.id]));
    expect((await told('audit.redact')).map(({ changes }) => changes?.slice(1))).toEqual([
      [
        { path: '/count', after: 2 },
        { path: '/indexes', after: `${size},${size + 3}` },
        { path: '/kept', after: 2 },
      ],
    ]);
  });

  test('of an id that is part of every text takes nothing', async () => {
    await fixture.report(...manyEvents(3), eventOf({ changes: [{ path: '/e', before: 'the', after: { e: 'text' } }] }));
    await rejectEvent(randomUUID(), { payload: { actor: { id: 'somebody-else' } }, e: 'say "e' });
    for (const userId of ['e', 'path', 'after', 'service', '"', '%']) {
      expect((await redact({ userId })).body).toMatchObject({ removed: 0 });
    }
    expect(await removed()).toEqual({});
  });

  test('and an export that the trail cannot tell of are not made', async () => {
    const event = eventOf();
    await fixture.report(event);
    const untellable = await fixture.asCallerWith({ userAgent: 'half of a pair \ud800' }, 'installation:manage', 'audit:read');
    const redaction = { body: { eventIds: [event.id] }, headers: untellable };
    const title = 'A service is unavailable';
    const refused = problem(
      503,
      'SERVICE_UNAVAILABLE',
      title,
      'The audit trail cannot store the event about this action: nothing was done.',
    );
    expect((await fixture.ask('POST', '/v1/audit/redactions', redaction)).body).toEqual(refused);
    expect((await fixture.ask('GET', '/v1/audit/export?format=ndjson', { headers: untellable })).body).toEqual(refused);
    expect(await removed()).toEqual({});
  });

  test('removes the events that are named, once', async () => {
    const [one, other] = [eventOf(), eventOf()];
    await fixture.report(one, other);
    expect((await redact({ eventIds: [one.id] })).body).toMatchObject({ removed: 1 });
    expect((await redact({ eventIds: [one.id] })).body).toMatchObject({ removed: 0 });
    expect(Object.keys(await removed())).toEqual([one.id]);
    expect(await told('audit.redact')).toHaveLength(1);
  });

  test('takes what was set aside with it, and tells of that', async () => {
    const [named, unnamed] = [randomUUID(), randomUUID()];
    const userId = `user-${randomUUID()}`;
    await rejectEvent(named, { payload: { actor: { id: userId } }, odd: true });
    await rejectEvent(unnamed, { payload: { actor: { id: `${userId}-else` } } });
    expect((await countRedaction({ userId })).body).toEqual({ removed: 1, kept: 0, isDryRun: true });
    expect(new Set(await stillSetAside())).toEqual(new Set([named, unnamed]));
    expect((await redact({ userId })).body).toEqual({ removed: 1, kept: 0, isDryRun: false });
    expect(await stillSetAside()).toEqual([unnamed]);
    expect((await redact({ eventIds: [unnamed] })).body).toMatchObject({ removed: 1 });
    expect(await stillSetAside()).toEqual([]);
    expect((await told('audit.redact')).map(({ changes }) => changes?.slice(1))).toEqual(
      Array.from({ length: 2 }, () => [
        { path: '/count', after: 0 },
        { path: '/setAside', after: 1 },
      ]),
    );
  });

  test('names either a user or events, and is for owners alone', async () => {
    expect((await redact({})).status).toBe(400);
    expect((await redact({ userId: 'ada', eventIds: [randomUUID()] })).status).toBe(400);
    const denied = await fixture.ask('POST', '/v1/audit/redactions', {
      body: { userId: 'ada' },
      headers: await fixture.asCaller('audit:read'),
    });
    expect(denied.status).toBe(403);
    const counted = await fixture.ask('POST', '/v1/audit/redactions?dryRun=true', {
      body: { userId: 'ada' },
      headers: await fixture.asCaller('audit:read'),
    });
    expect(counted.status).toBe(403);
  });
});
