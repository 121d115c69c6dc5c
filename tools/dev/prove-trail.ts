import { join } from 'node:path';
import type { LogFault } from '@guildhall/contracts';
import { sql, uncheckedRow, type Connection } from '@guildhall/db';
import { writeFileAtomically } from '@guildhall/files';
import { isSignedBy, readKeyLine } from '@guildhall/tlog';
import { Type } from 'typebox';
import { runCommand, type CommandParts } from '../../programs/audit-verify/src/command.ts';
import { verifyEd25519 } from '../../services/audit/src/clients/log-signer.ts';
import { sha256 } from '../../services/audit/src/clients/sha256.ts';
import { walkLog } from '../../services/audit/src/core/log/walk.ts';
import { shownFault } from '../../services/audit/src/core/log/walk-faults.ts';
import { createCheckpoints } from '../../services/audit/src/store/checkpoints.ts';
import { createLogReader } from '../../services/audit/src/store/log-reader.ts';
import { createLogTiles } from '../../services/audit/src/store/log-tiles.ts';
import { findOutsideRows } from '../../services/audit/src/store/outside-rows.ts';
import type { AuditTrail } from './audit-trail.ts';

export interface ProveParts extends Pick<CommandParts, 'out' | 'err'> {
  readonly connection: Connection;
  readonly trail: AuditTrail;
  /** The folder for the checkpoint and the hashes that are compared. */
  readonly folder: string;
  /** The verifier key that the checkpoint must be signed with. */
  readonly key: string;
  /** Checkpoints that were kept elsewhere. */
  readonly older: readonly string[];
  readonly isJson: boolean;
  /** The age from which an event that is not signed is a fault. Default: 60 s. Infinity where nobody signs, as in a restored backup. */
  readonly unsignedSecondsMax?: number;
}

/** The fault of the database beside the events: one of the check of the whole log, or events that are not signed. */
interface StoredFault {
  readonly kind: LogFault['kind'] | 'unsigned';
  readonly detail: string;
}

/** Events are signed within a second; when the oldest one behind the checkpoint is older than this, signing stands still. */
export const unsignedSecondsMax = 60;
const UnsignedRow = uncheckedRow({
  count: Type.Integer(),
  oldestSeconds: Type.Union([Type.Number(), Type.Null()]),
});

/** The events behind the checkpoint, by the database's clock. */
export const readUnsigned = (connection: Connection, size: number) =>
  connection.one(sql.type(UnsignedRow)`
    SELECT count(*)::int8 AS count, extract(epoch FROM now() - min(created_at))::float8 AS oldest_seconds
    FROM audit.audit_events WHERE leaf_index >= ${size}::int8`);

/** Checks what the database holds beside the events: tiles, head, removals, rows outside the log. */
const checkStored = async ({ connection, key }: ProveParts): Promise<readonly LogFault[]> => {
  const checkpoints = createCheckpoints(connection);
  const known = readKeyLine(sha256, key);
  const walked = await walkLog(
    {
      log: { moment: checkpoints.standing, outside: () => findOutsideRows(connection) },
      reader: createLogReader(connection),
      tiles: createLogTiles(connection),
      sha256,
      isSigned: async (note) =>
        known !== null && isSignedBy(sha256, verifyEd25519, { origin: known.name, publicKey: known.publicKey }, note),
      pace: async () => true,
    },
    () => undefined,
  );
  return (walked?.faults ?? []).map(shownFault);
};

/** Runs the verifier over the trail. Returns its exit code and what it printed. */
const verify = async ({ trail, folder, key, older, isJson, err }: ProveParts): Promise<readonly [number, string]> => {
  const [checkpoint, hashes] = [join(folder, 'checkpoint'), join(folder, 'hashes')];
  writeFileAtomically(checkpoint, trail.checkpoint);
  await trail.writeHashes(hashes);
  const out: string[] = [];
  const code = await runCommand({
    args: [
      '--checkpoint',
      checkpoint,
      '--key',
      key,
      '--tiles',
      hashes,
      '--allow-younger',
      ...older.flatMap((file) => ['--older', file]),
      ...(isJson ? ['--json'] : []),
    ],
    stdin: trail.lines(),
    out: { write: (text) => out.push(text) },
    err,
  });
  return [code, out.join('')];
};

/**
 * Proves the trail of a database: the verifier over its events, then the check of what stands beside them. Returns 0 when all is whole,
 * 1 when anything was altered, 2 when it cannot be judged.
 */
export const proveTrail = async (parts: ProveParts): Promise<number> => {
  const { connection, trail, out, isJson, unsignedSecondsMax: secondsMax = unsignedSecondsMax } = parts;
  const [code, text] = await verify(parts);
  if (code === 2) {
    out.write(text);
    return code;
  }
  const unsigned = await readUnsigned(connection, trail.size);
  const faults: StoredFault[] = [...(await checkStored(parts))];
  const behind = `${unsigned.count} events behind the checkpoint are not signed`;
  if ((unsigned.oldestSeconds ?? 0) > secondsMax)
    faults.push({ kind: 'unsigned', detail: `${behind}, the oldest for ${Math.round(unsigned.oldestSeconds ?? 0)} s.` });
  if (isJson) {
    const report = JSON.parse(text) as { readonly answer: string };
    const answer = faults.length === 0 ? report.answer : 'broken';
    out.write(`${JSON.stringify({ ...report, answer, unsigned: unsigned.count, stored: faults })}\n`);
  } else {
    out.write(text);
    for (const { kind, detail } of faults) out.write(`in the database: ${kind}: ${detail}\n`);
    if (unsigned.count > 0 && faults.every(({ kind }) => kind !== 'unsigned')) out.write(`${behind} yet.\n`);
  }
  return faults.length === 0 ? code : 1;
};
