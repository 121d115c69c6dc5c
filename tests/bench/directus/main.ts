import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { choosePort } from '../../../tools/dev/ports.ts';
import { startStack, type Stack } from '../../../tools/dev/stack.ts';
import { compareRates, type BenchRun, type Comparison } from '../compare.ts';
import { loadsOf } from '../loads.ts';
import type { Load } from '../measure.ts';
import { lineOf } from '../report.ts';
import { prepareRows, scriptBody, signIn } from '../rows.ts';
import { seedRows } from '../seed.ts';
import { admin, startDirectus, type Directus } from './process.ts';

/** Ours beside a Directus that stores the same rows on the same server and records activity: what a user might pick instead. */
const { values } = parseArgs({
  options: {
    version: { type: 'string', default: '12.4.0' },
    folder: { type: 'string', default: '.tmp/directus' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
  },
});
const rowCount = 1_000;
const connections = 32;
/** The most log-ins that one address may have under way. */
const logInsAtATime = 4;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' };

const post = async (url: string, path: string, body: unknown): Promise<unknown> => {
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return await response.json();
};

const text = (field: string, type: 'string' | 'text') => ({ field, type, meta: {}, schema: {} });
const collection = {
  collection: 'scripts',
  schema: {},
  // Every change is recorded, with the row before and after.
  meta: { accountability: 'all' },
  fields: [
    { field: 'id', type: 'uuid', meta: { special: ['uuid'] }, schema: { is_primary_key: true } },
    text('name', 'string'),
    text('language', 'string'),
    text('content', 'text'),
    { field: 'created_at', type: 'timestamp', meta: { special: ['date-created'] }, schema: {} },
  ],
};

/** Makes the collection and its rows. */
const fill = async (url: string): Promise<void> => {
  await post(url, '/collections', collection);
  for (let made = 0; made < rowCount; made += 100) {
    await post(
      url,
      '/items/scripts',
      Array.from({ length: 100 }, () => scriptBody),
    );
  }
};

const idsIn = async (url: string): Promise<readonly string[]> => {
  const response = await fetch(`${url}/items/scripts?fields=id&limit=500`, { headers });
  const { data } = (await response.json()) as { readonly data: readonly { readonly id: string }[] };
  return data.map(({ id }) => id);
};

/** Directus' loads of the same work: an administrator's, for whom it checks no permission. */
const directusLoads = async ({ url }: Directus): Promise<Readonly<Record<'get' | 'list' | 'create' | 'logIn', Load>>> => {
  const ids = await idsIn(url);
  const get = { method: 'GET', headers, expectedStatus: 200 } as const;
  const fields = 'id,name,language,created_at';
  return {
    get: { ...get, url: `${url}/items/scripts/${ids[0] ?? ''}`, paths: ids.map((id) => `/items/scripts/${id}`) },
    list: { ...get, url: `${url}/items/scripts?limit=25&sort=-created_at&fields=${fields}` },
    create: { method: 'POST', headers, url: `${url}/items/scripts`, body: JSON.stringify(scriptBody), expectedStatus: 200 },
    logIn: {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      url: `${url}/auth/login`,
      body: JSON.stringify({ email: admin.email, password: admin.password }),
      expectedStatus: 200,
    },
  };
};

const comparisonsOn = async (stack: Stack, directus: Directus): Promise<readonly (Comparison & { readonly at: number })[]> => {
  const client = new Client({ connectionString: stack.database.url() });
  await client.connect();
  try {
    const rows = await prepareRows(stack, stack.mailFolder);
    const ids = await seedRows(client, { workspaceId: rows.workspaceId, scripts: rowCount, members: 10 });
    const { get, list, create } = loadsOf({ ...rows, token: await signIn(rows) }, directus.url, ids, []);
    const theirs = await directusLoads(directus);
    const { email, password } = rows;
    const logIn: Load = { ...theirs.logIn, url: `${rows.gateway}/v1/auth/login`, body: JSON.stringify({ email, password }) };
    return [
      { what: 'GET one script', atLeast: 1, ours: get.ours, reference: theirs.get, at: connections },
      { what: 'list 25 scripts', atLeast: 1, ours: list.ours, reference: theirs.list, at: connections },
      { what: 'create a script, with its activity', atLeast: 1, ours: create.ours, reference: theirs.create, at: connections },
      { what: 'log-in', atLeast: 1, ours: logIn, reference: theirs.logIn, at: logInsAtATime },
    ];
  } finally {
    await client.end();
  }
};

const runOn = async (stack: Stack): Promise<void> => {
  const { port } = await choosePort('Directus', 0);
  const parts = { folder: values.folder, version: values.version, port, say };
  const directus = await startDirectus(parts, stack.database.url(), fill);
  try {
    const names = ['gateway', 'team-resources', 'auth', 'audit'] as const;
    const pids = Object.fromEntries(names.map((name) => [name, stack.service(name).pid]));
    const processes = { ...pids, postgresql: stack.database.pid, directus: directus.pid };
    const rounds = Number(values.rounds);
    say(`Directus ${values.version} (frozen schema, no pressure limiter), ${rowCount} scripts; the reference is Directus`);
    for (const { at, ...comparison } of await comparisonsOn(stack, directus)) {
      const run: BenchRun = { size: { connections: at, seconds: Number(values.seconds) }, rounds, processes, say };
      say(lineOf(await compareRates(comparison, run)));
    }
  } finally {
    await directus.close();
  }
};

const folder = await mkdtemp(join(tmpdir(), 'guildhall-directus-'));
const unlimited = { REQUESTS_PER_MINUTE_MAX: '100000000', SIGN_INS_PER_MINUTE_MAX: '100000000', LOG_LEVEL: 'warn' };
try {
  const stack = await startStack({ dataFolder: folder, env: unlimited });
  try {
    await runOn(stack);
  } finally {
    await stack.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
