import { readMigrations } from '@guildhall/migrate';
import type Sqlite from 'better-sqlite3';

/** Brings the file up to this program, each migration in a transaction. Throws when the file is newer. */
export const migrateSolo = (sqlite: Sqlite.Database, file: string, folder: string): void => {
  const known = readMigrations(folder);
  sqlite.exec('CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT NOT NULL PRIMARY KEY, run_on TEXT NOT NULL) STRICT');
  const recorded = sqlite.prepare<[], { name: string }>('SELECT name FROM schema_migrations ORDER BY name').all();
  if (recorded.length > known.length) {
    throw new Error(`${file} is at migration ${recorded.length}, this program knows ${known.length}.`);
  }
  const record = sqlite.prepare<[string, string]>('INSERT INTO schema_migrations (name, run_on) VALUES (?, ?)');
  for (const { name, upSql } of known.slice(recorded.length)) {
    sqlite
      .transaction(() => {
        sqlite.exec(upSql);
        record.run(name, new Date().toISOString());
      })
      .immediate();
  }
};
