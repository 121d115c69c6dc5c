import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifierKeyOf } from '@guildhall/tlog';
import { sha256 } from '../../services/audit/src/clients/sha256.ts';
import { readAuditTrail } from './audit-trail.ts';
import type { HeldDrill } from './backup-files.ts';
import type { BackupCheckpoint, BackupEnd } from './backup-format.ts';
import { onSchema } from './on-database.ts';
import { proveTrail } from './prove-trail.ts';
import { BentBackup } from './read-backup.ts';
import { restoreBackup } from './restore-backup.ts';

export interface DrillParts {
  readonly file: string;
  /** An empty database. */
  readonly url: string;
  /** The folder for what the verifier compares. */
  readonly folder: string;
  /** The file of the key that `make audit-verify` saw first, if there is one: the trail is held to it. */
  readonly keptKey: string;
  readonly now: () => Date;
}

const keyOf = ({ origin, publicKey }: BackupCheckpoint): string =>
  verifierKeyOf(sha256, { origin, publicKey: Buffer.from(publicKey, 'base64') });

/** Walks every proof of the restored trail. Throws BentBackup when one does not hold. */
const prove = ({ file, url, folder, keptKey }: DrillParts, checkpoint: BackupCheckpoint): Promise<void> =>
  onSchema(url, 'audit', async ({ connection }) => {
    const trail = await readAuditTrail(connection);
    if (trail?.checkpoint !== checkpoint.note)
      throw new BentBackup(file, 'its audit log has another checkpoint than its end says.');
    const key = existsSync(keptKey) ? readFileSync(keptKey, 'utf8').trim() : keyOf(checkpoint);
    const said: string[] = [];
    const out = { write: (text: string) => void said.push(text) };
    const parts = { connection, trail, folder, key, older: [], isJson: false, out, err: out, unsignedSecondsMax: Infinity };
    if ((await proveTrail(parts)) !== 0)
      throw new BentBackup(file, `its audit trail does not prove:\n${said.join('').trimEnd()}`);
  });

/** Walks the proofs of a trail that was restored, where its backup carries a checkpoint. Throws BentBackup when one does not hold. */
export const proveRestored = async (parts: DrillParts, { checkpoint }: Pick<BackupEnd, 'checkpoint'>): Promise<void> => {
  if (checkpoint !== null) await prove(parts, checkpoint);
};

/**
 * Restores a backup into an empty database, compares every table with its digest, and walks the proofs of the audit trail against
 * the checkpoint that the backup carries. Throws BentBackup when anything does not hold.
 */
export const drillBackup = async (parts: DrillParts): Promise<HeldDrill> => {
  const { head, end } = await restoreBackup(parts.file, parts.url);
  await proveRestored(parts, end);
  return {
    file: parts.file,
    takenAt: head.takenAt,
    heldAt: parts.now().toISOString(),
    rows: Object.values(end.tables).reduce((sum, { rows }) => sum + rows, 0),
    provenEvents: end.checkpoint?.size ?? null,
  };
};

/** The file of the key that `make audit-verify` keeps. */
export const keptKeyIn = (dataFolder: string): string => join(dataFolder, 'audit-verify', 'key');
