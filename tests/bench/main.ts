import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { createHttpClient, type HttpClient } from '../../tools/demo/http-client.ts';
import { startStack, type Stack } from '../../tools/dev/stack.ts';
import { must } from '../support/users.ts';
import { compareRates, compareWhole, type BenchRun, type Comparison } from './compare.ts';
import { jobRows, soloJobRows } from './jobs.ts';
import { loadsOf, type Loads } from './loads.ts';
import { logInRows } from './log-ins.ts';
import { memoryOf, memoryRows } from './memory.ts';
import { startReference, type Reference } from './reference.ts';
import { lineOf, report, type Row } from './report.ts';
import { prepareRows, signIn, type Rows } from './rows.ts';
import { walkPages } from './pages.ts';
import { seedRows } from './seed.ts';
import { compareSolo } from './solo-gateway.ts';

/** The performance table of a quiet machine. `--quick` is for trying the benchmark itself, never for figures. */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    scripts: { type: 'string', default: '1000000' },
    members: { type: 'string', default: '10000' },
  },
});
const isQuick = values.quick;
const size = { connections: 32, seconds: isQuick ? 2 : 10 };
const rounds = isQuick ? 1 : 3;
const fewScripts = 1_000;
const idleSeconds = isQuick ? 1 : 15;
const [scripts, members] = isQuick ? [5_000, 100] : [Number(values.scripts), Number(values.members)];
const reportFile = new URL('../../docs/benchmarks.md', import.meta.url);

const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Bench {
  readonly rows: Rows;
  readonly reference: Reference;
  readonly client: Client;
  readonly folder: string;
  readonly services: Readonly<Record<string, number>>;
  readonly run: BenchRun;
  /** Fills the tables up to so many scripts, and returns loads over them. */
  readonly loadsAmong: (scripts: number, members: number) => Promise<Loads>;
}

const getOf = (loads: Loads, what: string): Comparison => ({ what, atLeast: 1, ...loads.get });

/** The parts of the table, each of which signs in anew, since an access token is good for five minutes. By the name that `--only` takes; each begins with the tables of few rows, and the one on many comes last. */
const sections: Readonly<Record<string, (bench: Bench) => Promise<readonly Row[]>>> = {
  async memory({ services }) {
    await pause(idleSeconds * 1_000);
    return memoryRows('idle', 120, await memoryOf(services));
  },
  get: async ({ loadsAmong, run }) => compareWhole(getOf(await loadsAmong(fewScripts, 10), 'GET one script'), run),
  list: async ({ loadsAmong, run }) =>
    compareWhole({ what: 'list 25 scripts', atLeast: 0.7, ...(await loadsAmong(fewScripts, 10)).list }, run),
  pages: async ({ loadsAmong, run }) => [
    await compareRates({ what: 'page after page of 25 scripts', atLeast: 0.7, ...(await loadsAmong(fewScripts, 10)).pages }, run),
  ],
  create: async ({ loadsAmong, run }) =>
    compareWhole({ what: 'create a script', atLeast: 1.2, ...(await loadsAmong(fewScripts, 10)).create }, run),
  async refusals({ loadsAmong, run }) {
    const { unauthenticated, forbidden } = await loadsAmong(fewScripts, 10);
    return [
      await compareRates({ what: 'refusal: 401, no token', atLeast: 0.5, ...unauthenticated }, run),
      await compareRates({ what: 'refusal: 403', atLeast: 0.5, ...forbidden }, run),
    ];
  },
  logins: async ({ rows, loadsAmong, run }) => logInRows(rows, (await loadsAmong(fewScripts, 10)).get.ours, run),
  solo: async ({ folder, loadsAmong, run }) =>
    compareSolo(folder, (await loadsAmong(fewScripts, 10)).unauthenticated.reference, run),
  jobs: async ({ rows, folder, services }) => {
    const { gateway, communityPath } = rows;
    const token = await signIn(rows);
    const newWorkspace = async (http: HttpClient): Promise<string> => {
      const { id } = await must(http, 201, 'POST', `${communityPath}/workspaces`, { token, body: { name: 'Bench' } });
      return `/v1/workspaces/${String(id)}`;
    };
    const { gateway: gatewayPid = 0, 'team-resources': teamPid = 0 } = services;
    const processes = { gateway: gatewayPid, 'team-resources': teamPid };
    const shared = { name: 'shared', http: createHttpClient(gateway, () => {}), token, newWorkspace, processes };
    return [...(await soloJobRows({ folder, rounds, say })), ...(await jobRows(shared, { rounds, say }))];
  },
  async growth({ loadsAmong, run }) {
    const few = await compareRates(getOf(await loadsAmong(fewScripts, 10), `GET among ${fewScripts} scripts`), run);
    say(`filling up to ${scripts} scripts and ${members} members`);
    const many = await compareRates(getOf(await loadsAmong(scripts, members), `GET among ${scripts} scripts`), run);
    const [ours, reference] = [many.ours / many.reference, few.ours / few.reference];
    const what = `GET among ${scripts} scripts and ${members} members; reference: among ${fewScripts}`;
    return [many, { what, unit: '× bare GET', ours, reference, bound: { atLeast: 0.9 } }];
  },
  loaded: async ({ services }) => memoryRows('after all of this', 250, await memoryOf(services)),
};

const sectionsWanted = (): readonly string[] => {
  const wanted = values.only === '' ? Object.keys(sections) : values.only.split(',');
  const unknown = wanted.find((name) => sections[name] === undefined);
  if (unknown !== undefined) throw new Error(`There is no ${unknown}: ${Object.keys(sections).join(', ')}.`);
  return wanted;
};

/** Runs the sections in turn. One that fails is said, and the others are run all the same: they take half an hour. */
const runSections = async (bench: Bench, wanted: readonly string[]) => {
  const table: Row[] = [];
  const failed: string[] = [];
  for (const name of wanted) {
    try {
      const rows = (await sections[name]?.(bench)) ?? [];
      for (const row of rows) say(lineOf(row));
      table.push(...rows);
    } catch (error) {
      failed.push(name);
      say(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return { table, failed };
};

const runOn = async (stack: Stack, reference: Reference, client: Client, folder: string): Promise<void> => {
  const rows = await prepareRows(stack, stack.mailFolder);
  const pidOf = (name: 'auth' | 'audit' | 'gateway' | 'team-resources') => [name, stack.service(name).pid] as const;
  const services = Object.fromEntries((['gateway', 'team-resources', 'auth', 'audit'] as const).map(pidOf));
  const processes = { ...services, postgresql: stack.database.pid, reference: reference.pid };
  const loadsAmong = async (count: number, memberCount: number): Promise<Loads> => {
    const ids = await seedRows(client, { workspaceId: rows.workspaceId, scripts: count, members: memberCount });
    const token = await signIn(rows);
    return loadsOf({ ...rows, token }, reference.url, ids, await walkPages(rows.gateway + rows.scriptsPath, token));
  };
  const run = { size, rounds, processes, say };
  const { table, failed } = await runSections({ rows, reference, client, folder, services, run, loadsAmong }, wanted);
  const version = await client.query<{ server_version: string }>('SHOW server_version');
  const postgresVersion = version.rows[0]?.server_version ?? 'unknown';
  const text = report(table, { ...size, rounds, scripts, members, postgresVersion });
  say(`\n${text}`);
  if (failed.length > 0) {
    say(`Failed: ${failed.join(', ')}. The report is as it was.`);
    process.exitCode = 1;
  } else if (!isQuick && values.only === '') await writeFile(reportFile, text);
};

const wanted = sectionsWanted();
const folder = await mkdtemp(join(tmpdir(), 'guildhall-bench-'));
const unlimited = { REQUESTS_PER_MINUTE_MAX: '100000000', SIGN_INS_PER_MINUTE_MAX: '100000000', LOG_LEVEL: 'warn' };
const stack = await startStack({ dataFolder: folder, env: unlimited });
const client = new Client({ connectionString: stack.database.url() });
try {
  await client.connect();
  const reference = await startReference(stack.database.url());
  try {
    await runOn(stack, reference, client, folder);
  } finally {
    await reference.close();
  }
} finally {
  await client.end();
  await stack.close();
  await rm(folder, { recursive: true, force: true });
}
