import { join } from 'node:path';
import { startEmbeddedPostgres } from '@guildhall/testkit';
import { prepareDatabase } from '../../services/gateway/src/installer/prepare-database.ts';
import { dataFolder } from './folders.ts';
import { passwordsFrom } from './keys.ts';
import { examineBackup } from './read-backup.ts';
import { replaceDatabase } from './replace-database.ts';
import { restoreBackup } from './restore-backup.ts';
import { claimData } from './running.ts';
import { databaseName } from './shared-database.ts';
import { runSoloCommand } from './solo-file.ts';

/**
 * `make restore FILE=…`: restores a backup of the shared database into the empty database of DATABASE_URL; without it, in place of the
 * database of this clone's stack, which must be down and is kept under another name.
 */
const file = process.argv[2] ?? '';
const note = (line: string): void => void process.stdout.write(`${line}\n`);

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
      const { filled, kept } = await replaceDatabase({
        administrationUrl: server.url(),
        fill: () => fill(server.url(databaseName)),
        onNote: note,
      });
      return [
        `Restored, as it was at ${filled.head.takenAt}. make up starts it.`,
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
