import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@guildhall/files';
import { dataFolder } from './folders.ts';
import { findRunning } from './running.ts';

/** The folder of backups, and of what the last drill found. */
export const backupsFolder = join(dataFolder, 'backups');
const drillFile = join(backupsFolder, 'last-drill.json');
const ending = '.backup.gz';

export const backupName = (time: string): string => `shared-${time}${ending}`;

/** The newest backup of the folder; undefined where there is none. */
export const newestBackup = (): string | undefined => {
  if (!existsSync(backupsFolder)) return undefined;
  const name = readdirSync(backupsFolder)
    .filter((each) => each.endsWith(ending) && !each.startsWith('.'))
    .toSorted()
    .at(-1);
  return name === undefined ? undefined : join(backupsFolder, name);
};

/** A drill that held. */
export interface HeldDrill {
  readonly file: string;
  /** When the backup was taken, by the database's clock. */
  readonly takenAt: string;
  readonly heldAt: string;
  readonly rows: number;
  /** The events that the proven checkpoint covers; null while the log had none. */
  readonly provenEvents: number | null;
}

const secondsOf = (time: string): number => Date.parse(time) / 1_000;

/** The times of a drill that held and of its backup, as the textfile collector of Prometheus' node_exporter reads them. */
export const drillMetrics = ({ heldAt, takenAt }: Pick<HeldDrill, 'heldAt' | 'takenAt'>): string =>
  [
    '# HELP guildhall_backup_drill_held_timestamp_seconds When a restored backup was last proven.',
    '# TYPE guildhall_backup_drill_held_timestamp_seconds gauge',
    `guildhall_backup_drill_held_timestamp_seconds ${secondsOf(heldAt)}`,
    '# HELP guildhall_backup_proven_timestamp_seconds When the backup that was last proven was taken.',
    '# TYPE guildhall_backup_proven_timestamp_seconds gauge',
    `guildhall_backup_proven_timestamp_seconds ${secondsOf(takenAt)}`,
    '',
  ].join('\n');

export const keepDrill = (drill: HeldDrill): void => {
  writeFileAtomically(drillFile, `${JSON.stringify(drill, null, 2)}\n`);
  writeFileAtomically(join(backupsFolder, 'last-drill.prom'), drillMetrics(drill), { mode: 0o644 });
};

export const lastDrill = (): HeldDrill | null =>
  existsSync(drillFile) ? (JSON.parse(readFileSync(drillFile, 'utf8')) as HeldDrill) : null;

/** The database of DATABASE_URL, or of the stack that runs here; undefined where there is neither. */
export const chosenDatabase = (): string | undefined => {
  const given = process.env['DATABASE_URL'] ?? '';
  return given === '' ? findRunning(dataFolder)?.databaseUrl : given;
};
