import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { writeChunksAtomically } from '@guildhall/files';
import type { Client } from 'pg';
import {
  createRowSum,
  sha256,
  type AppliedMigration,
  type BackupCheckpoint,
  type BackupEnd,
  type BackupHead,
  type BackupLine,
  type TableDigest,
} from './backup-format.ts';
import { atOneMoment, backupSchemas, quoted, readRows, readTables } from './backup-rows.ts';

const readMigrations = async (client: Client, schema: string): Promise<readonly AppliedMigration[]> => {
  const { rows } = await client.query<AppliedMigration>(
    `SELECT name, up_sha256 AS "upChecksum" FROM ${quoted(`${schema}.schema_migration_checksums`)} ORDER BY name`,
  );
  return rows;
};

const readHead = async (client: Client): Promise<BackupHead> => {
  const migrations: Record<string, readonly AppliedMigration[]> = {};
  for (const schema of backupSchemas) migrations[schema] = await readMigrations(client, schema);
  const { rows } = await client.query<{ now: Date }>('SELECT now() AS now');
  return { format: 1, takenAt: rows[0]?.now.toISOString() ?? '', migrations };
};

const checkpointText = `
  SELECT signed.size::text AS size, signed.note, key.origin, encode(key.public_key, 'base64') AS "publicKey"
  FROM (SELECT size, note FROM audit.checkpoints ORDER BY size DESC LIMIT 1) AS signed
  CROSS JOIN (SELECT origin, public_key FROM audit.log_keys ORDER BY name LIMIT 1) AS key`;

const readCheckpoint = async (client: Client): Promise<BackupCheckpoint | null> => {
  const { rows } = await client.query<{ size: string; note: string; origin: string; publicKey: string }>(checkpointText);
  return rows[0] === undefined ? null : { ...rows[0], size: Number(rows[0].size) };
};

/** The lines of a backup; `onEnd` is told the end. */
async function* linesOf(client: Client, onEnd: (end: BackupEnd) => void): AsyncGenerator<string> {
  const digest = sha256();
  const line = (value: BackupLine): string => {
    const text = `${JSON.stringify(value)}\n`;
    digest.update(text);
    return text;
  };
  yield line({ head: await readHead(client) });
  const tables: Record<string, TableDigest> = {};
  for (const table of await readTables(client)) {
    const sum = createRowSum();
    for await (const row of readRows(client, table)) {
      sum.add(row);
      yield line({ table, row });
    }
    tables[table] = sum.digest();
  }
  const end = { tables, checkpoint: await readCheckpoint(client), sha256: digest.digest('hex') };
  onEnd(end);
  yield `${JSON.stringify({ end })}\n`;
}

/**
 * Writes one moment of the shared database into a file, for its user alone, also while services write: the rows of all tables, the
 * applied migrations, the digests of the tables and the last checkpoint of the audit log. The file appears whole or not at all.
 */
export const writeBackup = async (url: string, file: string): Promise<BackupEnd> => {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  return await atOneMoment(url, async (client) => {
    const ended = Promise.withResolvers<BackupEnd>();
    const source = Readable.from(linesOf(client, ended.resolve), { objectMode: false });
    const zipped = createGzip();
    source.on('error', (error) => zipped.destroy(error));
    await writeChunksAtomically(file, source.pipe(zipped) as AsyncIterable<Uint8Array>);
    return await ended.promise;
  });
};
