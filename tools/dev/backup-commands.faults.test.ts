import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startEmbeddedPostgres } from '@guildhall/testkit';
import { runNode } from '@guildhall/testkit/run-node';
import { expect, onTestFinished, test } from 'vitest';
import { changedFile, emptyDatabase, useBackup } from './backup.fixture.ts';
import { digestTables, onSession } from './backup-rows.ts';
import { claimData } from './running.ts';
import { databaseName } from './shared-database.ts';

/** The commands of backups, each as its own process. */

const backup = useBackup();

const run = (
  name: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
) =>
  runNode([...flags, path.join(import.meta.dirname, `${name}.ts`), ...args], {
    DATA_FOLDER: path.join(backup().folder, 'data'),
    DATABASE_URL: backup().url,
    ...env,
  });

test('make backup writes one into the data folder, and make backup-drill takes the newest and records that it held: rows of 100 MB in a heap of as many', async () => {
  const { url, folder } = backup();
  await onSession(url, (client) =>
    client.query(
      `INSERT INTO audit.rejected_events (id, raw, reason)
         SELECT gen_random_uuid(), to_jsonb(repeat(md5(n::text), 32768)), 'long' FROM generate_series(1, 100) AS n`,
    ),
  );
  const smallHeap = ['--max-old-space-size=100'];
  expect(await run('backup', [], {}, smallHeap)).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^Backed up: .+\n {2}\d+ rows of /),
    stderr: '',
  });
  expect(await run('backup-drill', [], {}, smallHeap)).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^Held: .*\n {2}\d+ rows as they were, \d+ events proven\n$/),
    stderr: '',
  });
  const drill: unknown = JSON.parse(readFileSync(path.join(folder, 'data', 'backups', 'last-drill.json'), 'utf8'));
  expect(drill).toMatchObject({ heldAt: expect.stringMatching(/^\d{4}-/), rows: expect.any(Number) });
});

test('make backup-drill of a bent backup ends with 1, and says when one last held', async () => {
  const { folder } = backup();
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

test('make restore fills an empty database of DATABASE_URL', async () => {
  const { file, end } = backup();
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

test('make restore puts a backup in place of the database of the data folder, which is kept; one that cannot be restored changes nothing', async () => {
  const { file, end, folder } = backup();
  const data = path.join(folder, 'in-place');
  await onServer(data, async (urlOf) => {
    await onSession(urlOf(), (client) => client.query(`CREATE DATABASE ${databaseName}`));
    await onSession(urlOf(databaseName), (client) => client.query('CREATE TABLE of_today (id int)'));
  });
  const restore = (of: string) => run('restore', [of], { DATABASE_URL: '', DATA_FOLDER: data });
  // No other value than this one is stored: it shows when rows before it are there.
  const impossible = changedFile(
    backup(),
    (text) => text.replace(/("table":"audit\.audit_events".*?)success/, '$1sideways'),
    true,
  );
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
});

test('make restore is refused while a stack runs on the data folder', async () => {
  const data = path.join(backup().folder, 'running');
  const claim = await claimData(data, 'team', () => {});
  onTestFinished(claim.release);
  expect(await run('restore', [backup().file], { DATABASE_URL: '', DATA_FOLDER: data })).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('make down'),
  });
});
