import Sqlite from 'better-sqlite3';
import type { SoloDatabase } from '../solo/open.ts';
import { createWriteAtOnce } from '../solo/write.ts';
import type { SettingsRow } from '../tables.ts';

export interface Setting {
  readonly value: unknown;
  readonly version: number;
}

/** A key-value store of local settings. A value is any JSON; secrets are sealed before they are stored. */
export interface SettingsStore {
  read(name: string): Setting | undefined;
  /** Stores the value as the next version. */
  write(name: string, value: unknown, at: string): void;
  remove(name: string): void;
  /**
   * Compare and swap: stores `to` as the next version only if the value is `from`; undefined stands for no value on either
   * side. The value before it is erased from the write-ahead log, too. False: the value was another. Throws SERVICE_UNAVAILABLE
   * if the file cannot be written.
   */
  swap(name: string, from: unknown, to: unknown, at: string): boolean;
}

export const createSettingsStore = ({ sqlite }: SoloDatabase): SettingsStore => {
  const writeAtOnce = createWriteAtOnce(sqlite);
  const read = sqlite.prepare<[string], Pick<SettingsRow, 'value' | 'version'>>(
    'SELECT value, version FROM settings WHERE id = ?',
  );
  const write = sqlite.prepare<[string, string, string, string]>(
    `INSERT INTO settings (id, value, created_at, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET value = excluded.value, version = settings.version + 1, updated_at = excluded.updated_at`,
  );
  const remove = sqlite.prepare<[string]>('DELETE FROM settings WHERE id = ?');
  const insert = sqlite.prepare<[string, string, string, string]>(
    `INSERT INTO settings (id, value, created_at, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const replace = sqlite.prepare<[string, string, string, string]>(
    'UPDATE settings SET value = ?, version = version + 1, updated_at = ? WHERE id = ? AND value = ?',
  );
  const removeIf = sqlite.prepare<[string, string]>('DELETE FROM settings WHERE id = ? AND value = ?');
  const swap = (name: string, from: unknown, to: unknown, at: string): boolean => {
    if (from === undefined)
      return to === undefined ? read.get(name) === undefined : insert.run(name, JSON.stringify(to), at, at).changes === 1;
    if (to === undefined) return removeIf.run(name, JSON.stringify(from)).changes === 1;
    return replace.run(JSON.stringify(to), at, name, JSON.stringify(from)).changes === 1;
  };
  return {
    read: (name) => {
      const found = read.get(name);
      return found === undefined ? undefined : { value: JSON.parse(found.value) as unknown, version: found.version };
    },
    write: (name, value, at) => void write.run(name, JSON.stringify(value), at, at),
    remove: (name) => void remove.run(name),
    swap(name, from, to, at) {
      const isSwapped = writeAtOnce(() => swap(name, from, to, at));
      if (isSwapped && from !== undefined) emptyWriteAheadLog(sqlite);
      return isSwapped;
    },
  };
};

/** Moves the write-ahead log into the file, which overwrites what was replaced. */
const emptyWriteAheadLog = (sqlite: SoloDatabase['sqlite']): void => {
  try {
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    // A disk that is full or fails: the change itself is stored, and the checkpoint of the stop does the same.
    if (!(error instanceof Sqlite.SqliteError)) throw error;
  }
};
