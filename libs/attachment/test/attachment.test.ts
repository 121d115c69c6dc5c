import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { AppError } from '@guildhall/errors';
import { createLog } from '@guildhall/http';
import { migrationNames } from '@guildhall/migrate';
import { freshDatabase, waitFor, type FreshDatabase } from '@guildhall/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createAttachment, type Attachment } from '../src/index.ts';

const migrationsFolder = path.resolve(import.meta.dirname, '../../../services/audit/migrations');
const silent = createLog({ service: 'attachment-test', level: 'silent' });
const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

const database = async (services: readonly 'audit'[] = []): Promise<FreshDatabase> => {
  const fresh = await freshDatabase({ services });
  opened.push(fresh.drop);
  return fresh;
};
const attach = (databaseUrl: string | null = null, queueUrl: string | null = null): Attachment => {
  const attachment = createAttachment({
    schema: 'audit',
    migrationsFolder,
    applicationName: 'attachment-test',
    databaseUrl,
    queueUrl,
    log: silent,
  });
  opened.push(attachment.close);
  return attachment;
};
const untilStatus = (attachment: Attachment, status: string) =>
  waitFor(() => attachment.state().status === status, { what: `${status}, not ${JSON.stringify(attachment.state())}` });
const addressOf = (databaseUrl: string) => ({ configurationId: randomUUID(), databaseUrl, queueUrl: databaseUrl });
const nowhere = (queueUrl: string) => ({ ...addressOf('postgres://nobody@127.0.0.1:1/nothing'), queueUrl });
const count = { applied: expect.any(Number), pending: 0 };

describe('a service without a database', () => {
  test('says so, and is neither ready nor at fault', async () => {
    const attachment = attach();
    expect(attachment.state()).toEqual({
      source: null,
      configurationId: null,
      status: 'not_configured',
      migrations: null,
      fault: null,
      migrationNames: [...migrationNames(migrationsFolder)],
    });
    expect((await attachment.readiness()).isReady).toBe(false);
  });

  test('migrates an empty database that the gateway names, and uses it', async () => {
    const attachment = attach();
    const address = addressOf((await database()).url);
    attachment.connect(address);
    expect(attachment.state()).toMatchObject({ source: 'installation', status: 'migrating' });
    await untilStatus(attachment, 'ready');
    expect(attachment.state()).toEqual({
      source: 'installation',
      configurationId: address.configurationId,
      status: 'ready',
      migrations: count,
      fault: null,
      migrationNames: [...migrationNames(migrationsFolder)],
    });
    attachment.connect(address);
    expect(attachment.state().status).toBe('ready');
  });

  test('moves to another database, and back to none', async () => {
    const attachment = attach();
    attachment.connect(addressOf((await database(['audit'])).url));
    await untilStatus(attachment, 'ready');
    const next = addressOf((await database(['audit'])).url);
    attachment.connect(next);
    expect(attachment.state().configurationId).toBe(next.configurationId);
    await untilStatus(attachment, 'ready');
    attachment.disconnect();
    expect(attachment.state()).toMatchObject({ source: null, configurationId: null, status: 'not_configured' });
  });

  test('tries on while the database cannot be reached, and tells what keeps its migrations from being applied', async () => {
    const attachment = attach();
    attachment.connect(addressOf('postgres://nobody@127.0.0.1:1/nothing'));
    await untilStatus(attachment, 'unavailable');
    expect(attachment.state()).toMatchObject({ detail: 'no connection', fault: null });
    const wrong = new URL((await database(['audit'])).url);
    wrong.password = 'wrong';
    attachment.connect(addressOf(wrong.href));
    await waitFor(() => attachment.state().fault !== null);
    expect(attachment.state()).toMatchObject({ status: 'unavailable', detail: 'the migrations cannot be applied' });
  });
});

describe('a service whose environment names the database', () => {
  test('uses it without migrating, and refuses to be moved', async () => {
    const attachment = attach((await database(['audit'])).url);
    await untilStatus(attachment, 'ready');
    expect(attachment.state()).toMatchObject({ source: 'environment', configurationId: null, migrations: count });
    expect(() => attachment.connect(addressOf('postgres://elsewhere'))).toThrow(AppError);
    expect(() => attachment.disconnect()).toThrow(AppError);
  });
});

describe('work on the queue', () => {
  test('follows the queue: what ran on the former one has ended before it starts on the next', async () => {
    const attachment = attach();
    const said: string[] = [];
    const job = attachment.onQueue((queueUrl) => {
      said.push(`start ${queueUrl}`);
      return { close: async () => void said.push(`close ${queueUrl}`) };
    });
    expect(job()).toBeNull();
    attachment.connect(nowhere('one'));
    attachment.connect(nowhere('two'));
    attachment.connect(nowhere('three'));
    await waitFor(() => job() !== null);
    expect(said).toEqual(['start three']);
    attachment.connect(nowhere('four'));
    await waitFor(() => said.length === 3);
    attachment.disconnect();
    await waitFor(() => said.length === 4);
    expect(said).toEqual(['start three', 'close three', 'start four', 'close four']);
  });

  test('stays on a queue that the environment names', () => {
    const attachment = attach(null, 'given');
    const started: string[] = [];
    attachment.onQueue((queueUrl) => {
      started.push(queueUrl);
      return { close: async () => {} };
    });
    attachment.connect(addressOf('postgres://nobody@127.0.0.1:1/nothing'));
    attachment.disconnect();
    expect(started).toEqual(['given']);
  });
});
