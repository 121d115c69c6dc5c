import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditStatus } from '@guildhall/contracts';
import { sql } from '@guildhall/db';
import { createHttpServer, createLog, createMetrics, listen } from '@guildhall/http';
import { checkpointIn } from '@guildhall/tlog';
import { identityOf, waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventOf, startFixture, type Fixture } from '../../services/audit/test/contract/fixture.ts';
import type { RepairConfig } from '../../services/gateway/src/config.ts';
import { addWitnessRoutes } from '../../services/gateway/src/routes/witness.ts';
import { runRepair } from '../../services/gateway/src/wire/audit-repair.ts';
import { startWitness } from '../../services/gateway/src/wire/witness.ts';

/** The gateway's witness and a real audit service: a database that was put back is refused until the command accepts it. */

let fixture: Fixture;
let folder: string;
let closeWitness: () => Promise<void>;

const log = createLog({ service: 'gateway', level: 'silent' });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repair-'));
  const metrics = createMetrics('gateway');
  // The witness is started first, and asks audit for its key when it first hears of the log.
  const front = createServer((request, response) => {
    const forward = async (): Promise<void> => {
      const answer = await fetch(`${fixture.url}${request.url ?? ''}`);
      response.statusCode = answer.status;
      response.end(await answer.text());
    };
    // The service may be closed already, while the witness still asks for its key.
    forward().catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  const witness = startWitness({
    config: { folder, name: 'witness.example', logKeys: [] },
    auditUrl: `http://127.0.0.1:${port}`,
    configurationId: () => null,
    metrics,
    log,
  });
  const app = createHttpServer({ log, metrics, readiness: () => ({ isReady: true }) });
  addWitnessRoutes(app, witness);
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  const options = { WITNESSES: `${url}/witness`, AUDIT_CHECK_EVERY_SECONDS: '1', AUDIT_CHECK_LEAVES_PER_SECOND: '100000' };
  fixture = await startFixture({ env: options });
  closeWitness = async () => {
    await app.close();
    witness.close();
    front.close();
  };
});
afterEach(async () => {
  await fixture.close();
  await closeWitness();
  await rm(folder, { recursive: true });
});

const status = async (): Promise<AuditStatus> => (await fixture.read<AuditStatus>('/v1/audit/status')).body;
const signedOver = (size: number) =>
  waitFor(
    async () => {
      const answer = await fetch(`${fixture.url}/v1/audit/log/checkpoint`);
      return answer.ok && checkpointIn(await answer.text())?.size === size;
    },
    { what: `a checkpoint of ${size} events` },
  );
const report = async (count: number): Promise<void> =>
  void (await fixture.report(...Array.from({ length: count }, () => eventOf())));
const refusedWith = (reason: string) =>
  waitFor(async () => (await status()).faults.find((fault) => fault.reason.includes(reason)), { what: `the fault ${reason}` });
const run = (text: ReturnType<typeof sql.unsafe>) => fixture.tables.connection.query(text);

const repair = async (more: Partial<RepairConfig> = {}): Promise<readonly string[]> => {
  const config = {
    auditUrl: fixture.url,
    identity: identityOf('gateway'),
    witnessFolder: folder,
    what: 'accept-log',
    reason: null,
  } as const;
  const lines: string[] = [];
  for await (const line of runRepair({ ...config, ...more })) lines.push(line);
  return lines;
};
const repairs = async () => (await fixture.read('/v1/audit/events?action=audit.repair')).body.items;
const acceptedFiles = async () => (await readdir(folder)).filter((name) => name.startsWith('accepted-'));

const tables = ['audit_events', 'log_tiles', 'log_heads', 'checkpoints', 'log_keys'] as const;
/** Copies the tables of the log aside, as a backup does, and returns a function that puts them back. */
const backUp = async (): Promise<() => Promise<void>> => {
  for (const table of tables)
    await run(
      sql.unsafe`CREATE TABLE ${sql.identifier(['audit', `kept_${table}`])} AS TABLE ${sql.identifier(['audit', table])}`,
    );
  return async () => {
    for (const table of tables) {
      await run(sql.unsafe`DELETE FROM ${sql.identifier(['audit', table])}`);
      await run(
        sql.unsafe`INSERT INTO ${sql.identifier(['audit', table])} SELECT * FROM ${sql.identifier(['audit', `kept_${table}`])}`,
      );
    }
  };
};

describe('make audit-repair', () => {
  test('accepts a database that was put back, which is an event in the log, and keeps what the witness saw', async () => {
    await report(5);
    await signedOver(5);
    const putBack = await backUp();
    await report(3);
    await signedOver(8);
    await putBack();
    await report(1);
    await refusedWith('8');
    expect((await repair()).slice(0, 2)).toEqual([
      expect.stringMatching(/^The witness saw 8 events as guildhall-audit\/\S+\.$/),
      expect.stringMatching(/^The log has 6 events as guildhall-audit\/\S+; 5 are signed\.$/),
    ]);
    expect([await repairs(), await acceptedFiles(), (await status()).log.checkpoint?.size]).toEqual([[], [], 5]);

    await repair({ reason: 'The disk failed; the backup of this morning was restored.' });
    // The event of the repair is the seventh.
    await signedOver(7);
    await waitFor(async () => (await status()).faults.length === 0, { what: 'the log to be whole' });
    const [event, ...others] = await repairs();
    expect([others, event?.actor, event?.changes]).toMatchObject([
      [],
      { type: 'system', id: 'operator' },
      [
        { path: '/what', after: 'accept-log' },
        { path: '/reason', after: 'The disk failed; the backup of this morning was restored.' },
        { path: '/log', before: { size: 8 }, after: { size: 6 } },
      ],
    ]);
    const [file = ''] = await acceptedFiles();
    const kept = JSON.parse(await readFile(join(folder, file), 'utf8')) as { size: number; note: string; eventId: string };
    expect([kept.size, checkpointIn(kept.note)?.size, kept.eventId]).toEqual([8, 8, event?.id]);
  });

  test('accepts a log whose checkpoints are of another tree: they are removed, and the last one is told of', async () => {
    await report(5);
    await signedOver(5);
    const note = await (await fetch(`${fixture.url}/v1/audit/log/checkpoint`)).text();
    await run(sql.unsafe`DELETE FROM audit.log_keys`);
    await refusedWith('key');
    expect((await repair()).at(-2)).toContain('its checkpoints would be removed');
    await repair({ reason: 'The key was lost.' });
    await signedOver(6);
    const [event] = await repairs();
    expect(event?.changes?.at(-1)).toEqual({ path: '/checkpoint', before: note });
  });

  test('names planted rows, and deletes them after the log has recorded which', async () => {
    await report(2);
    const planted = Array.from({ length: 3 }, () => randomUUID()).toSorted();
    for (const [index, id] of planted.entries()) {
      await run(sql.unsafe`
        INSERT INTO audit.audit_events
          (id, occurred_at, recorded_at, actor_type, actor_id, action, resource_type, resource_id, result, request_id, service, leaf_index, leaf_hash)
        VALUES (${id}::uuid, now(), now(), 'user', 'mallory', 'role.assign', 'user', 'mallory', 'success', 'r', 'auth', ${5_000 + index}::int8, '\\x00')`);
    }
    await refusedWith('outside');
    expect((await repair({ what: 'delete-planted' }))[0]).toBe(`3 rows are not part of the log: ${planted.join(', ')}`);
    expect(await repairs()).toEqual([]);
    await repair({ what: 'delete-planted', reason: 'They are kept in the copy of 29 November.' });
    const [event] = await repairs();
    expect(event?.changes?.at(-1)).toEqual({ path: '/rows', before: planted });
    expect((await repair({ what: 'delete-planted' }))[0]).toBe('0 rows are not part of the log.');
    await waitFor(async () => (await status()).faults.length === 0, { what: 'the log to be whole' });
    expect((await status()).log.size).toBe(3);
  });

  test('acknowledges what nothing makes good any more: it stays told, raises no alarm, and a further alteration does', async () => {
    await report(6);
    await signedOver(6);
    await run(sql.unsafe`UPDATE audit.audit_events SET action = 'script.delete' WHERE leaf_index = 2`);
    await refusedWith('altered');
    const { rows } = await run(sql.unsafe`SELECT id FROM audit.audit_events WHERE leaf_index = 2`);
    const id = (rows[0] as { id: string }).id;
    const headers = await fixture.asCallerWith({ userId: 'owner' }, 'installation:manage');
    await fixture.ask('POST', '/v1/audit/redactions', { body: { eventIds: [id] }, headers });
    await refusedWith('altered before they were redacted');
    const [, line] = await repair({ what: 'acknowledge-faults' });
    expect(line).toBe('altered: 1 events were altered before they were redacted, as the trail tells: 2.');
    expect(await repairs()).toEqual([]);

    await repair({ what: 'acknowledge-faults', reason: 'Found on 29 November; the row stands in the backup.' });
    await waitFor(async () => (await status()).faults.length === 0, { what: 'the alarm to end' });
    const told = [{ kind: 'altered', detail: '1 events were altered before they were redacted, as the trail tells: 2.' }];
    expect((await status()).check).toMatchObject({ faults: [], acknowledged: told });
    const metrics = await (await fetch(`${fixture.url}/metrics`)).text();
    expect(metrics).toContain('audit_check_acknowledged{service="audit"} 1');
    expect(metrics).toContain('audit_fault{name="integrity",service="audit"} 0');
    const [event] = await repairs();
    expect(event?.changes).toMatchObject([
      { path: '/what', after: 'acknowledge-faults' },
      { path: '/reason', after: 'Found on 29 November; the row stands in the backup.' },
      { path: '/faults', after: told },
      { path: '/seal' },
    ]);

    await run(sql.unsafe`UPDATE audit.audit_events SET action = 'script.delete' WHERE leaf_index = 3`);
    await refusedWith('at index 3 is not what');
    await repair({ what: 'acknowledge-faults', reason: 'The same attack.' });
    await waitFor(async () => (await status()).faults.length === 0, { what: 'the alarm to end' });
    await run(sql.unsafe`UPDATE audit.audit_events SET action = 'script.read' WHERE leaf_index = 3`);
    await refusedWith('at index 3 is not what');
  });

  test('takes no acknowledgement from whoever writes to the database', async () => {
    await report(3);
    await signedOver(3);
    await run(sql.unsafe`UPDATE audit.audit_events SET action = 'script.delete' WHERE leaf_index = 1`);
    await refusedWith('altered');
    const faults = [{ kind: 'altered', detail: 'anything' }];
    const changes = [
      { path: '/what', after: 'acknowledge-faults' },
      { path: '/faults', after: faults },
      { path: '/seal', after: 'AAAA' },
    ];
    await fixture.storeOld(0, [eventOf({ action: 'audit.repair', service: 'audit', changes })]);
    const before = (await status()).check?.finishedAt;
    await waitFor(async () => (await status()).check?.finishedAt !== before, { what: 'another check' });
    expect((await status()).faults.map(({ name }) => name)).toContain('integrity');
  });

  test('computes tiles and head anew from the leaves, where these lead to what was signed, and events are stored and proven again', async () => {
    await report(150);
    await report(150);
    await signedOver(300);
    await run(sql.unsafe`UPDATE audit.log_tiles SET hashes = decode(repeat('00', 8192), 'hex')`);
    await run(sql.unsafe`UPDATE audit.log_heads SET frontier = set_byte(frontier, 0, get_byte(frontier, 0) # 1)`);
    await run(sql.unsafe`
      INSERT INTO audit.log_tiles (level, tile_index, hashes) VALUES (0, 1, decode(repeat('00', 8192), 'hex'))`);
    await refusedWith('Tile 0/0 does not hold');
    expect((await repair({ what: 'rebuild-hashes' }))[0]).toBe(
      'These hold other hashes than the leaves lead to: tile 0/0, tile 1/0, tile 0/1, head.',
    );
    expect(await repairs()).toEqual([]);
    await repair({ what: 'rebuild-hashes', reason: 'A disk that lied.' });
    await waitFor(async () => (await status()).faults.length === 0, { what: 'the log to be whole' });
    const [event] = await repairs();
    expect(event?.changes?.at(-1)).toEqual({
      path: '/hashes',
      before: { count: 4, first: ['tile 0/0', 'tile 1/0', 'tile 0/1', 'head'] },
    });
    await report(200);
    await report(20);
    await signedOver(521);
    expect((await repair({ what: 'rebuild-hashes' }))[0]).toBe('The tiles and the head hold the hashes that the leaves lead to.');
    expect((await fixture.read(`/v1/audit/events/${event?.id}/proof`)).status).toBe(200);

    await run(sql.unsafe`UPDATE audit.audit_events SET leaf_hash = decode(repeat('00', 32), 'hex') WHERE leaf_index = 7`);
    await expect(repair({ what: 'rebuild-hashes', reason: 'x' })).rejects.toThrow(
      'the leaf hashes do not lead to what was signed',
    );
  });

  test('is asked of audit by the gateway alone', async () => {
    const body = { what: 'delete-planted', reason: 'x' };
    const headers = await fixture.asService('team-resources');
    expect((await fixture.ask('POST', '/internal/log/repairs', { body, headers })).status).toBe(403);
    expect((await fixture.ask('POST', '/internal/log/repairs', { body })).status).toBe(401);
  });
});
