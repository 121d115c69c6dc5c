import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createFileAtomically } from '@guildhall/files';
import { createInternalSigner } from '@guildhall/principal';
import { toBase64 } from '@guildhall/tlog';
import { createAuditRepairs } from '../clients/audit-repairs.ts';
import type { RepairConfig } from '../config.ts';
import { acceptLog, acknowledgeFaults, deletePlanted, rebuildHashes } from '../core/witness/accept-log.ts';
import type { WitnessedLog } from '../core/witness/witness.ts';
import { openWitnessFile } from '../store/witness/witnessed-logs.ts';

/** Keeps in a file of its own what the witness saw of a log that is accepted otherwise. */
const keepSeenIn =
  (folder: string) =>
  ({ publicKey, ...log }: WitnessedLog, eventId: string): string => {
    const text = `${JSON.stringify({ ...log, publicKey: toBase64(publicKey), eventId }, null, 2)}\n`;
    const file = join(folder, `accepted-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`);
    createFileAtomically(file, text);
    return file;
  };

/** Repairs the audit log beside a running gateway or without one, and yields what it did, line by line. */
export async function* runRepair({ auditUrl, identity, witnessFolder, what, reason }: RepairConfig): AsyncGenerator<string> {
  const audit = createAuditRepairs({ auditUrl, signer: createInternalSigner({ identity, now: () => new Date() }) });
  mkdirSync(witnessFolder, { recursive: true, mode: 0o700 });
  const logs = openWitnessFile(join(witnessFolder, 'witness.sqlite'));
  try {
    const repairs = {
      'accept-log': () => acceptLog({ audit, logs, keepSeen: keepSeenIn(witnessFolder) }, reason),
      'delete-planted': () => deletePlanted({ audit }, reason),
      'rebuild-hashes': () => rebuildHashes({ audit }, reason),
      'acknowledge-faults': () => acknowledgeFaults({ audit }, reason),
    };
    yield* repairs[what]();
    if (reason === null) yield 'Nothing was changed: give REASON="…" to do it.';
  } finally {
    logs.close();
    await audit.close();
  }
}
