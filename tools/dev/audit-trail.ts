import { sql, uncheckedRow, type Connection } from '@guildhall/db';
import { writeChunksAtomically } from '@guildhall/files';
import { Type } from 'typebox';
import { verifierKeyOf } from '@guildhall/tlog';
import { sha256 } from '../../services/audit/src/clients/sha256.ts';
import { exportLines } from '../../services/audit/src/core/trail/export-events.ts';
import { exportFormats } from '../../services/audit/src/core/trail/export-formats.ts';
import { createCheckedReader, createCheckEntry } from '../../services/audit/src/core/log/integrity.ts';
import { tileWidth } from '../../services/audit/src/core/log/tiles.ts';
import { createCheckpoints } from '../../services/audit/src/store/checkpoints.ts';
import { createLogReader } from '../../services/audit/src/store/log-reader.ts';

/** The audit trail as the database states it, to be proven or refuted. */
export interface AuditTrail {
  readonly checkpoint: string;
  readonly size: number;
  readonly key: string;
  /** The export of the checkpoint's events, and of those that the log has got behind them. */
  lines(): AsyncGenerator<Buffer>;
  /** Writes their leaf hashes, one behind the other, as the tiles and, behind the last whole one, the events have them. */
  writeHashes(file: string): Promise<void>;
}

/** Tiles that one statement reads: 8 MB. */
const tilesPageMax = 1_000;
const HashesRow = uncheckedRow({ hashes: Type.String() });

async function* linesOf(connection: Connection, origin: string, size: number): AsyncGenerator<Buffer> {
  const { ndjson } = exportFormats;
  yield Buffer.from(ndjson.begin({ origin, size, filters: {}, isContinued: false }));
  const checkEntry = createCheckEntry({ sha256, onAltered: () => {} });
  const reader = createCheckedReader(createLogReader(connection), checkEntry);
  for await (const lines of exportLines(reader, ndjson, {}, { from: 0, to: size })) yield Buffer.from(lines);
  // What tells of a removal may be younger than the checkpoint.
  const younger = { from: size, to: Math.max(size, await reader.size()) };
  for await (const lines of exportLines(reader, ndjson, {}, younger)) yield Buffer.from(lines);
}

const tilesQuery = (from: number, to: number) => sql.type(HashesRow)`
  SELECT encode(hashes, 'hex') AS hashes FROM audit.log_tiles
  WHERE level = 0 AND tile_index >= ${from}::int8 AND tile_index < ${to}::int8
  ORDER BY tile_index`;

const leavesQuery = (from: number, to: number) => sql.type(HashesRow)`
  SELECT encode(leaf.leaf_hash, 'hex') AS hashes
  FROM (
    SELECT leaf_index, leaf_hash FROM audit.audit_events WHERE leaf_index >= ${from}::int8 AND leaf_index < ${to}::int8
    UNION ALL
    SELECT leaf_index, leaf_hash FROM audit.removed_events WHERE leaf_index >= ${from}::int8 AND leaf_index < ${to}::int8
  ) AS leaf
  ORDER BY leaf.leaf_index`;

const bytesOf = (rows: readonly { readonly hashes: string }[]): Buffer =>
  Buffer.from(rows.map(({ hashes }) => hashes).join(''), 'hex');

async function* hashesOf(connection: Connection, size: number): AsyncGenerator<Buffer> {
  const whole = Math.floor(size / tileWidth);
  for (let from = 0; from < whole; from += tilesPageMax) {
    yield bytesOf(await connection.any(tilesQuery(from, Math.min(whole, from + tilesPageMax))));
  }
  yield bytesOf(await connection.any(leavesQuery(whole * tileWidth, size)));
}

/** Reads the audit trail of a database; null when its log has no checkpoint or no key. */
export const readAuditTrail = async (connection: Connection): Promise<AuditTrail | null> => {
  const checkpoints = createCheckpoints(connection);
  const [latest, key] = await Promise.all([checkpoints.latest(), checkpoints.key()]);
  if (latest === null || key === null) return null;
  const { size, note } = latest;
  return {
    checkpoint: note,
    size,
    key: verifierKeyOf(sha256, key),
    lines: () => linesOf(connection, key.origin, size),
    writeHashes: (file) => writeChunksAtomically(file, hashesOf(connection, size), { isDurable: false }),
  };
};
