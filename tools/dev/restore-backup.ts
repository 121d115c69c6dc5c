import { serviceNames, serviceSchemas, type ServiceName } from '@guildhall/contracts/service-names';
import { migrateUp, readMigrations } from '@guildhall/migrate';
import { migrationsFolder } from '@guildhall/testkit';
import { escapeIdentifier, type Client } from 'pg';
import type { BackupHead } from './backup-format.ts';
import { backupSchemas, digestTables, onSession, quoted, readTables } from './backup-rows.ts';
import { BentBackup, differingTables, examineBackup, readBackup, type ExaminedBackup } from './read-backup.ts';

const rowsPerInsert = 500;
/** A statement takes no further rows when it has become so long: a row may have a megabyte, and all of them are held. */
const charactersPerInsert = 4 * 1024 * 1024;

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

const foreignKeysText = `
  SELECT n.nspname || '.' || t.relname AS "table", c.conname AS name, pg_get_constraintdef(c.oid) AS definition
  FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace
  WHERE c.contype = 'f' AND n.nspname = ANY($1) ORDER BY 1, 2`;

/** Throws unless the database holds no table of a service: a restore replaces nothing. */
const requireEmpty = async (client: Client): Promise<void> => {
  const [found] = await readTables(client);
  if (found !== undefined)
    throw new Error(`The database to restore into is not empty: it has ${found}. Give a new one: nothing was changed.`);
};

/** The number of a service's migrations that the backup was taken at. Throws when the program's are others. */
const countOf = (file: string, { migrations }: BackupHead, service: ServiceName): number => {
  const [known, applied] = [readMigrations(migrationsFolder(service)), migrations[serviceSchemas[service]] ?? []];
  for (const [index, { name, upChecksum }] of applied.entries()) {
    const own = known[index];
    if (own === undefined) throw new BentBackup(file, `it is newer than this program, at ${service}'s migration ${name}.`);
    if (own.name !== name || own.upChecksum !== upChecksum)
      throw new BentBackup(file, `its migration ${name} of ${service} is not this program's ${own.name}.`);
  }
  return applied.length;
};

/** Inserts the rows as they are; ids, times and versions included. */
const insertRows = async (client: Client, table: string, rows: readonly string[]): Promise<void> => {
  await client.query(
    `INSERT INTO ${quoted(table)} SELECT (jsonb_populate_record(NULL::${quoted(table)}, given.row)).*
     FROM unnest($1::jsonb[]) AS given (row)`,
    [rows],
  );
};

const loadRows = async (client: Client, file: string): Promise<void> => {
  let [table, rows, characters]: [string, string[], number] = ['', [], 0];
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await insertRows(client, table, rows);
    [rows, characters] = [[], 0];
  };
  for await (const line of readBackup(file)) {
    if (!('row' in line)) continue;
    if (line.table !== table || rows.length === rowsPerInsert || characters >= charactersPerInsert) await flush();
    table = line.table;
    rows.push(line.row);
    characters += line.row.length;
  }
  await flush();
};

/** Loads the rows in one transaction. Foreign keys are taken away meanwhile, and checked over all rows when they come back. */
const load = async (client: Client, file: string): Promise<void> => {
  const { rows: keys } = await client.query<ForeignKey>(foreignKeysText, [backupSchemas]);
  await client.query('BEGIN');
  for (const { table, name } of keys)
    await client.query(`ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${escapeIdentifier(name)}`);
  // Some migrations put rows of their own, which the backup has, too.
  for (const table of await readTables(client)) await client.query(`DELETE FROM ${quoted(table)}`);
  await loadRows(client, file);
  for (const { table, name, definition } of keys)
    await client.query(`ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${escapeIdentifier(name)} ${definition}`);
  await client.query('COMMIT');
};

/** Applies each service's first migrations: as many as the backup has; all of them without a number. */
const migrateTo = async (url: string, countFor: (service: ServiceName) => number | undefined): Promise<void> => {
  for (const service of serviceNames) {
    const count = countFor(service);
    if (count === 0) continue;
    const target = { databaseUrl: url, schema: serviceSchemas[service], folder: migrationsFolder(service) };
    await migrateUp({ ...target, ...(count === undefined ? {} : { count }) });
  }
};

/**
 * Restores a backup into an empty database: examines the file, migrates to where it was taken, loads it, compares every table
 * with its digest, and applies the migrations that came since. Throws BentBackup, or an Error that says what is wrong.
 */
export const restoreBackup = async (file: string, url: string): Promise<ExaminedBackup> => {
  const examined = await examineBackup(file);
  const counts = new Map(serviceNames.map((service) => [service, countOf(file, examined.head, service)] as const));
  await onSession(url, requireEmpty);
  await migrateTo(url, (service) => counts.get(service));
  await onSession(url, (client) => load(client, file));
  const wrong = differingTables(examined.end.tables, await digestTables(url));
  if (wrong.length > 0) throw new BentBackup(file, `what was restored of ${wrong.join(', ')} differs from it.`);
  await migrateTo(url, () => undefined);
  return examined;
};
