import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { backUpSoloFile } from '../../services/gateway/src/store/solo/backup.ts';
import { backupName, backupsFolder, chosenDatabase } from './backup-files.ts';
import { shellWord } from './shown.ts';
import { compactTime, createProgress, inMegabytes, runSoloCommand, soloFile } from './solo-file.ts';
import { writeBackup } from './write-backup.ts';

/**
 * `make backup [FILE=…]`: the shared database of DATABASE_URL or of the running stack, and the solo file of this data folder, each while it
 * is in use.
 */
const time = compactTime(new Date());

const backUpShared = async (url: string): Promise<readonly string[]> => {
  const file = process.argv[2] ?? join(backupsFolder, backupName(time));
  if (existsSync(file)) throw new Error(`${file} is there already: a backup replaces nothing.`);
  const { tables, checkpoint } = await writeBackup(url, file);
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  const log = checkpoint === null ? 'the audit log has signed no checkpoint yet' : `audit log signed to event ${checkpoint.size}`;
  return [
    `Backed up: ${file}`,
    `  ${rows} rows of ${Object.keys(tables).length} tables, ${log}`,
    `make backup-drill FILE=${shellWord(file)} proves that it can be restored.`,
  ];
};

const backUpSolo = async (): Promise<readonly string[]> => {
  const target = join(backupsFolder, `solo-${time}.sqlite`);
  const bytes = await backUpSoloFile({ file: soloFile(), target, onCopied: createProgress(process.stdout) });
  return [`Backed up and examined, ${inMegabytes(bytes)}: ${target}`];
};

await runSoloCommand(async () => {
  const url = chosenDatabase();
  const hasSolo = existsSync(soloFile());
  if (url === undefined && !hasSolo) throw new Error('There is nothing to back up: make up first, or give DATABASE_URL=….');
  return [...(url === undefined ? [] : await backUpShared(url)), ...(hasSolo ? await backUpSolo() : [])];
});
