import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInternalVerifier, serviceHeader } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import {
  anyCheck,
  anyCheckpoint,
  anyTime,
  countStatements,
  eventOf,
  problem,
  startFixture,
  unsigned,
  type Fixture,
} from './fixture.ts';

const now = (): Date => new Date();
const verifier = createInternalVerifier({ identity: identityOf('auth'), now });

/** auth's side of the contract: GET /internal/outbox for services of the installation. */
const startAuthStandIn = async (): Promise<Server> => {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const caller = await verifier.verifyService(String(request.headers[serviceHeader]));
      const isRight = caller === 'audit' && request.url === '/internal/outbox' && request.headers['x-request-id'] === 'request-1';
      response
        .writeHead(isRight ? 200 : 404, { 'content-type': 'application/json' })
        .end(JSON.stringify({ waiting: 3, oldestWaitingSeconds: 1.5 }));
    };
    answer().catch(() => response.writeHead(401).end());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return server;
};

/** Takes connections and never answers. */
const startSilent = async (): Promise<Server> => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return server;
};

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe('GET /v1/audit/status', () => {
  let fixture: Fixture;
  let auth: Server;
  let teamResources: Server;
  beforeAll(async () => {
    auth = await startAuthStandIn();
    teamResources = await startSilent();
    fixture = await startFixture({ env: { AUTH_URL: urlOf(auth), TEAM_RESOURCES_URL: urlOf(teamResources) } });
  });
  afterAll(async () => {
    await fixture.close();
    for (const server of [auth, teamResources]) {
      server.closeAllConnections();
      server.close();
    }
  });

  test('counts what is stored with one statement, and says of a service that does not answer that it is not known', async () => {
    const outboxes = [
      { service: 'auth', waiting: 3, oldestWaitingSeconds: 1.5 },
      { service: 'team-resources', waiting: null, oldestWaitingSeconds: null },
    ];
    const log = { size: 0, unsequenced: 0, oldestUnsequencedAt: null, waiting: 0, checkpoint: anyCheckpoint };
    const empty = {
      stored: 0,
      received: 0,
      queueWaiting: null,
      lastRecordedAt: null,
      log,
      outboxes,
      check: anyCheck,
      faults: [],
    };
    expect(await fixture.read('/v1/audit/status')).toMatchObject({ status: 200, body: empty });
    const events = Array.from({ length: 30 }, () => eventOf());
    for (const event of events) await fixture.report(event);
    await fixture.report(...events);
    const { result, statements } = await countStatements(() => fixture.read('/v1/audit/status'));
    expect(result.body).toEqual({ ...empty, stored: 30, lastRecordedAt: anyTime, log: { ...log, size: 30 } });
    expect(statements).toHaveLength(1);
  });

  test('is for principals with audit:read alone, and takes no query', async () => {
    expect((await fixture.ask('GET', '/v1/audit/status')).body).toEqual(unsigned);
    expect((await fixture.ask('GET', '/v1/audit/status', { headers: await fixture.asCaller('user:read') })).body).toEqual(
      problem(403, 'FORBIDDEN', 'Not allowed', 'This needs the permission audit:read.'),
    );
    expect((await fixture.read('/v1/audit/status?colour=red')).status).toBe(400);
  });
});

describe('GET /v1/audit/status with a queue that is away', () => {
  test('answers all the same, with how much waits there unknown', async () => {
    const fixture = await startFixture({ env: { QUEUE_URL: 'postgres://nobody@127.0.0.1:1/nothing' } });
    try {
      expect((await fixture.read('/v1/audit/status')).body).toMatchObject({ stored: 0, received: 0, queueWaiting: null });
    } finally {
      await fixture.close();
    }
  });
});
