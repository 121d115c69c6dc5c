import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@guildhall/testkit';
import { keepDrill, lastDrill, newestBackup } from './backup-files.ts';
import { drillBackup, keptKeyIn } from './drill.ts';
import { dataFolder, scratchFolder } from './folders.ts';
import { examineBackup } from './read-backup.ts';
import { ensureDatabase, databaseName } from './shared-database.ts';
import { sentenceOf } from './shown.ts';
import { runSoloCommand } from './solo-file.ts';

/** `make backup-drill [FILE=…]`: restores a backup, the newest without FILE, on a server of its own, and records when that last held. */
const drill = async (file: string): Promise<readonly string[]> => {
  await examineBackup(file);
  mkdirSync(scratchFolder, { recursive: true });
  const folder = mkdtempSync(join(scratchFolder, 'backup-drill-'));
  try {
    const server = await startEmbeddedPostgres({ dataFolder: folder, isDurable: false });
    try {
      await ensureDatabase(server.url());
      const parts = { file, url: server.url(databaseName), folder, keptKey: keptKeyIn(dataFolder), now: () => new Date() };
      const held = await drillBackup(parts);
      keepDrill(held);
      const proven = held.provenEvents === null ? 'the audit log had signed nothing' : `${held.provenEvents} events proven`;
      return [`Held: ${file}, taken at ${held.takenAt}`, `  ${held.rows} rows as they were, ${proven}`];
    } finally {
      await server.stop();
    }
  } finally {
    await removeEmbeddedPostgres(folder);
  }
};

const lastHeld = (): string => {
  const held = lastDrill();
  return held === null ? 'No drill has held yet.' : `A drill last held at ${held.heldAt}, of ${held.file}.`;
};

await runSoloCommand(async () => {
  const file = process.argv[2] ?? newestBackup();
  if (file === undefined) throw new Error('There is no backup here: make backup first, or give FILE=….');
  try {
    return await drill(file);
  } catch (error) {
    throw new Error(`${sentenceOf(error)}\n${lastHeld()}`, { cause: error });
  }
});
