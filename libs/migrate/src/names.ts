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

/** The recorded names must be the first of the known ones, in their order: else the program and the database disagree. */
export const checkHistory = (where: string, known: readonly string[], recorded: readonly string[]): void => {
  const newest = recorded.at(-1);
  if (recorded.length > known.length) {
    throw new Error(
      `${where} is newer than this program: it is at migration ${recorded.length} (${newest ?? ''}), this program knows ${known.length}.`,
    );
  }
  for (const [index, name] of recorded.entries()) {
    if (known[index] !== name) {
      throw new Error(
        `${where} has another history: its migration ${index + 1} is ${name}, this program's is ${known[index] ?? ''}.`,
      );
    }
  }
};
