const identifierPattern = /^[a-z][a-z0-9_]*$/;

export const migrationsTable = 'schema_migrations';
/** The SHA-256 of what was applied, beside the table of node-pg-migrate. */
export const checksumsTable = 'schema_migration_checksums';
/** Who may change the schema now. */
export const leaseTable = 'schema_migration_lease';
/** What the migrations themselves are recorded in: no part of what they lead to. */
export const bookkeepingTables: readonly string[] = [migrationsTable, checksumsTable, leaseTable];

/** Throws for anything that would need quotes in SQL. */
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

/** The recorded names must be the first of the known ones, in their order: else the program and the database disagree. */
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
