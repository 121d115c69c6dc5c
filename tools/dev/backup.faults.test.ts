import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { auditLogRoutes, serviceSchemas } from '@guildhall/contracts';
import { migrateUp } from '@guildhall/migrate';
import { freshDatabase, migrationsFolder, startEmbeddedPostgres, waitFor } from '@guildhall/testkit';
import { openTables } from '@guildhall/testkit/service';
import { runNode } from '@guildhall/testkit/run-node';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventOf, startFixture, type Fixture } from '../../services/audit/test/contract/fixture.ts';
import { seedCommunity } from '../../services/team-resources/test/support/team-database.ts';
import { createRowSum, sha256, type BackupEnd, type BackupLine } from './backup-format.ts';
import { digestTables, onSession } from './backup-rows.ts';
import { drillBackup } from './drill.ts';
import { BentBackup, examineBackup } from './read-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { claimData } from './running.ts';
import { databaseName } from './shared-database.ts';
import { writeBackup } from './write-backup.ts';

const events = 300;
const longMs = 120_000;
let audit: Fixture;
let url: string;
let folder: string;
let file: string;
let end: BackupEnd;

/** Audit with signed events, and the schemas of the others in the same database, with what is hard to carry over. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-backup-'));
  file = path.join(folder, 'shared.backup.gz');
  audit = await startFixture();
  url = audit.database?.url ?? '';
  for (const service of ['auth', 'team-resources'] as const)
    await migrateUp({ databaseUrl: url, schema: serviceSchemas[service], folder: migrationsFolder(service) });
  const tables = await openTables('team-resources', url);
  await seedCommunity(tables);
  await tables.close();
  for (let from = 0; from < events; from += 100) await audit.report(...Array.from({ length: 100 }, () => eventOf()));
  const isSigned = async () =>
    Number((await (await fetch(`${audit.url}${auditLogRoutes.getAuditCheckpoint.path}`)).text()).split('\n')[1]) >= events;
  await waitFor(isSigned, { what: 'the events to be signed' });
  end = await writeBackup(url, file);
});
afterAll(async () => {
  await audit.close();
  rmSync(folder, { recursive: true, force: true });
});

const emptyDatabase = async (): Promise<string> => {
  const database = await freshDatabase({ services: [] });
  onTestFinished(() => database.drop());
  return database.url;
};

/** Writes another backup that is changed, and says itself that it is so unless `isHonest` is false. */
const changedFile = (change: (text: string) => string, isHonest = false): string => {
  const lines = change(gunzipSync(readFileSync(file)).toString())
    .trimEnd()
    .split('\n');
  const changed = path.join(folder, `changed-${Math.random()}.gz`);
  writeFileSync(changed, gzipSync(`${(isHonest ? withTrueEnd(lines) : lines).join('\n')}\n`));
  return changed;
};

/** The lines with an end that fits them: what somebody writes who knows the format. */
const withTrueEnd = (lines: readonly string[]): readonly string[] => {
  const before = lines.slice(0, -1);
  const sums = new Map(Object.keys(end.tables).map((table) => [table, createRowSum()]));
  for (const line of before.map((text) => JSON.parse(text) as BackupLine)) if ('row' in line) sums.get(line.table)?.add(line.row);
  const tables = Object.fromEntries([...sums].map(([table, sum]) => [table, sum.digest()]));
  const digest = sha256().update(before.map((line) => `${line}\n`).join(''));
  return [...before, JSON.stringify({ end: { ...end, tables, sha256: digest.digest('hex') } })];
};

const drillParts = async (of: string) => ({
  file: of,
  url: await emptyDatabase(),
  folder,
  keptKey: path.join(folder, 'no-key'),
  now: () => new Date(0),
});

test('a backup is for its user alone, and holds every table, the migrations and the last checkpoint', async () => {
  expect(end.tables['audit.audit_events']?.rows).toBeGreaterThanOrEqual(events);
  expect(end.tables['team.communities']?.rows).toBe(1);
  expect(end.checkpoint?.size).toBeGreaterThanOrEqual(events);
  const { head } = await examineBackup(file);
  expect(Object.keys(head.migrations).toSorted()).toEqual(['audit', 'auth', 'team']);
});

test('a drill restores every row as it was and walks the proofs of the whole log', async () => {
  const parts = await drillParts(file);
  const rows = Object.values(end.tables).reduce((sum, table) => sum + table.rows, 0);
  expect(await drillBackup(parts)).toEqual({
    file,
    takenAt: expect.stringMatching(/^\d{4}-/),
    heldAt: new Date(0).toISOString(),
    rows,
    provenEvents: end.checkpoint?.size,
  });
  expect(await digestTables(parts.url)).toEqual(end.tables);
});

test.each<[string, () => string]>([
  [
    'is cut off',
    () => {
      const cut = path.join(folder, 'cut.gz');
      writeFileSync(cut, readFileSync(file).subarray(0, -20));
      return cut;
    },
  ],
  ['has no end', () => changedFile((text) => text.trimEnd().split('\n').slice(0, -1).join('\n'))],
  ['lacks a row', () => changedFile((text) => text.replace(/^\{"table":"audit\.audit_events".*\n/m, ''))],
  ['has a row twice', () => changedFile((text) => text.replace(/^\{"table":"audit\.audit_events".*\n/m, '$&$&'))],
  ['has another value', () => changedFile((text) => text.replace(/("table":"audit\.audit_events".*?)success/, '$1failure'))],
  ['has something behind its end', () => changedFile((text) => `${text.trimEnd()}\n{"table":"auth.users","row":"{}"}\n`)],
  [
    'is something else',
    () => {
      const other = path.join(folder, 'other.gz');
      writeFileSync(other, gzipSync('hello\n'));
      return other;
    },
  ],
  ['is not there', () => path.join(folder, 'nowhere.gz')],
])('a backup that %s is refused, and nothing is restored of it', async (_what, make) => {
  const target = await emptyDatabase();
  await expect(restoreBackup(make(), target)).rejects.toThrow(BentBackup);
  expect(await digestTables(target)).toEqual({});
});

test('a backup whose events were altered by somebody who knows the format fails the drill by its proofs', async () => {
  const altered = changedFile((text) => text.replace(/("table":"audit\.audit_events".*?)success/, '$1failure'), true);
  expect((await examineBackup(altered)).end.sha256).not.toBe(end.sha256);
  await expect(drillBackup(await drillParts(altered))).rejects.toThrow('its audit trail does not prove');
});

test('a drill holds the trail to the key that make audit-verify saw first', async () => {
  const keptKey = path.join(folder, 'other-key');
  writeFileSync(keptKey, 'example.org/log+00000000+AW1ubW5tbm1ubW5tbm1ubW5tbm1ubW5tbm1ubW5tbm1u\n');
  await expect(drillBackup({ ...(await drillParts(file)), keptKey })).rejects.toThrow('its audit trail does not prove');
});

test('a database that holds something is not restored into', async () => {
  const earlier = await digestTables(url);
  await expect(restoreBackup(file, url)).rejects.toThrow('is not empty');
  expect(Object.keys(await digestTables(url))).toEqual(Object.keys(earlier));
});

test('a backup of a newer program is refused', async () => {
  const newer = changedFile((text) => text.replace('"0001_', '"9999_'), true);
  await expect(restoreBackup(newer, await emptyDatabase())).rejects.toThrow('is not this program');
});

const run = (name: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
  runNode([path.join(import.meta.dirname, `${name}.ts`), ...args], {
    DATA_FOLDER: path.join(folder, 'data'),
    DATABASE_URL: url,
    ...env,
  });

test(
  'make backup writes one into the data folder, and make backup-drill takes the newest and records that it held',
  { timeout: longMs },
  async () => {
    expect(await run('backup')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^Backed up: .+\n {2}\d+ rows of /),
      stderr: '',
    });
    expect(await run('backup-drill')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^Held: .*\n {2}\d+ rows as they were, \d+ events proven\n$/),
      stderr: '',
    });
    const drill: unknown = JSON.parse(readFileSync(path.join(folder, 'data', 'backups', 'last-drill.json'), 'utf8'));
    expect(drill).toMatchObject({ heldAt: expect.stringMatching(/^\d{4}-/), rows: expect.any(Number) });
  },
);

test('make backup-drill of a bent backup ends with 1, and says when one last held', { timeout: longMs }, async () => {
  const bent = path.join(folder, 'bent.backup.gz');
  writeFileSync(bent, 'bent');
  const data = path.join(folder, 'earlier');
  mkdirSync(path.join(data, 'backups'), { recursive: true });
  writeFileSync(
    path.join(data, 'backups', 'last-drill.json'),
    JSON.stringify({ file: 'monday.gz', heldAt: '2026-01-31T08:00:00.000Z' }),
  );
  expect(await run('backup-drill', [bent], { DATA_FOLDER: data })).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/damaged or cut off\.\nA drill last held at 2026-01-31T08:00:00\.000Z, of monday\.gz\.\n$/),
  });
});

test('make restore fills an empty database of DATABASE_URL', { timeout: longMs }, async () => {
  const target = await emptyDatabase();
  const restored = await run('restore', [file], { DATABASE_URL: target });
  expect(restored).toEqual({ status: 0, stdout: expect.stringMatching(/^Restored, as it was at /), stderr: '' });
  expect(await digestTables(target)).toEqual(end.tables);
});

/** Works on the server of a data folder, which no stack runs on. */
const onServer = async <T>(dataFolder: string, work: (urlOf: (name?: string) => string) => Promise<T>): Promise<T> => {
  const server = await startEmbeddedPostgres({ dataFolder: path.join(dataFolder, 'postgres'), isDurable: false });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
};

test(
  'make restore puts a backup in place of the database of the data folder, which is kept; one that cannot be restored changes nothing',
  async () => {
    const data = path.join(folder, 'in-place');
    await onServer(data, async (urlOf) => {
      await onSession(urlOf(), (client) => client.query(`CREATE DATABASE ${databaseName}`));
      await onSession(urlOf(databaseName), (client) => client.query('CREATE TABLE of_today (id int)'));
    });
    const restore = (of: string) => run('restore', [of], { DATABASE_URL: '', DATA_FOLDER: data });
    // No other value than this one is stored: it shows when rows before it are there.
    const impossible = changedFile((text) => text.replace(/("table":"audit\.audit_events".*?)success/, '$1sideways'), true);
    const failed = await restore(impossible);
    expect([failed.status, failed.stderr]).toEqual([1, expect.stringContaining('ck_audit_events_result')]);

    const restored = await restore(file);
    const kept = /guildhall_replaced_\d+/.exec(restored.stdout)?.[0] ?? '';
    expect(restored).toEqual({ status: 0, stdout: expect.stringContaining(`is kept in the database ${kept}.`), stderr: '' });
    await onServer(data, async (urlOf) => {
      const found = await onSession(urlOf(), (client) =>
        client.query("SELECT datname FROM pg_database WHERE datname LIKE 'guildhall%' ORDER BY datname"),
      );
      expect(found.rows).toEqual([{ datname: databaseName }, { datname: kept }]);
      // The failed one gave it its name back.
      await onSession(urlOf(kept), (client) => client.query('SELECT id FROM of_today'));
      expect(await digestTables(urlOf(databaseName))).toEqual(end.tables);
      const owner = "SELECT tableowner FROM pg_tables WHERE schemaname = 'team' AND tablename = 'communities'";
      expect((await onSession(urlOf(databaseName), (client) => client.query(owner))).rows).toEqual([
        { tableowner: `${databaseName}_team` },
      ]);
    });
  },
  longMs,
);

test('make restore is refused while a stack runs on the data folder', async () => {
  const data = path.join(folder, 'running');
  const claim = await claimData(data, 'team', () => {});
  onTestFinished(claim.release);
  expect(await run('restore', [file], { DATABASE_URL: '', DATA_FOLDER: data })).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('make down'),
  });
});

test(
  'rows of 100 MB are backed up and restored in a heap of 80 MB',
  async () => {
    await onSession(url, (client) =>
      client.query(
        `INSERT INTO audit.rejected_events (id, raw, reason)
         SELECT gen_random_uuid(), to_jsonb(repeat(md5(n::text), 32768)), 'long' FROM generate_series(1, 100) AS n`,
      ),
    );
    const long = path.join(folder, 'long.backup.gz');
    const inSmallHeap = (name: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
      runNode(['--max-old-space-size=80', path.join(import.meta.dirname, `${name}.ts`), ...args], {
        DATA_FOLDER: path.join(folder, 'long'),
        ...env,
      });
    expect(await inSmallHeap('backup', [long], { DATABASE_URL: url })).toMatchObject({ status: 0, stderr: '' });
    expect(await inSmallHeap('restore', [long], { DATABASE_URL: await emptyDatabase() })).toMatchObject({
      status: 0,
      stderr: '',
    });
  },
  longMs,
);
