import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { processEnvironment, waitFor } from '@guildhall/testkit';
import type { Client } from 'pg';
import { checksumList } from '../src/index.ts';

const script = path.resolve(import.meta.dirname, 'replica.ts');

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The files that it says it has applied. */
  readonly applied: readonly string[];
  readonly stderr: string;
}

export interface Replica {
  readonly pid: number;
  readonly exit: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
}

const textOf = async (stream: ChildProcess['stdout']): Promise<string> => {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
};

/** A real process that runs migrateUp. Whoever starts it waits for its exit. */
export const startReplica = (databaseUrl: string, folder: string): Replica => {
  const child = spawn(process.execPath, [script], {
    env: { ...processEnvironment(), DATABASE_URL: databaseUrl, FOLDER: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const exit = (async (): Promise<Exit> => {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    const [stdout, stderr] = await texts;
    return { code, signal, applied: stdout.split('\n').filter((line) => line !== ''), stderr };
  })();
  return { pid: child.pid ?? 0, exit, signal: (name) => void child.kill(name) };
};

/** Files that are not repeatable on purpose: a file that ran twice leaves two rows. Each takes its time. */
export const countingMigrations = (count: number, sleepSeconds: number): { readonly folder: string; remove(): void } => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-replicas-'));
  for (let number = 1; number <= count; number += 1) {
    const stem = path.join(folder, `${String(number).padStart(4, '0')}_step`);
    writeFileSync(
      `${stem}.up.sql`,
      `CREATE TABLE IF NOT EXISTS library.steps (file int8 NOT NULL, fencing int8 NOT NULL);
       INSERT INTO library.steps (file, fencing) VALUES (${number}, split_part(current_setting('application_name'), ' ', 3)::int8);
       SELECT pg_sleep(${sleepSeconds});`,
    );
    writeFileSync(`${stem}.down.sql`, `DELETE FROM library.steps WHERE file = ${number};`);
  }
  writeFileSync(path.join(folder, 'checksums.txt'), checksumList(folder));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export interface Outcome {
  /** Reads one line for each time that a file ran: its number, and the fencing token of who ran it. */
  readonly steps: readonly { readonly file: number; readonly fencing: number }[];
  readonly recorded: readonly string[];
  readonly checksums: number;
}

export const readOutcome = async (client: Client): Promise<Outcome> => {
  const { rows: steps } = await client.query<{ file: number; fencing: number }>(
    'SELECT file::float8 AS file, fencing::float8 AS fencing FROM library.steps ORDER BY file, fencing',
  );
  const { rows: names } = await client.query<{ name: string }>('SELECT name FROM library.schema_migrations ORDER BY id');
  const { rows: sums } = await client.query<{ count: number }>(
    'SELECT count(*)::int4 AS count FROM library.schema_migration_checksums',
  );
  return { steps, recorded: names.map(({ name }) => name), checksums: sums[0]?.count ?? 0 };
};

export interface Holder {
  readonly pid: number;
  readonly fencing: number;
}

/** The current holder of the lease; null if it is free. */
export const readHolder = async (client: Client): Promise<Holder | null> => {
  const { rows: there } = await client.query(`SELECT 1 WHERE to_regclass('library.schema_migration_lease') IS NOT NULL`);
  if (there.length === 0) return null;
  const { rows } = await client.query<{ holder: string | null; fencing: number }>(
    `SELECT holder, fencing::float8 AS fencing FROM library.schema_migration_lease WHERE id = 'lease'`,
  );
  const [row] = rows;
  if (row === undefined || row.holder === null) return null;
  return { pid: Number(row.holder.split(':')[1]), fencing: row.fencing };
};

/** Waits until a holder of the lease has a file's transaction open, in the statement that takes its time. */
export const holderInTransaction = async (client: Client): Promise<Holder> =>
  waitFor(
    async () => {
      const { rows } = await client.query(
        `SELECT 1 FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE 'guildhall-migrate library %' AND query LIKE 'SELECT pg_sleep%' AND state = 'active'`,
      );
      return rows.length === 0 ? null : readHolder(client);
    },
    { timeoutMs: 30_000 },
  );
