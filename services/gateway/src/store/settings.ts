import type { SoloDatabase } from './open-solo-database.ts';

export interface Setting {
  readonly value: unknown;
  readonly version: number;
}

/** Local settings by name. A value is whatever JSON can hold; secrets are sealed before they come here. */
export interface Settings {
  read(name: string): Setting | undefined;
  /** Stores the value as the next version. */
  write(name: string, value: unknown, at: string): void;
  remove(name: string): void;
}

export const createSettings = ({ sqlite }: SoloDatabase): Settings => {
  const read = sqlite.prepare<[string], { value: string; version: number }>('SELECT value, version FROM settings WHERE id = ?');
  const write = sqlite.prepare<[string, string, string, string]>(
    `INSERT INTO settings (id, value, created_at, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET value = excluded.value, version = settings.version + 1, updated_at = excluded.updated_at`,
  );
  const remove = sqlite.prepare<[string]>('DELETE FROM settings WHERE id = ?');
  return {
    read: (name) => {
      const found = read.get(name);
      return found === undefined ? undefined : { value: JSON.parse(found.value) as unknown, version: found.version };
    },
    write: (name, value, at) => void write.run(name, JSON.stringify(value), at, at),
    remove: (name) => void remove.run(name),
  };
};
