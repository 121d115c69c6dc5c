import { restoreSoloFile } from '../../services/gateway/src/store/solo/restore.ts';
import { compactTime, createProgress, runSoloCommand, soloFile } from './solo-file.ts';

/** `make solo-restore FILE=…`: a backup in the place of the gateway's file, which is kept beside it. */
await runSoloCommand(async () => {
  const backup = process.argv[2];
  if (backup === undefined) throw new Error('Which backup? make solo-restore FILE=.data/solo/backups/guildhall-….sqlite');
  const file = soloFile();
  const time = compactTime(new Date());
  const kept = await restoreSoloFile({ file, backup, time, onCopied: createProgress(process.stdout) });
  const before = kept === null ? 'There was no data file before.' : `What was there before is kept: ${kept}`;
  return [`Restored: ${file}`, before];
});
