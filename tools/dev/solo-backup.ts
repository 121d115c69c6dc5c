import { join } from 'node:path';
import { backUpSoloFile } from '../../services/gateway/src/store/solo/backup.ts';
import { compactTime, createProgress, inMegabytes, runSoloCommand, soloFile } from './solo-file.ts';
import { dataFolder } from './folders.ts';
import { shellWord } from './shown.ts';

/** `make solo-backup [FILE=…]`: a copy of the gateway's file, also while it is in use. DATA_FILE names another data file. */
await runSoloCommand(async () => {
  const target = process.argv[2] ?? join(dataFolder, 'solo', 'backups', `guildhall-${compactTime(new Date())}.sqlite`);
  const bytes = await backUpSoloFile({ file: soloFile(), target, onCopied: createProgress(process.stdout) });
  return [
    `Backed up and examined, ${inMegabytes(bytes)}: ${target}`,
    `make solo-restore FILE=${shellWord(target)} puts it back.`,
  ];
});
