import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditStatus } from '@guildhall/contracts';
import type { Connection } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventOf, startFixture, type Answer, type EventPage, type Fixture } from '../../services/audit/test/contract/fixture.ts';
import type { Finding } from '../../programs/audit-verify/src/finding.ts';
import { hashOf, type Line } from '../../programs/audit-verify/test/test-log.ts';
import { readAuditTrail } from '../../tools/dev/audit-trail.ts';
import { onSchema } from '../../tools/dev/on-database.ts';
import { proveTrail } from '../../tools/dev/prove-trail.ts';
import { reportUpTo, textOf } from '../support/reported-log.ts';

/** Who notices what is altered by SQL while the service runs: reading, the check of the whole log, and the verifier. */
const at = 137;
const size = 300;
const kept = 100;
let fixture: Fixture;
let tables: Client;
/** The connection of the verifier, which is open as long as the tests run. */
let connection: Connection;
let verifying: Promise<void>;
const isOver = Promise.withResolvers<void>();
let folder: string;
let eventId: string;

const file = (name: string): string => join(folder, name);
const saved = ['audit_events', 'removed_events', 'log_tiles', 'log_heads', 'checkpoints', 'log_keys'];

const status = async (): Promise<AuditStatus> => (await fixture.read<AuditStatus>('/v1/audit/status')).body;

/** The faults of a check of the whole log that began after this was called, by kind. */
const checked = async (): Promise<string[]> => {
  const first = await nextCheck((await status()).check?.finishedAt);
  const { faults } = await nextCheck(first.finishedAt);
  return [...new Set(faults.map(({ kind }) => kind))];
};
const nextCheck = (after: string | undefined) =>
  waitFor(
    async () => {
      const { check } = await status();
      return check !== null && check.finishedAt !== after && check;
    },
    { what: 'a check of the whole log' },
  );

/** Lets retention prune some events, so that everything is tried on a log that was pruned before; returns its size. */
const pruneSome = async (): Promise<number> => {
  const old = Array.from({ length: 5 }, () => eventOf());
  await fixture.storeOld(31, old);
  const headers = { ...(await fixture.asCallerWith({ userId: 'owner' }, 'installation:manage')), 'if-match': '"1"' };
  await fixture.ask('PUT', '/v1/audit/retention', { body: { keepDays: 30 }, headers });
  await waitFor(async () => (await fixture.read(`/v1/audit/events/${old[4]?.id}`)).status === 404, { what: 'pruning' });
  return (await status()).log.size;
};

beforeAll(async () => {
  fixture = await startFixture({ env: { AUDIT_CHECK_EVERY_SECONDS: '1', AUDIT_CHECK_LEAVES_PER_SECOND: '100000' } });
  folder = await mkdtemp(join(tmpdir(), 'audit-alterations-'));
  await writeFile(file('older'), await reportUpTo(fixture, kept, await pruneSome()));
  await reportUpTo(fixture, size, kept);
  await writeFile(file('key'), await textOf(fixture, '/v1/audit/log/key'));
  tables = new Client({ connectionString: fixture.database?.url ?? '' });
  await tables.connect();
  const opened = Promise.withResolvers<Connection>();
  verifying = onSchema(fixture.database?.url ?? '', 'audit', async (database) => {
    opened.resolve(database.connection);
    await isOver.promise;
  });
  connection = await opened.promise;
  for (const table of saved) await tables.query(`CREATE TABLE audit.saved_${table} AS SELECT * FROM audit.${table}`);
  const { rows } = await tables.query<{ id: string }>('SELECT id FROM audit.audit_events WHERE leaf_index = $1', [at]);
  eventId = rows[0]?.id ?? '';
});
/** Rows are deleted and not truncated: a reader that has begun neither waits for that, nor holds it up until one of them is ended. */
afterEach(async () => {
  await tables.query(
    `BEGIN; ${saved.map((table) => `DELETE FROM audit.${table}; INSERT INTO audit.${table} SELECT * FROM audit.saved_${table};`).join(' ')} COMMIT`,
  );
});
afterAll(async () => {
  isOver.resolve();
  await verifying;
  await tables.end();
  await fixture.close();
  await rm(folder, { recursive: true });
});

/** Every event of the list, page by page. */
const listed = async (): Promise<readonly object[]> => {
  const items: object[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: Answer<EventPage> = await fixture.read(
      `/v1/audit/events?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    items.push(...body.items);
    cursor = body.nextCursor;
  }
  return items;
};

interface Proven {
  readonly code: number;
  /** The finding of the verifier, or else the first fault of what stands beside the events. */
  readonly finding: string;
  /** The kinds of faults that the check of the whole log finds, which the service and the verifier share. */
  readonly check: readonly string[];
}

/** Runs what `make audit-verify` does with the database. */
const proven = async (...older: readonly string[]): Promise<Proven> => {
  const out: string[] = [];
  const trail = await readAuditTrail(connection);
  if (trail === null) throw new Error('Nothing was signed.');
  const key = (await readFile(file('key'), 'utf8')).trim();
  const write = (text: string) => out.push(text);
  const code = await proveTrail({ connection, trail, folder, key, older, isJson: true, out: { write }, err: process.stderr });
  const { answer, finding, stored } = JSON.parse(out.join('')) as {
    readonly answer: string;
    readonly finding?: Finding | null;
    readonly stored?: readonly { readonly kind: string }[];
  };
  return {
    code,
    finding: finding?.kind ?? stored?.[0]?.kind ?? answer,
    check: [...new Set(stored?.map(({ kind }) => kind))].filter((kind) => kind !== 'unsigned'),
  };
};
const verified = async (...older: readonly string[]): Promise<readonly [number, string]> => {
  const { code, finding } = await proven(...older);
  return [code, finding];
};

const where = `WHERE leaf_index = ${at}`;
const change = (assignment: string) => `UPDATE audit.audit_events SET ${assignment} ${where}`;
const planted = (index: number | null) => `
  INSERT INTO audit.audit_events (id, actor_type, actor_id, action, resource_type, resource_id, result, request_id, service,
    occurred_at, recorded_at, leaf_index, leaf_hash)
  SELECT '11111111-1111-4111-8111-111111111111', 'user', 'mallory', action, resource_type, resource_id, result, request_id, service,
    occurred_at, recorded_at, ${index}, leaf_hash FROM audit.audit_events ${where}`;
const plantedId = '11111111-1111-4111-8111-111111111111';
const hidden = (condition: string) => `
  WITH gone AS (DELETE FROM audit.audit_events ${condition} RETURNING id, leaf_index, leaf_hash)
  INSERT INTO audit.removed_events (id, leaf_index, leaf_hash, reason) SELECT id, leaf_index, leaf_hash, 'redacted' FROM gone`;
const flipped = (table: string, column: string, condition: string) =>
  `UPDATE audit.${table} SET ${column} = set_byte(${column}, 0, get_byte(${column}, 0) # 1) WHERE ${condition}`;

const gone = { answers: 404, proof: 404 } as const;
const real = { answers: 'real', proof: 200 } as const;
const unsignedYet = { answers: 'real', proof: 503 } as const;
const unprovable = { answers: 'real', proof: 409 } as const;

interface Alteration {
  readonly sql: string;
  /** The answer of the event's own route, and the status of its proof. */
  readonly reading: { readonly answers: 'real' | 'altered' | 404; readonly proof: number };
  /** The faults that the next check of the whole log finds, within a second and its length. */
  readonly check: readonly string[];
  /** Exit code and finding of the verifier, without and with a checkpoint that was kept elsewhere. */
  readonly verifier: readonly [number, string];
  readonly withOlder?: readonly [number, string];
}

const byPlace = (one: Line, other: Line): number => Number(one['leafIndex']) - Number(other['leafIndex']);

const columns: Readonly<Record<string, string>> = {
  id: `id = '22222222-2222-4222-8222-222222222222'`,
  actor_type: `actor_type = 'system'`,
  actor_id: `actor_id = 'mallory'`,
  session_id: 'session_id = NULL',
  ip: 'ip = NULL',
  user_agent: 'user_agent = NULL',
  action: `action = 'script.delete'`,
  resource_type: `resource_type = 'Script'`,
  resource_id: `resource_id = 'other'`,
  resource_name: 'resource_name = NULL',
  community_id: 'community_id = NULL',
  result: `result = 'denied'`,
  changes: 'changes = NULL',
  'changes, to no list': `changes = '{"a": 1e400}'`,
  request_id: `request_id = 'other'`,
  service: `service = 'auth'`,
  occurred_at: `occurred_at = '2020-01-01T00:00:00Z'`,
  recorded_at: `recorded_at = recorded_at - interval '1 day'`,
  'recorded_at, to no time': `recorded_at = 'infinity'`,
  leaf_hash: `leaf_hash = decode(repeat('00', 32), 'hex')`,
  'leaf_hash, to NULL': 'leaf_hash = NULL',
};

describe('an altered column is found by the check and by the verifier', () => {
  test.each([columns['action'] ?? '', columns['leaf_hash, to NULL'] ?? '', columns['id'] ?? ''])('%s', async (assignment) => {
    await tables.query(change(assignment));
    expect(await proven()).toMatchObject({ code: 1, finding: 'altered', check: expect.arrayContaining(['altered']) });
  });
});

const alterations: Readonly<Record<string, Alteration>> = {
  'created_at, updated_at, parts of a millisecond: not in the leaf, and harmless': {
    sql: change(`created_at = now(), updated_at = now(), occurred_at = occurred_at + interval '1 microsecond'`),
    reading: real,
    check: [],
    verifier: [0, 'whole'],
  },
  'the leaf index, to another': {
    sql: change('leaf_index = 5000'),
    reading: gone,
    check: ['missing', 'outside'],
    verifier: [1, 'missing'],
  },
  'the leaf index, to NULL: it is not appended once more': {
    sql: change('leaf_index = NULL'),
    reading: gone,
    check: ['missing', 'outside'],
    verifier: [1, 'missing'],
  },
  'a row deleted in a whole tile': {
    sql: `DELETE FROM audit.audit_events ${where}`,
    reading: gone,
    check: ['missing'],
    verifier: [1, 'missing'],
  },
  'a row deleted in the newest tile': {
    sql: `DELETE FROM audit.audit_events WHERE leaf_index = ${size - 10}`,
    reading: real,
    check: ['missing'],
    verifier: [1, 'missing'],
  },
  'the last rows deleted': {
    sql: `DELETE FROM audit.audit_events WHERE leaf_index >= ${size - 3}`,
    reading: real,
    check: ['missing'],
    verifier: [1, 'missing'],
  },
  'the younger checkpoints deleted, so that the log is not signed any more': {
    sql: `DELETE FROM audit.checkpoints WHERE size > ${kept};
          UPDATE audit.audit_events SET created_at = created_at - interval '2 minutes'`,
    reading: unsignedYet,
    check: [],
    verifier: [1, 'unsigned'],
  },
  'a row deleted, and a removal made up, though others were pruned': {
    sql: hidden(where),
    reading: { answers: 404, proof: 200 },
    check: ['untold'],
    verifier: [1, 'untold'],
  },
  'what told of the pruning deleted, and its removal made up': {
    sql: hidden(`WHERE action = 'audit.prune'`),
    reading: real,
    check: ['untold'],
    verifier: [1, 'untold'],
  },
  'a row planted at a far index': { sql: planted(5_000), reading: real, check: ['outside'], verifier: [1, 'outside'] },
  'a row planted at the next index': { sql: planted(size), reading: real, check: ['outside'], verifier: [1, 'outside'] },
  'a row planted below the first': { sql: planted(-5), reading: real, check: ['outside'], verifier: [1, 'outside'] },
  'a row planted without a leaf index and a leaf hash, as a version without a log stored them': {
    sql: `${planted(null)}; UPDATE audit.audit_events SET leaf_hash = NULL WHERE id = '${plantedId}'`,
    reading: real,
    check: ['outside'],
    verifier: [1, 'outside'],
  },
  'two rows swapped': {
    sql: `${change('leaf_index = -1')}; UPDATE audit.audit_events SET leaf_index = ${at} WHERE leaf_index = 17;
          UPDATE audit.audit_events SET leaf_index = 17 WHERE leaf_index = -1`,
    reading: unprovable,
    check: ['hashes', 'different'],
    verifier: [1, 'reordered'],
  },
  'a tile of leaf hashes': {
    sql: flipped('log_tiles', 'hashes', 'level = 0 AND tile_index = 0'),
    reading: unprovable,
    check: ['hashes'],
    verifier: [1, 'hashes'],
  },
  'a tile of leaf hashes, deleted': {
    sql: 'DELETE FROM audit.log_tiles WHERE level = 0',
    reading: unprovable,
    check: ['hashes'],
    verifier: [1, 'hashes'],
  },
  'a tile above': {
    sql: flipped('log_tiles', 'hashes', 'level = 1'),
    reading: real,
    check: ['hashes'],
    verifier: [1, 'hashes'],
  },
  'a tile above, deleted': {
    sql: 'DELETE FROM audit.log_tiles WHERE level = 1',
    reading: real,
    check: ['hashes'],
    verifier: [1, 'hashes'],
  },
  'the head': { sql: flipped('log_heads', 'frontier', 'true'), reading: real, check: ['hashes'], verifier: [1, 'hashes'] },
  'the size of the head, one less': {
    sql: 'UPDATE audit.log_heads SET size = size - 1',
    reading: real,
    check: ['hashes', 'different', 'outside'],
    verifier: [1, 'hashes'],
  },
  'the size of the head, one more': {
    sql: 'UPDATE audit.log_heads SET size = size + 1',
    reading: real,
    check: ['missing'],
    verifier: [1, 'missing'],
  },
  'the times of the checkpoints, to none': {
    sql: `UPDATE audit.checkpoints SET created_at = 'infinity'`,
    reading: real,
    check: [],
    verifier: [0, 'whole'],
  },
  'the last checkpoint, its signature': {
    sql: `UPDATE audit.checkpoints SET note = overlay(note placing translate(substr(note, length(note) - 40, 1), 'AB', 'BA') || 'A' from length(note) - 40 for 2)`,
    reading: real,
    check: ['different'],
    verifier: [1, 'forged'],
  },
};

describe('other alterations', () => {
  test.each(Object.entries(alterations))('%s', async (_name, { sql, reading, check, verifier, withOlder = verifier }) => {
    await tables.query(sql);
    const { status: code, body } = await fixture.read<object>(`/v1/audit/events/${eventId}`);
    const proof = await fixture.read(`/v1/audit/events/${eventId}/proof`);
    expect({ answers: code === 200 ? ('altered' in body ? 'altered' : 'real') : code, proof: proof.status }).toEqual(reading);
    expect((await fixture.read(`/v1/audit/events/${plantedId}`)).status).toBe(404);
    const alone = await proven();
    expect(alone.check).toEqual(check);
    expect([[alone.code, alone.finding], await verified(file('older'))]).toEqual([verifier, withOlder]);
  });

  test('an event with its leaf hash, and with the tile: the check and the verifier find that it is not what was signed', async () => {
    const { body: line } = await fixture.read<Line>(`/v1/audit/events/${eventId}`);
    const forged = hashOf({ ...line, action: 'script.delete' });
    await tables.query('UPDATE audit.audit_events SET action = $1, leaf_hash = $2 WHERE leaf_index = $3', [
      'script.delete',
      forged,
      at,
    ]);
    expect((await fixture.read(`/v1/audit/events/${eventId}/proof`)).status).toBe(409);
    expect(await proven()).toEqual({ code: 1, finding: 'altered', check: ['hashes', 'different'] });
    await tables.query(`UPDATE audit.log_tiles SET hashes = overlay(hashes placing $1 from ${at * 32 + 1}) WHERE level = 0`, [
      forged,
    ]);
    expect(await proven(file('older'))).toEqual({ code: 1, finding: 'different', check: ['hashes', 'different'] });
  });
});

const reasonOf = async (name: string): Promise<string | undefined> =>
  (await status()).faults.find((fault) => fault.name === name)?.reason;

test.each([
  ['all checkpoints deleted', 'DELETE FROM audit.checkpoints', `Checkpoints were removed: one of ${size} leaves was signed`],
  ['the key deleted', 'DELETE FROM audit.log_keys', 'The audit log has another key or origin than before'],
  ['the origin of the key', `UPDATE audit.log_keys SET origin = 'mallory.example'`, 'A sealed text does not open'],
  [
    'the public key',
    `UPDATE audit.log_keys SET public_key = decode(repeat('ab', 32), 'hex')`,
    'The audit log has another key or origin than before',
  ],
  ['the anchor deleted', 'UPDATE audit.log_keys SET sealed_anchor = NULL', 'The anchor of the audit log is gone'],
  [
    'the size of the last checkpoint',
    `UPDATE audit.checkpoints SET size = size + 1 WHERE size = ${size}`,
    'The last checkpoint was not signed by the key that the audit log has now.',
  ],
])('%s: within a second it is said that the log is not signed', async (_name, sql, reason) => {
  await waitFor(async () => (await reasonOf('signing')) === undefined, { what: 'the log to be signed' });
  await tables.query(sql);
  const said = await waitFor(() => reasonOf('signing'), { what: 'the fault signing' });
  expect(said).toContain(reason);
});

test('a proof that cannot be given out is a fault until a check finds the log whole', async () => {
  await tables.query(flipped('log_tiles', 'hashes', 'level = 0 AND tile_index = 0'));
  await waitFor(
    async () => {
      expect((await fixture.read(`/v1/audit/events/${eventId}/proof`)).status).toBe(409);
      return (await reasonOf('proving')) !== undefined;
    },
    { what: 'the fault proving' },
  );
  expect(await textOf(fixture, '/metrics')).toContain('audit_fault{name="proving",service="audit"} 1');
  await tables.query(
    'UPDATE audit.log_tiles AS tile SET hashes = saved.hashes FROM audit.saved_log_tiles AS saved WHERE saved.id = tile.id',
  );
  await waitFor(async () => (await reasonOf('proving')) === undefined, { what: 'the fault proving to end' });
});

test('what is wrong is said at /readyz, by a gauge, and no more once it was put right', async () => {
  await tables.query(change(`action = 'script.delete'`));
  await checked();
  const readiness = (await (await fetch(`${fixture.url}/readyz`)).json()) as { isReady: boolean; faults: { name: string }[] };
  expect(readiness.isReady).toBe(true);
  expect(readiness.faults.find(({ name }) => name === 'integrity')).toEqual({
    name: 'integrity',
    reason: `altered: The event ${eventId} at index ${at} is not what its leaf hash was made of.`,
    since: expect.any(String),
  });
  expect(await textOf(fixture, '/metrics')).toContain('audit_fault{name="integrity",service="audit"} 1');
  await tables.query(`UPDATE audit.audit_events SET action = 'script.update' ${where}`);
  expect(await checked()).toEqual([]);
  expect(await textOf(fixture, '/metrics')).toContain('audit_fault{name="integrity",service="audit"} 0');
  expect((await status()).faults.map(({ name }) => name)).not.toContain('integrity');
});

// From here on the log grows: the service may sign that after the rows were put back, which then is a fault by itself.

const faultNames = async () => (await status()).faults.map(({ name }) => name);

test('planted rows block nothing; what keeps events from being stored, or the log from being signed, is a fault by its own name', async () => {
  await tables.query(planted(size));
  expect((await fixture.report(eventOf(), eventOf())).body).toEqual({ stored: 2 });
  const fault = (await status()).faults.find(({ name }) => name === 'integrity');
  expect(fault?.reason).toMatch(/^outside: 1 rows .* the event 11111111-1111-4111-8111-111111111111 first\.$/);
  expect(await checked()).toEqual(['outside']);
  expect((await fixture.read(`/v1/audit/events/${plantedId}`)).status).toBe(404);

  await tables.query(`UPDATE audit.log_tiles SET hashes = decode(repeat('00', 8192), 'hex') WHERE level = 1`);
  await fixture.report(...Array.from({ length: 200 }, () => eventOf()));
  await waitFor(async () => (await faultNames()).includes('signing'), { what: 'signing to be said to stand still' });
  expect(await textOf(fixture, '/metrics')).toContain('audit_fault{name="signing",service="audit"} 1');
  const waiting = Array.from({ length: 100 }, () => eventOf());
  expect((await fixture.report(...waiting)).status).toBe(503);
  expect(await faultNames()).toContain('recording');
  expect(await textOf(fixture, '/metrics')).toContain('audit_fault{name="recording",service="audit"} 1');
  await tables.query(`UPDATE audit.log_tiles AS tile SET hashes = saved.hashes FROM audit.saved_log_tiles AS saved
                      WHERE saved.level = tile.level AND saved.tile_index = tile.tile_index`);
  expect((await fixture.report(...waiting)).body).toEqual({ stored: 100 });
  expect(await faultNames()).not.toContain('recording');
});

test('an altered column is shown as altered by every way to read it, and proven by nobody', async () => {
  const altered = Object.entries(columns)
    .filter(([name]) => name !== 'id')
    .map(([name, assignment], nth) => ({ name, assignment, leafIndex: at + nth }));
  const { rows } = await tables.query<{ id: string }>(
    'SELECT id FROM audit.audit_events WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT $2',
    [at, altered.length],
  );
  for (const { assignment, leafIndex } of altered)
    await tables.query(`UPDATE audit.audit_events SET ${assignment} WHERE leaf_index = ${leafIndex}`);
  const shown = await Promise.all(
    altered.map(async ({ name }, nth) => {
      const { status: code, body } = await fixture.read<Line>(`/v1/audit/events/${rows[nth]?.id}`);
      return { name, code, body, proof: (await fixture.read(`/v1/audit/events/${rows[nth]?.id}/proof`)).status };
    }),
  );
  expect(shown).toEqual(
    altered.map(({ name, leafIndex }) => ({
      name,
      code: 200,
      body: { leafIndex, leafHash: expect.any(String), altered: expect.any(Object) },
      proof: 409,
    })),
  );
  const bodies = shown.map(({ body }) => body);
  const ofList = (await listed()).filter((item): item is Line => 'altered' in item);
  expect(ofList.toSorted(byPlace)).toEqual(bodies);
  const lines = (await textOf(fixture, `/v1/audit/export?format=ndjson&size=${size}`)).split('\n').slice(1, -1);
  expect(lines.map((line) => JSON.parse(line) as Line).filter((line) => 'altered' in line)).toEqual(bodies);
});

test('an altered row that is redacted is erased, and the log and whoever checks it go on telling that it was altered', async () => {
  const names = `resource_type = 'user', resource_id = 'mallory', resource_name = 'Mallory'`;
  await tables.query(change(names));
  const redact = (userId: string) =>
    fixture
      .asCallerWith({ userId: 'owner' }, 'installation:manage')
      .then((headers) => fixture.ask('POST', '/v1/audit/redactions', { body: { userId }, headers }));
  expect((await redact('mallory')).body).toMatchObject({ removed: 1 });
  expect((await fixture.read(`/v1/audit/events/${eventId}`)).status).toBe(404);
  const [told] = (await fixture.read('/v1/audit/events?action=audit.redact')).body.items;
  expect(told?.changes?.slice(1)).toEqual([
    { path: '/count', after: 1 },
    { path: '/indexes', after: String(at) },
    { path: '/altered', after: String(at) },
  ]);
  expect(await proven()).toMatchObject({ code: 1, finding: 'altered', check: ['altered'] });
  expect(await checked()).toEqual(['altered']);
});
