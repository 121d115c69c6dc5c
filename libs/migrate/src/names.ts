const identifierPattern = /^[a-z][a-z0-9_]*$/;

export const migrationsTable = 'schema_migrations';
/** The table of the checksums of applied files, beside the table of node-pg-migrate. */
export const checksumsTable = 'schema_migration_checksums';
/** The table of the lease: who may change the schema now. */
export const leaseTable = 'schema_migration_lease';
/** The tables in which migrations are recorded; they are no part of the schema that migrations describe. */
export const bookkeepingTables: readonly string[] = [migrationsTable, checksumsTable, leaseTable];

/** Returns a name that needs no quotes in SQL. Throws an Error for any other. */
export const identifier = (name: string): string => {
  if (!identifierPattern.test(name)) throw new Error(`${JSON.stringify(name)} is not a plain SQL name.`);
  return name;
};

interface Named {
  readonly name: string;
  readonly upChecksum: string | null;
}

const withChecksum = (one: Named | undefined): string =>
  one === undefined ? 'nothing' : `${one.name} (${one.upChecksum ?? 'without checksum'})`;

/**
 * Throws an Error unless the recorded names are the first of the known ones, in order: otherwise program and database
 * disagree.
 */
export const checkHistory = (where: string, known: readonly Named[], recorded: readonly Named[]): void => {
  const newest = recorded.at(-1);
  if (recorded.length > known.length) {
    throw new Error(
      `${where} is newer than this program: it is at migration ${recorded.length} (${newest?.name ?? ''}), this program knows ${known.length}.`,
    );
  }
  for (const [index, row] of recorded.entries()) {
    if (known[index]?.name === row.name) continue;
    throw new Error(
      `${where} has another history: its migration ${index + 1} is ${withChecksum(row)}, this program's is ${withChecksum(known[index])}.`,
    );
  }
};
