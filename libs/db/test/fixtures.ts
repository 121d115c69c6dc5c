import { readFileSync } from 'node:fs';
import path from 'node:path';
import { freshDatabase, waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { createSharedDatabase, type SharedDatabase, type SharedDatabaseOptions } from '../src/index.ts';

/** The tables as the README gives them to the services, in schema `shop`. */
const canonicalTables = [
  ...readFileSync(path.resolve(import.meta.dirname, '../README.md'), 'utf8').matchAll(/```sql\n(.*?)```/gs),
]
  .map(([, text]) => text?.replaceAll('{schema}', 'shop'))
  .join('\n');

const ownTables = `
  CREATE TABLE shop.goods (
    id uuid NOT NULL DEFAULT gen_random_uuid(), label text NOT NULL, amount int8 NOT NULL DEFAULT 0, note text,
    created_at timestamptz NOT NULL DEFAULT now(), CONSTRAINT pk_goods PRIMARY KEY (id), CONSTRAINT ck_goods_amount CHECK (amount >= 0));
  CREATE UNIQUE INDEX uq_goods_label ON shop.goods (label);`;

export const execute = async (url: string, text: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end();
  }
};

/** An empty database with the schema `shop`. */
export const shopDatabase = async () => {
  const database = await freshDatabase({ services: [] });
  await execute(database.url, `CREATE SCHEMA shop; ${canonicalTables} ${ownTables}`);
  return database;
};

const silentLog = { info: () => undefined, warn: () => undefined };

/** How long a request waits for its turn, whatever the machine does beside it; the tests of that limit give their own. */
const waitMsMax = 60_000;

/** A database that stays open until it is closed, as one for all tests of a file is. */
export const openUnclosed = (url: string | null, options: Partial<SharedDatabaseOptions> = {}): SharedDatabase => {
  const usual = { schema: 'shop', applicationName: 'test', migrationsExpected: [], log: silentLog, waitMsMax };
  return createSharedDatabase({ url, ...usual, ...options });
};

/** A database that is closed with the test. */
export const openShared = (url: string | null, options: Partial<SharedDatabaseOptions> = {}): SharedDatabase => {
  const shared = openUnclosed(url, options);
  onTestFinished(() => shared.close());
  return shared;
};

export const untilStatus = (shared: SharedDatabase, status: string, timeoutMs = 10_000) =>
  waitFor(() => shared.state().status === status, { timeoutMs, what: `the shared database to be ${status}` });

export const openReady = async (url: string, options: Partial<SharedDatabaseOptions> = {}): Promise<SharedDatabase> => {
  const shared = openShared(url, options);
  await untilStatus(shared, 'ready');
  return shared;
};
