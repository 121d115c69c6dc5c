import { mkdirSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@guildhall/testkit';
import { scratchFolder } from '../dev/folders.ts';
import { untilStopped } from '../dev/until-stopped.ts';
import { checkServer } from './check-server.ts';
import { findDebianPostgres } from './debian-postgres.ts';
import { say } from './say.ts';

/** The migrations and the contracts again on PostgreSQL 15, the oldest that is supported. Where it cannot be had: a line, and 0. */
const oldestMajor = 15;
/** The suites about roles and ownership, whose rules changed in PostgreSQL 16. */
const rolesToo = ['services/gateway/test/installer'];

const check = async (binaries: string): Promise<boolean> => {
  const { signal } = untilStopped();
  mkdirSync(scratchFolder, { recursive: true });
  const dataFolder = mkdtempSync(path.join(scratchFolder, 'postgres-15-'));
  try {
    const server = await startEmbeddedPostgres({ dataFolder, binaries, isDurable: false });
    try {
      return await checkServer(server.url(), `PostgreSQL ${oldestMajor}`, signal, rolesToo);
    } finally {
      await server.stop();
    }
  } finally {
    await removeEmbeddedPostgres(dataFolder);
  }
};

const binaries = findDebianPostgres(oldestMajor, say);
if (binaries === undefined) {
  say(
    `PostgreSQL ${oldestMajor} is not there and could not be installed: the migrations and contracts ran on PostgreSQL 18 only.`,
  );
} else {
  process.exitCode = (await check(binaries)) ? 0 : 1;
}
