import { serviceNames } from '@guildhall/contracts';
import type { FreshDatabase } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { prepareDatabase } from '../../src/installer/prepare-database.ts';
import { codeOf, emptyDatabase, execute, makeUser } from '../support/databases.ts';
import { droppingAfterEach, passwordOf, prepare } from '../support/prepared-databases.ts';

const opened = droppingAfterEach();
const queueOf = async ({ url }: FreshDatabase): Promise<string> =>
  (await prepareDatabase({ databaseUrl: url, queueUrl: 'redis://queue:6379/2', passwordOf })).urls.auth.queueUrl;

describe('a prepared database', () => {
  test('has one role for all, and a warning, where that is all the rights allow', async () => {
    const { url } = await opened(emptyDatabase());
    const { url: limited } = await makeUser(url);
    const { urls, warnings } = await prepare(limited);
    expect(warnings.map(({ code }) => code)).toEqual(['ONE_ROLE']);
    expect(urls.auth).toEqual({ databaseUrl: limited, queueUrl: limited });
  });

  test('has one role for all where the queue, with one of its own, could not make its schema', async () => {
    const { url } = await opened(emptyDatabase());
    const { url: limited, name } = await makeUser(url, 'CREATEROLE');
    await execute(url, `GRANT CREATE ON DATABASE "${new URL(url).pathname.slice(1)}" TO ${name}`);
    const { urls, warnings } = await prepare(limited);
    expect(warnings.map(({ code }) => code)).toEqual(['ONE_ROLE']);
    expect(await codeOf(execute(urls.auth.queueUrl, 'CREATE SCHEMA IF NOT EXISTS queue'))).toBe('allowed');
    const elsewhere = await prepareDatabase({ databaseUrl: limited, queueUrl: 'redis://queue', passwordOf });
    expect(elsewhere.warnings).toEqual([]);
  });

  test('is refused where a role of that name may do more than a service should', async () => {
    const { url } = await opened(emptyDatabase());
    await execute(url, `CREATE ROLE "${new URL(url).pathname.slice(1)}_auth" CREATEROLE`);
    await expect(prepare(url)).rejects.toThrow('may do more than a service should');
  });

  test('sends the server what it keeps of a password, never the password', async () => {
    const { url } = await opened(emptyDatabase());
    const { urls } = await prepare(url);
    const [kept] = await execute(
      url,
      `SELECT rolpassword AS verifier FROM pg_authid WHERE rolname = '${new URL(urls.auth.databaseUrl).username}'`,
    );
    expect(kept?.['verifier']).toMatch(/^SCRAM-SHA-256\$4096:/);
    expect(await codeOf(execute(urls.auth.databaseUrl, 'SELECT 1'))).toBe('allowed');
  });

  test('leaves the queue to Redis where one is named', async () => {
    const { url } = await opened(emptyDatabase());
    const { urls } = await prepareDatabase({ databaseUrl: url, queueUrl: 'redis://queue', passwordOf });
    expect(urls.audit.queueUrl).toMatch(/^redis:\/\/queue#[0-9a-f]{16}$/);
    expect(new Set(serviceNames.map((service) => urls[service].queueUrl)).size).toBe(1);
  });

  test('shares no queue with another database on the same Redis, and has its own again when it is prepared again', async () => {
    const [one, other] = [await opened(emptyDatabase()), await opened(emptyDatabase())];
    const first = await queueOf(one);
    expect(await queueOf(other)).not.toBe(first);
    expect(await queueOf(one)).toBe(first);
  });
});
