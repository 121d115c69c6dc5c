import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { AppError } from '@guildhall/errors';
import { createLog, createMetrics } from '@guildhall/http';
import { migrationNames } from '@guildhall/migrate';
import { freshDatabase, waitFor, type FreshDatabase } from '@guildhall/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createDatabaseLink, type DatabaseLink } from '../src/index.ts';

const migrationsFolder = path.resolve(import.meta.dirname, '../../../services/audit/migrations');
const silent = createLog({ service: 'database-link-test', level: 'silent' });
const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

const database = async (services: readonly 'audit'[] = []): Promise<FreshDatabase> => {
  const fresh = await freshDatabase({ services });
  opened.push(fresh.drop);
  return fresh;
};
const createLink = (databaseUrl: string | null = null, queueUrl: string | null = null): DatabaseLink => {
  const link = createDatabaseLink({
    schema: 'audit',
    migrationsFolder,
    applicationName: 'database-link-test',
    databaseUrl,
    queueUrl,
    metrics: createMetrics('database-link-test'),
    log: silent,
  });
  opened.push(link.close);
  return link;
};
const untilStatus = (link: DatabaseLink, status: string) =>
  waitFor(() => link.state().status === status, { what: () => `${status}, not ${JSON.stringify(link.state())}` });
const addressOf = (databaseUrl: string) => ({ configurationId: randomUUID(), databaseUrl, queueUrl: databaseUrl });
const nowhere = (queueUrl: string) => ({ ...addressOf('postgres://nobody@127.0.0.1:1/nothing'), queueUrl });
const count = { applied: expect.any(Number), pending: 0 };

describe('a service without a database', () => {
  test('says so, and is neither ready nor at fault', async () => {
    const link = createLink();
    expect(link.state()).toEqual({
      source: null,
      configurationId: null,
      status: 'not_configured',
      migrations: null,
      fault: null,
      migrationNames: [...migrationNames(migrationsFolder)],
    });
    expect((await link.readiness()).isReady).toBe(false);
  });

  test('migrates an empty database that the gateway names, and uses it', async () => {
    const link = createLink();
    const address = addressOf((await database()).url);
    link.connect(address);
    expect(link.state()).toMatchObject({ source: 'installation', status: 'migrating' });
    await untilStatus(link, 'ready');
    expect(link.state()).toEqual({
      source: 'installation',
      configurationId: address.configurationId,
      status: 'ready',
      migrations: count,
      fault: null,
      migrationNames: [...migrationNames(migrationsFolder)],
    });
    link.connect(address);
    expect(link.state().status).toBe('ready');
  });

  test('moves to another database, and back to none', async () => {
    const link = createLink();
    link.connect(addressOf((await database(['audit'])).url));
    await untilStatus(link, 'ready');
    const next = addressOf((await database(['audit'])).url);
    link.connect(next);
    expect(link.state().configurationId).toBe(next.configurationId);
    await untilStatus(link, 'ready');
    link.disconnect();
    expect(link.state()).toMatchObject({ source: null, configurationId: null, status: 'not_configured' });
  });

  test('tries on while the database cannot be reached, and tells what keeps its migrations from being applied', async () => {
    const link = createLink();
    link.connect(addressOf('postgres://nobody@127.0.0.1:1/nothing'));
    await untilStatus(link, 'unavailable');
    expect(link.state()).toMatchObject({ detail: 'no connection', fault: null });
    const wrong = new URL((await database(['audit'])).url);
    wrong.password = 'wrong';
    link.connect(addressOf(wrong.href));
    await waitFor(() => link.state().fault !== null);
    expect(link.state()).toMatchObject({ status: 'unavailable', detail: 'the migrations cannot be applied' });
  });
});

describe('a service whose environment names the database', () => {
  test('uses it without migrating, and refuses to be moved', async () => {
    const link = createLink((await database(['audit'])).url);
    await untilStatus(link, 'ready');
    expect(link.state()).toMatchObject({ source: 'environment', configurationId: null, migrations: count });
    expect(() => link.connect(addressOf('postgres://elsewhere'))).toThrow(AppError);
    expect(() => link.disconnect()).toThrow(AppError);
  });
});

describe('work on the queue', () => {
  test('follows the queue: what ran on the former one has ended before it starts on the next', async () => {
    const link = createLink();
    const said: string[] = [];
    const job = link.onQueue((queueUrl) => {
      said.push(`start ${queueUrl}`);
      return { close: async () => void said.push(`close ${queueUrl}`) };
    });
    expect(job()).toBeNull();
    link.connect(nowhere('one'));
    link.connect(nowhere('two'));
    link.connect(nowhere('three'));
    await waitFor(() => job() !== null);
    expect(said).toEqual(['start three']);
    link.connect(nowhere('four'));
    await waitFor(() => said.length === 3);
    link.disconnect();
    await waitFor(() => said.length === 4);
    expect(said).toEqual(['start three', 'close three', 'start four', 'close four']);
  });

  test('stays on a queue that the environment names', () => {
    const link = createLink(null, 'given');
    const started: string[] = [];
    link.onQueue((queueUrl) => {
      started.push(queueUrl);
      return { close: async () => {} };
    });
    link.connect(addressOf('postgres://nobody@127.0.0.1:1/nothing'));
    link.disconnect();
    expect(started).toEqual(['given']);
  });
});
