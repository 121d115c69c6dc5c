import { detectEngine, type Engine } from '@guildhall/engine';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { untilStopped } from '../dev/until-stopped.ts';
import { checkServer } from './check-server.ts';
import { Missing, startCockroachNode, type CockroachNode } from './cockroach-node.ts';
import { say } from './say.ts';

/** The suites that use the database: the contracts of every service, the suite of every route, libs/db and the catalog. */
const suites = [
  'test/contract',
  'tests/contract',
  'libs/db/test',
  'libs/database-link/test',
  'libs/migrate/test/catalog.test.ts',
];

/**
 * `make test-cockroach`: the migrations and the contracts on CockroachDB, that of COCKROACH_URL or one by compose. Exit code
 * 1 when something did not hold, 2 when there is no CockroachDB to test on: never 0 without having tested.
 */
const nothingTested = 2;
const connectTimeoutMs = 5_000;
/** A new node answers within seconds; one that is named must be there. */
const startWaitMs = 60_000;

const askEngine = async (url: string): Promise<Engine> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await detectEngine(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const expectCockroach = ({ name, version }: Engine): string => {
  if (name !== 'CockroachDB') throw new Missing(`COCKROACH_URL leads to ${name} ${version}.`);
  return `${name} ${version}`;
};

/** The message of the underlying error, without the URL, which may contain a password. */
const unreachable = (error: unknown): Missing =>
  error instanceof Missing
    ? error
    : new Missing(
        `CockroachDB does not answer: ${error instanceof Error && error.message !== '' ? error.message : 'no connection'}`,
      );

const named = process.env['COCKROACH_URL'] ?? '';

const run = async (): Promise<number> => {
  const { signal } = untilStopped();
  const node: CockroachNode | undefined = named === '' ? startCockroachNode() : undefined;
  try {
    const url = node?.url ?? named;
    const asking = node
      ? waitFor(() => askEngine(url), { timeoutMs: startWaitMs, what: 'CockroachDB to answer' })
      : askEngine(url);
    const name = await asking.then(expectCockroach).catch((error: unknown) => Promise.reject(unreachable(error)));
    say(`Testing on ${name}`);
    return (await checkServer({ url, name, suites, env: { TEST_DATABASE_URL: url }, signal })) ? 0 : 1;
  } finally {
    node?.stop();
  }
};

process.exitCode = await run().catch((error: unknown) => {
  if (!(error instanceof Missing)) throw error;
  process.stderr.write(`Nothing was tested on CockroachDB. ${error.message}\n`);
  return nothingTested;
});
