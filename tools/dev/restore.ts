import { join } from 'node:path';
import { startEmbeddedPostgres } from '@guildhall/testkit';
import { escapeIdentifier } from 'pg';
import { prepareDatabase } from '../../services/gateway/src/installer/prepare-database.ts';
import { onSession } from './backup-rows.ts';
import { dataFolder } from './folders.ts';
import { passwordsFrom } from './keys.ts';
import { restoreBackup } from './restore-backup.ts';
import { examineBackup } from './read-backup.ts';
import { claimData } from './running.ts';
import { databaseName } from './shared-database.ts';
import { compactTime, runSoloCommand } from './solo-file.ts';

/**
 * `make restore FILE=…`: restores a backup of the shared database into the empty database of DATABASE_URL; without it, in place of the
 * database of this clone's stack, which must be down and is kept under another name.
 */
const file = process.argv[2] ?? '';
const note = (line: string): void => void process.stdout.write(`${line}\n`);

/** Puts an empty database in place of the stack's, and returns what the former is called now; null where there was none. */
const makeRoom = (administrationUrl: string): Promise<string | null> =>
  onSession(administrationUrl, async (client) => {
    const kept = `${databaseName}_replaced_${compactTime(new Date()).replaceAll(/\D/g, '')}`;
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 1)
      await client.query(`ALTER DATABASE ${escapeIdentifier(databaseName)} RENAME TO ${escapeIdentifier(kept)}`);
    await client.query(`CREATE DATABASE ${escapeIdentifier(databaseName)}`);
    return rowCount === 1 ? kept : null;
  });

/** Removes what was restored in part, and gives the kept database its name back. */
const takeBack = (administrationUrl: string, kept: string | null): Promise<void> =>
  onSession(administrationUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(databaseName)}`);
    if (kept !== null) await client.query(`ALTER DATABASE ${escapeIdentifier(kept)} RENAME TO ${escapeIdentifier(databaseName)}`);
  });

/** The schemas with their roles first: what is migrated then belongs to them. */
const fill = async (databaseUrl: string) => {
  await prepareDatabase({ databaseUrl, queueUrl: undefined, passwordOf: passwordsFrom(join(dataFolder, 'keys', 'roles')) });
  return await restoreBackup(file, databaseUrl);
};

const restoreHere = async (): Promise<readonly string[]> => {
  await examineBackup(file);
  const claim = await claimData(dataFolder, 'team', note);
  try {
    const server = await startEmbeddedPostgres({ dataFolder: join(dataFolder, 'postgres') });
    try {
      const kept = await makeRoom(server.url());
      if (kept !== null) note(`The present database is called ${kept} from now on.`);
      const { head } = await fill(server.url(databaseName)).catch(async (error: unknown) => {
        await takeBack(server.url(), kept);
        throw error;
      });
      return [
        `Restored, as it was at ${head.takenAt}. make up starts it.`,
        ...(kept === null ? [] : [`What was there before is kept in the database ${kept}.`]),
      ];
    } finally {
      await server.stop();
    }
  } finally {
    claim.release();
  }
};

await runSoloCommand(async () => {
  const url = process.env['DATABASE_URL'] ?? '';
  if (url === '') return await restoreHere();
  const { head } = await restoreBackup(file, url);
  return [`Restored, as it was at ${head.takenAt}.`];
});
