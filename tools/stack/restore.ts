import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onSession } from '../dev/backup-rows.ts';
import { proveRestored } from '../dev/drill.ts';
import { waitPatiently } from '../dev/patience.ts';
import { examineBackup, type ExaminedBackup } from '../dev/read-backup.ts';
import { replaceDatabase } from '../dev/replace-database.ts';
import { restoreBackup } from '../dev/restore-backup.ts';
import { adminUrlIn, databaseContainer, reachedFromHere } from './back-up.ts';
import type { Compose } from './compose.ts';
import { runIn, type Ran } from './containers.ts';
import { prepareImages } from './images.ts';
import type { StackContainers } from './roll.ts';

export interface RestoreParts {
  readonly compose: Compose;
  readonly containers: Pick<StackContainers, 'running' | 'addressOf' | 'runOnce'>;
  /** The folder of the stack, with its secrets. */
  readonly folder: string;
  /** The services of docker-compose.yml that are the database. */
  readonly databaseServices: readonly string[];
  readonly onNote: (line: string) => void;
}

/** The services that use the database or the queue. */
const users = ['gateway', 'gateway-2', 'auth', 'team-resources', 'audit'] as const;
const emptyQueueScript = "REDISCLI_AUTH=$(sed -n 's/^requirepass //p' /run/secrets/valkey-configuration) valkey-cli FLUSHALL";

const requireStopped = async ({ containers }: RestoreParts): Promise<void> => {
  const running = await Promise.all(users.map(async (name) => ((await containers.running(name)).length > 0 ? [name] : [])));
  if (running.flat().length > 0)
    throw new Error(`${running.flat().join(', ')} of the stack run: make stack-down first. Nothing was changed.`);
};

const untilItAnswers = (url: string, onNote: RestoreParts['onNote']): Promise<void> =>
  waitPatiently({
    what: 'the database to answer',
    onNote,
    look: () =>
      onSession(url, (client) => client.query('SELECT 1')).then(
        () => null,
        (error: unknown) => String(error),
      ),
  });

/** Removes every waiting event: it belongs to the database that was replaced. Those owed by the restored one are in its outboxes. */
const emptyQueue = async ({ containers, onNote }: RestoreParts): Promise<void> => {
  const look = async (): Promise<string | null> => {
    const [id] = await containers.running('valkey');
    const { isDone, out }: Ran = id === undefined ? { isDone: false, out: 'it does not run' } : await runIn(id, emptyQueueScript);
    return isDone && out.trim() === 'OK' ? null : out.trim();
  };
  await waitPatiently({ what: 'the queue to be emptied', onNote, look });
};

/** Fills an empty database: roles and schemas first, so that what is migrated belongs to them. Rejects unless all digests and proofs hold. */
const fill = async (parts: RestoreParts, file: string, url: string): Promise<ExaminedBackup> => {
  await parts.containers.runOnce('roles');
  const restored = await restoreBackup(file, url);
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-proof-'));
  try {
    await proveRestored({ file, url, folder, keptKey: join(folder, 'none'), now: () => new Date() }, restored.end);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await emptyQueue(parts);
  return restored;
};

/**
 * Restores a backup into the database of a stack whose services are down, in place of its present one, which is kept under another name and comes back
 * when anything does not hold. Returns what was done, as lines. Rejects before it starts anything for a file that is no whole backup.
 */
export const restoreStack = async (parts: RestoreParts, file: string): Promise<readonly string[]> => {
  const { compose, containers, folder, onNote } = parts;
  await examineBackup(file);
  await requireStopped(parts);
  onNote(await prepareImages(compose));
  await compose.run(['up', '--detach', ...parts.databaseServices, 'valkey'], true);
  const url = reachedFromHere(adminUrlIn(folder), await containers.addressOf(await databaseContainer(containers)));
  const administrationUrl = new URL('/postgres', url).href;
  await untilItAnswers(administrationUrl, onNote);
  const { filled, kept } = await replaceDatabase({ administrationUrl, fill: () => fill(parts, file, url), onNote });
  const { head, end } = filled;
  const rows = Object.values(end.tables).reduce((sum, table) => sum + table.rows, 0);
  const proven = end.checkpoint === null ? 'the audit log had signed nothing' : `${end.checkpoint.size} events proven`;
  return [
    `Restored, as it was at ${head.takenAt}: ${rows} rows as they were, ${proven}. make stack-up starts it.`,
    ...(kept === null ? [] : [`What was there before is kept in the database ${kept}.`]),
  ];
};
