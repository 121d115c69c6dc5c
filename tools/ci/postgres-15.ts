import { mkdirSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@guildhall/testkit';
import { scratchFolder } from '../dev/folders.ts';
import { untilStopped } from '../dev/until-stopped.ts';
import { checkServer } from './check-server.ts';
import { concurrentSuites } from './concurrent-suites.ts';
import { findDebianPostgres } from './debian-postgres.ts';
import { prepareStatements, readSentStatements } from './prepare-statements.ts';
import { say } from './say.ts';

/**
 * One run for two questions, after `make test`: does all this work on PostgreSQL 15, the oldest that is supported, and does it at
 * SERIALIZABLE, CockroachDB's default? Where that server cannot be had: a line, and 0.
 *
 * - Another version changes what the server understands: it runs every migration up, down and up, and prepares every statement
 *   that the product sent in `make test`. What the statements answer was compared on 18, and is the same where they are understood.
 * - Another isolation level changes what happens at once: the stores, the contracts that race, libs/db, the lease of
 *   migrations. Suites that send one request after the other (every route, every change, refusals, SQLite) show nothing new.
 * - Roles and ownership changed their rules in 16: the suites of the installer.
 */
const oldestMajor = 15;
const name = `PostgreSQL ${oldestMajor} at SERIALIZABLE`;

const suites = (): readonly string[] => [
  ...['auth', 'team-resources', 'audit'].map((service) => `services/${service}/test/store`),
  ...concurrentSuites(),
  'libs/db/test',
  'libs/migrate/test/lease.test.ts',
  'libs/migrate/test/catalog.test.ts',
  'services/gateway/test/installer',
];

const prepareAll = async (): Promise<boolean> => {
  const { understood, faults } = await prepareStatements(readSentStatements());
  for (const fault of faults) say(fault);
  say(`${name}: ${understood} of the statements of make test are understood, ${faults.length} are not.`);
  return faults.length === 0;
};

const check = async (binaries: string): Promise<boolean> => {
  const { signal } = untilStopped();
  mkdirSync(scratchFolder, { recursive: true });
  const dataFolder = mkdtempSync(path.join(scratchFolder, 'postgres-15-'));
  const settings = { default_transaction_isolation: 'serializable' };
  try {
    const server = await startEmbeddedPostgres({ dataFolder, binaries, isDurable: false, settings });
    try {
      const env = { GUILDHALL_TEST_SERVER_URL: server.url(), TEST_ISOLATION: 'serializable' };
      Object.assign(process.env, env);
      return (await prepareAll()) && (await checkServer({ url: server.url(), name, suites: suites(), env, signal }));
    } finally {
      await server.stop();
    }
  } finally {
    await removeEmbeddedPostgres(dataFolder);
  }
};

const binaries = findDebianPostgres(oldestMajor, say);
if (binaries === undefined) {
  say(`PostgreSQL ${oldestMajor} is not there and could not be installed: nothing ran on it, and nothing at SERIALIZABLE.`);
} else {
  process.exitCode = (await check(binaries)) ? 0 : 1;
}
