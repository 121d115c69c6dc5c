import { randomBytes, randomUUID } from 'node:crypto';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventOf, startFixture, type Fixture } from '../../services/audit/test/contract/fixture.ts';
import { textOf } from '../support/reported-log.ts';

/** Parts of the trail that stand still by themselves: each says so by its own name, at /readyz, which stays 200, and by a gauge. */
let fixture: Fixture;
let tables: Client;

const nobody = 'http://127.0.0.1:9';

beforeAll(async () => {
  const env = {
    FORWARD_URL: nobody,
    FORWARD_SECRET: randomBytes(32).toString('base64'),
    WITNESSES: `${nobody}/witness`,
    AUDIT_CHECK_EVERY_SECONDS: '1',
    AUDIT_CHECK_LEAVES_PER_SECOND: '100000',
  };
  fixture = await startFixture({ env });
  tables = new Client({ connectionString: fixture.database?.url ?? '' });
  await tables.connect();
  const redacted = eventOf();
  await fixture.report(eventOf(), redacted);
  const headers = await fixture.asCallerWith({ userId: 'owner' }, 'installation:manage');
  await fixture.ask('POST', '/v1/audit/redactions', { body: { eventIds: [redacted.id] }, headers });
});
afterAll(async () => {
  await tables.end();
  await fixture.close();
});

interface Readiness {
  readonly isReady: boolean;
  readonly faults: readonly { readonly name: string; readonly reason: string }[];
}

/** The reason that is given for a fault; null while it does not stand. Readiness and gauge agree. */
const reasonOf = async (name: string): Promise<string | null> => {
  const answer = await fetch(`${fixture.url}/readyz`);
  const { isReady, faults } = (await answer.json()) as Readiness;
  expect([answer.status, isReady]).toEqual([200, true]);
  return faults.find((fault) => fault.name === name)?.reason ?? null;
};
const isSaid = async (name: string): Promise<boolean> => {
  const gauge = (await textOf(fixture, '/metrics')).includes(`audit_fault{name="${name}",service="audit"} 1`);
  return gauge === ((await reasonOf(name)) !== null) && gauge;
};
const standsStill = async (name: string): Promise<string> => {
  await waitFor(() => isSaid(name), { what: `the fault ${name}` });
  return (await reasonOf(name)) ?? '';
};
const goesOn = (name: string) => waitFor(async () => !(await isSaid(name)), { what: `the fault ${name} to end` });

const finishedAt = (metrics: string): number =>
  Number(/^audit_check_finished_timestamp_seconds\S* (\S+)$/m.exec(metrics)?.[1] ?? Number.NaN);

/** Renames a table or a column while the work is done. */
const renamed = async (there: string, back: string, work: () => Promise<void>): Promise<void> => {
  await tables.query(`ALTER TABLE audit.${there}`);
  try {
    await work();
  } finally {
    await tables.query(`ALTER TABLE audit.${back}`);
  }
};

test('a receiver that is away, and a witness', async () => {
  expect(await standsStill('forwarding')).not.toBe('');
  expect(await standsStill('witness')).toContain(`The witness at ${nobody}/witness/`);
});

test('a check of the log that cannot read everything, and an export', async () => {
  await renamed('removed_events RENAME COLUMN reason TO away', 'removed_events RENAME COLUMN away TO reason', async () => {
    expect(await standsStill('integrity')).toMatch(/^unread: The log could not be checked from end to end: /);
    await textOf(fixture, '/v1/audit/export?format=ndjson').catch(() => 'broken off');
    expect(await standsStill('exporting')).not.toBe('');
  });
  await goesOn('integrity');
  expect(await textOf(fixture, '/v1/audit/export?format=ndjson')).toContain('script.update');
  await goesOn('exporting');
});

test('a live tail that cannot read on, as long as somebody follows it', async () => {
  const following = new AbortController();
  const headers = await fixture.asCaller('audit:read');
  const answer = await fetch(`${fixture.url}/v1/audit/stream`, { headers, signal: following.signal });
  expect(answer.status).toBe(200);
  await renamed('log_heads RENAME COLUMN size TO away', 'log_heads RENAME COLUMN away TO size', async () => {
    expect(await standsStill('following')).not.toBe('');
  });
  await goesOn('following');
  following.abort();
});

test('nothing stands still for a time that no text can say', async () => {
  await tables.query(`UPDATE audit.removed_events SET created_at = 'infinity'`);
  expect(await textOf(fixture, '/v1/audit/export?format=ndjson')).toContain('"removed":"redacted"');
  const checkedAt = await textOf(fixture, '/metrics').then(finishedAt);
  await waitFor(async () => finishedAt(await textOf(fixture, '/metrics')) > checkedAt, { what: 'a check of the log' });
  expect([await isSaid('integrity'), await isSaid('exporting')]).toEqual([false, false]);
});

test('a pruning that cannot remove what is past its retention', async () => {
  const headers = { ...(await fixture.asCallerWith({ userId: 'owner' }, 'installation:manage')), 'if-match': '"1"' };
  await renamed(
    'rejected_events RENAME COLUMN created_at TO away',
    'rejected_events RENAME COLUMN away TO created_at',
    async () => {
      await fixture.ask('PUT', '/v1/audit/retention', { body: { keepDays: 365 }, headers });
      expect(await standsStill('pruning')).not.toBe('');
    },
  );
  await goesOn('pruning');
});

test('events of a version without a log that cannot be sequenced: nothing was signed yet, as the witness is away', async () => {
  const id = randomUUID();
  await renamed('log_tiles RENAME TO away', 'away RENAME TO log_tiles', async () => {
    await tables.query(
      `INSERT INTO audit.audit_events (id, occurred_at, recorded_at, actor_type, actor_id, action, resource_type, resource_id, result, request_id, service)
       VALUES ($1, now(), now(), 'user', 'ada', 'script.update', 'script', 'script-1', 'success', 'r', 'team-resources')`,
      [id],
    );
    expect(await standsStill('sequencing')).not.toBe('');
  });
  await goesOn('sequencing');
  await waitFor(async () => (await fixture.read(`/v1/audit/events/${id}`)).status === 200, {
    what: 'the event to be in the log',
  });
});
