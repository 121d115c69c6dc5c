import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFixture, type Fixture } from '../../services/audit/test/contract/fixture.ts';
import { runCommand } from '../../programs/audit-verify/src/command.ts';
import type { Finding } from '../../programs/audit-verify/src/finding.ts';
import { hashOf, type Line } from '../../programs/audit-verify/test/test-log.ts';
import { readAuditTrail } from '../../tools/dev/audit-trail.ts';
import { onSchema } from '../../tools/dev/on-database.ts';
import { reportUpTo, textOf } from '../support/reported-log.ts';

/** Verifies the export of the running service against a checkpoint from before the tables were tampered with. */
const at = 137;
const size = 300;
const kept = 100;
let fixture: Fixture;
let tables: Client;
let folder: string;

const file = (name: string): string => join(folder, name);
const exported = (): Promise<string> => textOf(fixture, `/v1/audit/export?format=ndjson&size=${size}`);

beforeAll(async () => {
  fixture = await startFixture();
  folder = await mkdtemp(join(tmpdir(), 'audit-verify-'));
  await writeFile(file('older'), await reportUpTo(fixture, kept, 0));
  await writeFile(file('checkpoint'), await reportUpTo(fixture, size, kept));
  await writeFile(file('key'), await textOf(fixture, '/v1/audit/log/key'));
  const url = fixture.database?.url ?? '';
  await onSchema(url, 'audit', async ({ connection }) => (await readAuditTrail(connection))?.writeHashes(file('hashes')));
  tables = new Client({ connectionString: url });
  await tables.connect();
  await tables.query('CREATE TABLE audit.untouched AS SELECT * FROM audit.audit_events');
});
afterEach(async () => {
  await tables.query(`DELETE FROM audit.audit_events WHERE leaf_index < $1 OR id IN (SELECT id FROM audit.untouched)`, [size]);
  await tables.query('INSERT INTO audit.audit_events SELECT * FROM audit.untouched');
});
afterAll(async () => {
  await tables.end();
  await fixture.close();
  await rm(folder, { recursive: true });
});

/** Kind, first and last index. */
const found = async (...more: readonly string[]) => {
  const out: string[] = [];
  const args = ['--checkpoint', file('checkpoint'), '--older', file('older'), '--key', file('key'), '--json', ...more];
  const write = (text: string) => out.push(text);
  await runCommand({ args, stdin: Readable.from([Buffer.from(await exported())]), out: { write }, err: { write } });
  const { answer, finding } = JSON.parse(out.join('')) as { answer: string; finding?: Finding | null };
  return finding === null || finding === undefined ? answer : [finding.kind, finding.index, finding.to];
};
const foundWithTiles = () => found('--tiles', file('hashes'));

const change = (assignment: string, index = at) =>
  tables.query(`UPDATE audit.audit_events SET ${assignment} WHERE leaf_index = ${index}`);

/** Recomputes the leaf hash, as an attacker would who knows the algorithm. */
const coverUp = async (index = at): Promise<void> => {
  const lines = (await exported()).split('\n').slice(1, -1);
  const line = lines.map((each) => JSON.parse(each) as Line).find(({ leafIndex }) => leafIndex === index);
  await tables.query('UPDATE audit.audit_events SET leaf_hash = $1 WHERE leaf_index = $2', [hashOf(line ?? {}), index]);
};

/** Makes room for another event, or closes the gap that others left: of the checkpoint's events those at or behind `from` move. */
const shift = async (from: number, by: number): Promise<void> => {
  const moved = `leaf_index >= ${from} AND leaf_index < ${size}`;
  await tables.query(`UPDATE audit.audit_events SET leaf_index = -(leaf_index + ${by}) - 1 WHERE ${moved}`);
  await tables.query('UPDATE audit.audit_events SET leaf_index = -leaf_index - 1 WHERE leaf_index < 0');
};

const alterations: Readonly<Record<string, string>> = {
  id: `id = '${randomUUID()}'`,
  actor_type: `actor_type = 'system'`,
  actor_id: `actor_id = 'mallory'`,
  session_id: 'session_id = NULL',
  ip: `ip = '192.0.2.2'`,
  user_agent: `user_agent = ''`,
  action: `action = 'script.delete'`,
  resource_type: `resource_type = 'Script'`,
  resource_id: `resource_id = resource_id || ' '`,
  resource_name: `resource_name = 'Nachtlicher Lauf'`,
  community_id: `community_id = gen_random_uuid()`,
  result: `result = 'denied'`,
  changes: `changes = '[{"path": "/name", "before": null, "after": {"size": 1.5e-8}}]'`,
  request_id: `request_id = 'request-of-another-change'`,
  service: `service = 'auth'`,
  occurred_at: `occurred_at = occurred_at - interval '1 millisecond'`,
  recorded_at: `recorded_at = recorded_at + interval '1 millisecond'`,
};

const byName = (one: string, other: string): number => one.localeCompare(other);

test('what the service exports is whole', async () => {
  expect(await found()).toBe('whole');
  expect(await foundWithTiles()).toBe('whole');
});

/** Exit code, answer, index and id of the event that a receipt proves. */
const prove = async (receipt: string): Promise<unknown[]> => {
  await writeFile(file('receipt'), receipt);
  const out: string[] = [];
  const write = (text: string) => out.push(text);
  const args = ['--receipt', file('receipt'), '--key', file('key'), '--json'];
  const code = await runCommand({ args, stdin: Readable.from([]), out: { write }, err: { write } });
  const { answer, index, event } = JSON.parse(out.join('')) as { answer: string; index: number; event: Line | null };
  return [code, answer, index, event?.['id']];
};

test('the receipt of an event is proven by the key alone; of an altered one there is none', async () => {
  const { rows } = await tables.query<{ id: string; leaf_index: string }>(
    'SELECT id, leaf_index FROM audit.audit_events WHERE leaf_index IN (0, 137, 299) ORDER BY leaf_index',
  );
  const receipts = await Promise.all(rows.map(({ id }) => textOf(fixture, `/v1/audit/events/${id}/receipt`)));
  for (const [number, receipt] of receipts.entries()) {
    const { id, leaf_index: index } = rows[number] ?? { id: '', leaf_index: '' };
    expect(await prove(receipt)).toEqual([0, 'proven', Number(index), id]);
  }
  await change(`action = 'script.delete'`);
  expect(await textOf(fixture, `/v1/audit/events/${rows[1]?.id}/receipt`)).toContain('"code":"CONFLICT"');
  expect((await prove(receipts[1] ?? ''))[0]).toBe(0);
});

describe('one altered column of audit.audit_events is found and named', () => {
  test.each(Object.entries(alterations))('%s, also when its leaf hash was made anew', async (_column, assignment) => {
    await change(assignment);
    expect(await found()).toEqual(['altered', at, at]);
    await coverUp();
    expect(await found()).toEqual(['different', kept, size - 1]);
    expect(await foundWithTiles()).toEqual(['altered', at, at]);
  });

  test('leaf_hash and leaf_index', async () => {
    await change(`leaf_hash = decode(repeat('00', 32), 'hex')`);
    expect(await foundWithTiles()).toEqual(['altered', at, at]);
    await change('leaf_index = 5000000');
    expect(await found()).toEqual(['missing', at, at]);
  });

  test('and there is no other column that says something about the event', async () => {
    const { rows } = await tables.query<{ column_name: string }>(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = 'audit' AND table_name = 'audit_events'`,
    );
    const bookkeeping = ['created_at', 'updated_at', 'leaf_index', 'leaf_hash'];
    expect(rows.map(({ column_name: name }) => name).toSorted(byName)).toEqual(
      [...Object.keys(alterations), ...bookkeeping].toSorted(byName),
    );
  });
});

describe('rows that were', () => {
  test('deleted are named, also when the others closed up', async () => {
    await tables.query(`DELETE FROM audit.audit_events WHERE leaf_index IN (${at}, ${at + 1})`);
    expect(await found()).toEqual(['missing', at, at + 1]);
    await shift(at, -2);
    expect(await foundWithTiles()).toEqual(['missing', at, at + 1]);
    await tables.query(`DELETE FROM audit.audit_events WHERE leaf_index >= ${size - 10}`);
    expect((await found())[0]).toBe('missing');
  });

  test('put in between are named', async () => {
    await tables.query(`DELETE FROM audit.audit_events WHERE leaf_index = ${size - 1}`);
    await shift(at, 1);
    await tables.query(
      `INSERT INTO audit.audit_events (id, actor_type, actor_id, action, resource_type, resource_id, result, request_id, service,
         occurred_at, recorded_at, leaf_index, leaf_hash)
       SELECT gen_random_uuid(), 'user', 'mallory', action, resource_type, resource_id, result, request_id, service,
         occurred_at, recorded_at, ${at}, leaf_hash
       FROM audit.audit_events WHERE leaf_index = ${at + 1}`,
    );
    await coverUp();
    expect(await found()).toEqual(['different', kept, size - 1]);
    expect(await foundWithTiles()).toEqual(['added', at, at]);
  });

  test('swapped are named', async () => {
    await change('leaf_index = -1');
    await change(`leaf_index = ${at}`, at + 40);
    await change(`leaf_index = ${at + 40}`, -1);
    expect(await found()).toEqual(['different', kept, size - 1]);
    expect(await foundWithTiles()).toEqual(['reordered', at, at]);
  });

  test('back-dated are named', async () => {
    await change(`occurred_at = '2025-12-31T23:59:59Z', recorded_at = '2025-12-31T23:59:59Z'`, 3);
    expect(await found()).toEqual(['altered', 3, 3]);
    await coverUp(3);
    expect(await found()).toEqual(['different', 0, kept - 1]);
    expect(await foundWithTiles()).toEqual(['altered', 3, 3]);
  });
});

test('what was pruned or redacted keeps its line and its proof, unless its hash was altered or its line is gone', async () => {
  const removed = async (index: number, reason: string): Promise<void> => {
    await tables.query(
      `INSERT INTO audit.removed_events (id, leaf_index, leaf_hash, reason)
       SELECT id, leaf_index, leaf_hash, $2 FROM audit.audit_events WHERE leaf_index = $1`,
      [index, reason],
    );
    await tables.query('DELETE FROM audit.audit_events WHERE leaf_index = $1', [index]);
  };
  await removed(0, 'pruned');
  await removed(at, 'redacted');
  // No event tells of these removals.
  expect(await found()).toEqual(['untold', null, null]);
  const lines = (await exported()).split('\n');
  expect(JSON.parse(lines[at + 1] ?? '')).toEqual({ leafIndex: at, leafHash: expect.any(String), removed: 'redacted' });
  await tables.query(`UPDATE audit.removed_events SET leaf_hash = decode(repeat('00', 32), 'hex') WHERE leaf_index = ${at}`);
  expect(await foundWithTiles()).toEqual(['altered', at, at]);
  await tables.query('DELETE FROM audit.removed_events');
  expect(await found()).toEqual(['missing', 0, 0]);
});
