import { freshDatabase, waitFor, type FreshDatabase } from '@guildhall/testkit';
import type { DatabaseReport, Installation } from '@guildhall/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/gateway.ts';
import { administrator, setupTokenOf, useUnconfiguredGateway, withSetupToken } from '../support/unconfigured-gateway.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase({ services: [] });
});
afterAll(() => database.drop());
const current = useUnconfiguredGateway();

const testOf = async (databaseUrl: string): Promise<DatabaseReport> => {
  const { gateway, headers } = current();
  const { body } = await ask(`${gateway.url}/v1/installation/test`, { method: 'POST', headers, body: { databaseUrl } });
  return body as DatabaseReport;
};
const configure = async (databaseUrl: string, headers = current().headers): Promise<Installation['run']> => {
  const { gateway } = current();
  const body = { databaseUrl, administrator };
  const { status } = await ask(`${gateway.url}/v1/installation/configure`, { method: 'POST', headers, body });
  expect(status).toBe(202);
  // The stream ends with the run, however long that takes: the run has time limits of its own.
  await (await fetch(`${gateway.url}/v1/installation/events`, { headers })).text();
  return ((await ask(`${gateway.url}/v1/installation`)).body as Installation).run;
};
const roles = (): string[] =>
  Object.values(current().attachments.places).map((place) => new URL(place?.databaseUrl ?? '').username);

test('each service is given a role of its own in a real database, and the same passwords again', async () => {
  const { attachments, gateway, headers, team } = current();
  const report = await testOf(database.url);
  expect([report.isUsable, report.canCreateRoles, report.faults]).toEqual([true, true, []]);
  expect(await configure(database.url)).toMatchObject({ status: 'succeeded' });
  expect(new Set([...roles(), new URL(database.url).username]).size).toBe(4);
  const first = { ...attachments.places };
  const token = await team.issuer.sign({ userId: 'ada', permissions: ['installation:manage'] });
  await waitFor(async () => (await ask(`${gateway.url}/v1/installation`, { method: 'DELETE', token })).status === 200);
  const next = await setupTokenOf(gateway, headers['x-guildhall-setup-token']);
  expect(await configure(database.url, withSetupToken(next))).toMatchObject({ status: 'succeeded' });
  expect(attachments.places.auth?.configurationId).not.toBe(first.auth?.configurationId);
  expect(attachments.places.auth?.databaseUrl).toBe(first.auth?.databaseUrl);
});

test('a database that is not there is told of by the test, and ends a run with the same words', async () => {
  const missing = new URL(database.url);
  missing.pathname = '/guildhall_nowhere';
  const { faults } = await testOf(missing.href);
  expect(faults.map(({ code }) => code)).toEqual(['DATABASE_MISSING']);
  expect(await configure(missing.href)).toMatchObject({ status: 'failed', fault: faults[0] });
  expect(current().attachments.told.filter((line) => line.startsWith('PUT'))).toEqual([]);
});
