import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOn, type Fault } from '../chaos/outage-faults.ts';
import { createLoad, isRefusal, isSuccess, teamKinds, type Load, type Sample } from '../chaos/outage-load.ts';
import { serverTime, withClient } from '../chaos/outage-sessions.ts';
import { settle, tally, traces, untilNoticed } from '../chaos/outage-settled.ts';
import { startOutageStack, type OutageStack } from '../chaos/outage-stack.ts';
import { writeViolations } from '../chaos/outage-writes.ts';
import { must } from '../support/users.ts';

/** The short form of `make chaos-outage`: what must hold in every outage, without a stopwatch. */
const services = ['auth', 'team-resources', 'audit'] as const;
const hangMs = 25_000;
/** A process that does not end by itself is killed after 12 s. */
const endsWithinMs = 11_000;

let outage: OutageStack;
let load: Load;
let solo: string;

beforeAll(async () => {
  outage = await startOutageStack();
  load = await createLoad(outage);
  const workspace = await must(outage.http, 201, 'POST', '/v1/workspaces', { body: { name: 'Ours' } });
  solo = `/v1/workspaces/${String(workspace['id'])}`;
});
afterAll(() => outage.close());

const faultNamed = (name: string): Fault => {
  const fault = faultsOn(outage).find((one) => one.name === name);
  if (fault === undefined) throw new Error(`There is no fault "${name}".`);
  return fault;
};
const askAll = (): Promise<readonly Sample[]> => Promise.all(teamKinds.map((kind) => load.send(kind)));
const until = (holds: (sample: Sample) => boolean, what: string): Promise<boolean> =>
  waitFor(async () => (await askAll()).every(holds), { timeoutMs: hangMs, intervalMs: 100, what });
/** The answers that are neither a success nor a 503. */
const wrong = (): Record<string, number> => tally(load.samples.filter((sample) => !isSuccess(sample) && sample.status !== 503));

const workSolo = async (): Promise<void> => {
  const { http } = outage;
  const { token } = load.team.founder;
  await must(http, 200, 'GET', solo);
  await must(http, 201, 'POST', `${solo}/scripts`, { body: { name: 'a', language: 'shell', content: 'true' } });
  const listed = await must(http, 200, 'GET', '/v1/workspaces', { token });
  expect(listed['items']).toHaveLength(2);
  expect(listed['shared']).toEqual({
    status: 'unavailable',
    detail: 'The shared database cannot be reached right now. Personal workspaces go on working.',
  });
};

describe('the shared database goes away:', () => {
  test.each(['refused', 'black hole', 'cut mid-answer', 'stopped', 'read-only'])(
    '%s: team routes say so, solo work goes on, everything comes back by itself and nothing is left over',
    async (name) => {
      const fault = faultNamed(name);
      const before = await settle(outage, load);
      const outageAt = await withClient(outage.databaseUrl, serverTime);
      await fault.begin();
      await until(isRefusal, 'every team route to refuse');
      await untilNoticed(outage);
      expect((await askAll()).map(({ status, code }) => [status, code])).toEqual(
        teamKinds.map(() => [503, 'SHARED_DB_UNAVAILABLE']),
      );
      const signIn = { body: { email: 'a@example.test', password: 'x' } };
      expect(await must(outage.http, 503, 'POST', '/v1/auth/login', signIn)).toMatchObject({ code: 'SHARED_DB_UNAVAILABLE' });
      await workSolo();
      await fault.end();
      await until(isSuccess, 'every team route to answer');
      expect(await traces(outage, load, before, outageAt)).toEqual({ refusedAfterwards: {}, leaked: [], restarted: [] });
      expect(wrong()).toEqual({});
    },
    60_000,
  );

  test('silent: services stop on request, start without it, and take it when it answers', async () => {
    await outage.proxy.mode('black-hole');
    await until(isRefusal, 'every team route to refuse');
    const stoppedAt = performance.now();
    await Promise.all(services.map((name) => outage.stack.service(name).stop()));
    expect(performance.now() - stoppedAt).toBeLessThan(endsWithinMs);
    for (const name of services) {
      expect(readFileSync(join(outage.stack.logFolder, `${name}.log`), 'utf8')).not.toContain('stopping took too long');
    }
    await Promise.all(services.map((name) => outage.stack.service(name).start()));
    await until(isRefusal, 'every team route to refuse again');
    await outage.proxy.mode('pass');
    await until(isSuccess, 'every team route to answer');
    expect(wrong()).toEqual({});
  });

  test('what was acknowledged meanwhile is there, once, and audited once', async () => {
    expect(await writeViolations(outage, load)).toEqual([]);
  });
});
