import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPublisher } from '@guildhall/events';
import { freshDatabase, identityOf, waitFor } from '@guildhall/testkit';
import { openDoor } from './door.ts';
import { eventOf, idsOf, problem, startFixture, type Fixture } from './fixture.ts';

const community = randomUUID();
type Route = readonly [method: string, path: string, access: 'principal' | 'service', body: unknown];

const routes: readonly Route[] = [
  ['GET', '/v1/audit/events', 'principal', undefined],
  ['GET', `/v1/audit/events/${randomUUID()}`, 'principal', undefined],
  ['GET', `/v1/communities/${community}/audit/events`, 'principal', undefined],
  ['GET', '/v1/audit/status', 'principal', undefined],
  ['POST', '/internal/events', 'service', { messages: [eventOf()] }],
  ['POST', '/internal/events/missing', 'service', { kind: 'audit', events: [{ id: randomUUID(), digest: 'A'.repeat(43) }] }],
];

const askAs = async (fixture: Fixture, [method, path, access, body]: Route) => {
  const headers =
    access === 'service' ? await fixture.asService() : await fixture.asCaller('audit:read', `community-audit:read@${community}`);
  return fixture.ask(method, path, { headers, ...(body === undefined ? {} : { body }) });
};

describe('without DATABASE_URL', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ isConfigured: false });
  });
  afterAll(() => fixture.close());

  test('the process runs and says what it waits for', async () => {
    expect(await fixture.ask('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await fixture.ask('GET', '/readyz')).toMatchObject({
      status: 503,
      body: {
        isReady: false,
        sharedDatabase: { source: null, configurationId: null, migrations: null, status: 'not_configured' },
      },
    });
  });

  test.each(routes)('%s %s answers NOT_CONFIGURED', async (...route) => {
    const { body, headers } = await askAs(fixture, route);
    expect(body).toEqual(
      problem(503, 'NOT_CONFIGURED', 'No shared database is set up', 'No shared database is set up for this service.'),
    );
    expect(headers.get('retry-after')).toBe('1');
  });
});

describe('with a database that cannot be used', () => {
  test.each(routes)('%s %s answers SHARED_DB_UNAVAILABLE', async (...route) => {
    const fixture = await startFixture({
      isConfigured: false,
      env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' },
    });
    try {
      const { body } = await askAs(fixture, route);
      expect(body).toMatchObject({ status: 503, code: 'SHARED_DB_UNAVAILABLE' });
    } finally {
      await fixture.close();
    }
  });

  test('whose migrations are not applied, readiness says so', async () => {
    const empty = await freshDatabase({ services: [] });
    const fixture = await startFixture({ isConfigured: false, env: { DATABASE_URL: empty.url } });
    try {
      const state = await waitFor(async () => {
        const { body } = await fixture.ask<{ sharedDatabase: { detail?: string } }>('GET', '/readyz');
        return body.sharedDatabase.detail === 'migrations pending' && body.sharedDatabase;
      });
      expect(state).toEqual({
        source: 'environment',
        configurationId: null,
        migrations: { applied: 0, pending: expect.any(Number) },
        status: 'unavailable',
        detail: 'migrations pending',
      });
    } finally {
      await fixture.close();
      await empty.drop();
    }
  });
});

describe('while the database is away', () => {
  test('events wait in the queue, none is used up, and all are stored once when it is back', async () => {
    const [database, queue] = [await freshDatabase({ services: ['audit'] }), await freshDatabase({ services: [] })];
    const door = await openDoor(database.url);
    const fixture = await startFixture({ isConfigured: false, env: { DATABASE_URL: door.url, QUEUE_URL: queue.url } });
    const publisher = createPublisher({ queueUrl: queue.url, identity: identityOf('team-resources'), log: fixture.log });
    const isReady = async (): Promise<boolean> => (await fixture.ask('GET', '/readyz')).status === 200;
    try {
      await waitFor(isReady, { what: 'audit to be ready' });
      const communityId = randomUUID();
      const events = Array.from({ length: 30 }, () => eventOf({ communityId }));
      await publisher.publish('audit', events.slice(0, 5));
      await waitFor(async () => (await publisher.depth('audit')) === 0, { what: 'the first events to be stored' });
      door.shut();
      await publisher.publish('audit', events.slice(0, 20));
      await waitFor(async () => !(await isReady()), { what: 'audit to notice' });
      await publisher.publish('audit', events.slice(10));
      expect(await publisher.depth('audit')).toBe(2);
      door.open();
      await waitFor(async () => (await publisher.depth('audit')) === 0, { what: 'the queue to be empty', timeoutMs: 20_000 });
      const stored = idsOf(await fixture.readCommunity(communityId, '?limit=100'));
      expect(stored.toSorted()).toEqual(events.map(({ id }) => id).toSorted());
    } finally {
      await publisher.close();
      await fixture.close();
      await door.close();
      await Promise.all([database.drop(), queue.drop()]);
    }
  });
});
