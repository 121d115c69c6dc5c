import { freshDatabase, waitFor, type FreshDatabase } from '@guildhall/testkit';
import type { DatabaseReport, Installation } from '@guildhall/contracts';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { createAttachments, type Attachments } from '../support/attachments.ts';
import { ask, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startStandInTeam, type StandInTeam } from '../support/team.ts';

let database: FreshDatabase;
let team: StandInTeam;
let attachments: Attachments;
let gateway: TestGateway;
let headers: Record<string, string>;

beforeAll(async () => {
  database = await freshDatabase({ services: [] });
});
afterAll(() => database.drop());
beforeEach(async () => {
  team = await startStandInTeam();
  attachments = createAttachments();
  team.attachments = attachments;
  gateway = await startTestGateway(team.env);
  const token = await waitFor(() =>
    gateway.lines.map(({ msg }) => /setup token .*: ([\w-]{43})$/.exec(msg)?.[1]).find((found) => found !== undefined),
  );
  headers = { 'x-guildhall-setup-token': token };
});
afterEach(async () => {
  await gateway.stop();
  await team.stop();
});

const administrator = { email: 'ada@example.org', password: 'a very long password', displayName: 'Ada' };
const testOf = async (databaseUrl: string): Promise<DatabaseReport> =>
  (await ask(`${gateway.url}/v1/installation/test`, { method: 'POST', headers, body: { databaseUrl } })).body as DatabaseReport;
const configure = async (databaseUrl: string): Promise<Installation['run']> => {
  const body = { databaseUrl, administrator };
  const { status } = await ask(`${gateway.url}/v1/installation/configure`, { method: 'POST', headers, body });
  expect(status).toBe(202);
  // The stream ends with the run, however long that takes: the run has time limits of its own.
  await (await fetch(`${gateway.url}/v1/installation/events`, { headers })).text();
  return ((await ask(`${gateway.url}/v1/installation`)).body as Installation).run;
};
const roles = (): string[] => Object.values(attachments.places).map((place) => new URL(place?.databaseUrl ?? '').username);

test('each service is given a role of its own in a real database, and the same passwords again', async () => {
  const report = await testOf(database.url);
  expect([report.isUsable, report.canCreateRoles, report.faults]).toEqual([true, true, []]);
  expect(await configure(database.url)).toMatchObject({ status: 'succeeded' });
  expect(new Set([...roles(), new URL(database.url).username]).size).toBe(4);
  const first = { ...attachments.places };
  const token = await team.issuer.sign({ userId: 'ada', permissions: ['installation:manage'] });
  await waitFor(async () => (await ask(`${gateway.url}/v1/installation`, { method: 'DELETE', token })).status === 200);
  const next = await waitFor(() =>
    gateway.lines
      .map(({ msg }) => /setup token .*: ([\w-]{43})$/.exec(msg)?.[1])
      .find((found) => found !== undefined && found !== headers['x-guildhall-setup-token']),
  );
  headers = { 'x-guildhall-setup-token': next };
  expect(await configure(database.url)).toMatchObject({ status: 'succeeded' });
  expect(attachments.places.auth?.configurationId).not.toBe(first.auth?.configurationId);
  expect(attachments.places.auth?.databaseUrl).toBe(first.auth?.databaseUrl);
});

test('a database that is not there is told of by the test, and ends a run with the same words', async () => {
  const missing = new URL(database.url);
  missing.pathname = '/guildhall_nowhere';
  const { faults } = await testOf(missing.href);
  expect(faults.map(({ code }) => code)).toEqual(['DATABASE_MISSING']);
  expect(await configure(missing.href)).toMatchObject({ status: 'failed', fault: faults[0] });
  expect(attachments.told.filter((line) => line.startsWith('PUT'))).toEqual([]);
});
