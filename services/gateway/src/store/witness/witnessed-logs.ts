import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import type { WitnessedLog, WitnessedLogs } from '../../core/witness/witness.ts';

/** The witness's own file: no database of a log reaches it. */
export interface WitnessFile extends WitnessedLogs {
  /** Begins to follow a log. A log that is followed already stays as it is. */
  follow(origin: string, publicKey: Uint8Array, installation: string | null): WitnessedLog;
  /** True if the log of this configuration of the installation is followed already. */
  hasOwn(installation: string): boolean;
  /** The log of this installation as it was last seen, by each configuration that it had. */
  listOwn(): readonly WitnessedLog[];
  /** Forgets a log, durably: its next checkpoint is the first. */
  forget(origin: string): void;
  /** The origin with this SHA-256 in hexadecimal; null if there is none. */
  originOf(originHash: string): string | null;
  close(): void;
}

interface Row {
  readonly origin: string;
  readonly public_key: Uint8Array;
  readonly size: number;
  readonly root: string | null;
  readonly note: string | null;
}

const schema = `
  CREATE TABLE IF NOT EXISTS logs (
    origin TEXT PRIMARY KEY,
    origin_hash TEXT NOT NULL UNIQUE,
    public_key BLOB NOT NULL,
    installation TEXT UNIQUE,
    size INTEGER NOT NULL DEFAULT 0,
    root TEXT,
    note TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
  ) STRICT`;

const toLog = ({ origin, public_key: publicKey, size, root, note }: Row): WitnessedLog => ({
  origin,
  publicKey,
  size,
  root,
  note,
});

/** Opens the witness's SQLite file, and makes it if there is none. Every write is on disk before it returns. */
export const openWitnessFile = (file: string): WitnessFile => {
  const sqlite = new Sqlite(file, { timeout: 5_000 });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.exec(schema);
  const columns = 'origin, public_key, size, root, note';
  const byOrigin = sqlite.prepare<[string], Row>(`SELECT ${columns} FROM logs WHERE origin = ?`);
  const insert = sqlite.prepare<[string, string, Uint8Array, string | null]>(
    'INSERT INTO logs (origin, origin_hash, public_key, installation) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const update = sqlite.prepare<[number, string, string, string, number]>(
    "UPDATE logs SET size = ?, root = ?, note = ?, updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE origin = ? AND size = ?",
  );
  const own = sqlite.prepare<[string], Pick<Row, 'origin'>>('SELECT origin FROM logs WHERE installation = ?');
  const ownLogs = sqlite.prepare<[], Row>(`SELECT ${columns} FROM logs WHERE installation IS NOT NULL ORDER BY updated_at`);
  const remove = sqlite.prepare<[string]>('DELETE FROM logs WHERE origin = ?');
  const byHash = sqlite.prepare<[string], Pick<Row, 'origin'>>('SELECT origin FROM logs WHERE origin_hash = ?');
  const find = (origin: string): WitnessedLog | null => {
    const row = byOrigin.get(origin);
    return row === undefined ? null : toLog(row);
  };
  return {
    find,
    advance: (origin, oldSize, { size, root, note }) => update.run(size, root, note, origin, oldSize).changes === 1,
    follow(origin, publicKey, installation) {
      insert.run(origin, createHash('sha256').update(origin).digest('hex'), publicKey, installation);
      const followed = find(origin);
      if (followed === null) throw new Error('The witness could not remember a log.');
      return followed;
    },
    listOwn: () => ownLogs.all().map(toLog),
    forget: (origin) => void remove.run(origin),
    hasOwn: (installation) => own.get(installation) !== undefined,
    originOf: (originHash) => byHash.get(originHash)?.origin ?? null,
    close: () => sqlite.close(),
  };
};
