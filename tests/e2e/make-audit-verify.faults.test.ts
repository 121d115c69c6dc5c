import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventOf, startFixture, type Fixture } from '../../services/audit/test/contract/fixture.ts';

const program = resolve(import.meta.dirname, '../../tools/dev/audit-verify.ts');
let fixture: Fixture;
let tables: Client;
let folder: string;

beforeAll(async () => {
  fixture = await startFixture();
  folder = await mkdtemp(join(tmpdir(), 'make-audit-verify-'));
  tables = new Client({ connectionString: fixture.database?.url ?? '' });
  await tables.connect();
});
afterAll(async () => {
  await tables.end();
  await fixture.close();
  await rm(folder, { recursive: true });
});

const reportUpTo = async (size: number, count: number): Promise<string> => {
  for (let left = count; left > 0; left -= 130)
    await fixture.report(...Array.from({ length: Math.min(left, 130) }, () => eventOf()));
  const note = await waitFor(
    async () => {
      const text = await (await fetch(`${fixture.url}/v1/audit/checkpoint`)).text();
      return text.split('\n')[1] === String(size) ? text : null;
    },
    { what: `the checkpoint of ${size} events` },
  );
  return note.split('\n')[2] ?? '';
};

/** Runs the command as `make audit-verify` does. */
const verify = (more: NodeJS.ProcessEnv = {}) =>
  new Promise<readonly [code: number | string | null | undefined, out: string, err: string]>((settle) => {
    const env = { ...process.env, DATABASE_URL: fixture.database?.url ?? '', DATA_FOLDER: folder, ...more };
    execFile(process.execPath, [program], { env }, (error, out, err) => settle([error === null ? 0 : error.code, out, err]));
  });

test('make audit-verify proves the log whole, and names its root', async () => {
  const first = await reportUpTo(40, 40);
  const [code, out] = await verify();
  expect([code, out.split('\n')[0]]).toEqual([
    0,
    expect.stringContaining(`whole: 40 events, root ${first}, signed by guildhall-audit/`),
  ]);
});

test('it keeps each checkpoint that proved whole, and proves that the log has grown from it the next time', async () => {
  const second = await reportUpTo(300, 260);
  const [codeOfSecond, outOfSecond, err] = await verify();
  expect([codeOfSecond, outOfSecond, err]).toEqual([
    0,
    expect.stringMatching(/^whole: 300 events, .*, grown from the checkpoint of size 40\n$/),
    '',
  ]);
  expect(outOfSecond).toContain(`root ${second}, `);
  expect((await readdir(join(folder, 'audit-verify', 'checkpoints'))).toSorted()).toEqual(['300', '40']);
});

test('an event that was altered is named', async () => {
  await tables.query(`UPDATE audit.audit_events SET actor_id = 'mallory' WHERE leaf_index = 258`);
  const [codeOfThird, outOfThird] = await verify();
  expect([codeOfThird, outOfThird.split('\n')[1]]).toEqual([1, 'The 258 events before it are proven.']);
  expect(outOfThird).toMatch(/^altered: index 258 \(line 260, event /);
});

test('what cannot be judged ends with 2, so that a cron job can tell it from tampering', async () => {
  const [code, out, err] = await verify({ DATABASE_URL: '' });
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^Nothing runs here/);
});

test('checkpoints that were deleted are missed, when some were kept', async () => {
  await tables.query('DELETE FROM audit.checkpoints');
  const rolledBack =
    'rolled back: checkpoints were kept of this log, and its database knows no checkpoint, or no key, any more.\n';
  expect(await verify()).toEqual([1, rolledBack, '']);
});

test('a log with events and without a checkpoint is altered, also where nothing was kept; one that has just begun cannot be judged', async () => {
  const DATA_FOLDER = await mkdtemp(join(tmpdir(), 'make-audit-verify-'));
  await tables.query(`UPDATE audit.audit_events SET created_at = now()`);
  expect(await verify({ DATA_FOLDER })).toEqual([2, '', 'The audit log has not signed a checkpoint yet.\n']);
  await tables.query(`UPDATE audit.audit_events SET created_at = created_at - interval '2 minutes'`);
  const [code, out] = await verify({ DATA_FOLDER });
  expect([code, out]).toEqual([1, expect.stringMatching(/^unsigned: the log has 300 events and no checkpoint, or no key, /)]);
  await rm(DATA_FOLDER, { recursive: true });
});
