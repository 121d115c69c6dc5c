import type { Client } from 'pg';
import { codeOf, undefinedSchema, undefinedTable } from './connection.ts';
import type { MigrationFile } from './migration-files.ts';
import { checkHistory, checksumsTable, identifier, migrationsTable } from './names.ts';

/** The record of one applied migration in the database. */
export interface Recorded {
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly appliedAt: string;
  readonly tookMs: number | null;
  /** Null if the migration was applied before checksums were kept. */
  readonly upChecksum: string | null;
  readonly downChecksum: string | null;
}

export interface MigrationState {
  readonly name: string;
  /** ISO 8601 in UTC; null while it is pending. */
  readonly appliedAt: string | null;
  /** Null while the migration is pending, and if its duration was not measured. */
  readonly tookMs: number | null;
  /** `unknown`: applied before checksums were kept. */
  readonly checksum: 'same' | 'changed' | 'unknown' | 'pending';
}

const isMissing = (error: unknown): boolean => codeOf(error) === undefinedTable || codeOf(error) === undefinedSchema;

const appliedAtSql = `to_char(min(m.run_on), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "appliedAt"`;

const withChecksums = (schema: string): string => `
  SELECT m.name, ${appliedAtSql}, c.took_ms::float8 AS "tookMs", c.up_sha256 AS "upChecksum", c.down_sha256 AS "downChecksum"
  FROM ${identifier(schema)}.${migrationsTable} m
  LEFT JOIN ${identifier(schema)}.${checksumsTable} c ON c.name = m.name
  GROUP BY m.name, c.took_ms, c.up_sha256, c.down_sha256
  ORDER BY m.name`;

const withoutChecksums = (schema: string): string => `
  SELECT m.name, ${appliedAtSql}, NULL::float8 AS "tookMs", NULL AS "upChecksum", NULL AS "downChecksum"
  FROM ${identifier(schema)}.${migrationsTable} m
  GROUP BY m.name
  ORDER BY m.name`;

/**
 * Reads the records of a schema, also of one that was migrated before checksums were kept, or never. The engine's table has no
 * unique name: earlier versions could record a migration twice on CockroachDB, which counts once.
 */
export const readRecorded = async (client: Client, schema: string): Promise<readonly Recorded[]> => {
  for (const query of [withChecksums(schema), withoutChecksums(schema)]) {
    try {
      return (await client.query<Recorded>(query)).rows;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return [];
};

const checksumState = (file: MigrationFile, row: Recorded | undefined): MigrationState['checksum'] => {
  if (row === undefined) return 'pending';
  if (row.upChecksum === null || row.downChecksum === null) return 'unknown';
  return row.upChecksum === file.upChecksum && row.downChecksum === file.downChecksum ? 'same' : 'changed';
};

export const statesOf = (migrations: readonly MigrationFile[], recorded: readonly Recorded[]): readonly MigrationState[] =>
  migrations.map((file) => {
    const row = recorded.find(({ name }) => name === file.name);
    return {
      name: file.name,
      appliedAt: row?.appliedAt ?? null,
      tookMs: row?.tookMs ?? null,
      checksum: checksumState(file, row),
    };
  });

const changedHalves = (file: MigrationFile, row: Recorded): readonly string[] =>
  [['up', row.upChecksum, file.upChecksum] as const, ['down', row.downChecksum, file.downChecksum] as const].flatMap(
    ([direction, applied, present]) =>
      applied === null || applied === present
        ? []
        : [
            `${file.name}.${direction}.sql was changed after it was applied: it was ${applied}, the file is ${present}. Put it back as it was, and write a new migration for the change.`,
          ],
  );

/**
 * Throws an Error unless the applied migrations match the files: none missing, renumbered, changed, or newer than the program,
 * and each with its checksums.
 */
export const checkRecorded = (where: string, migrations: readonly MigrationFile[], recorded: readonly Recorded[]): void => {
  checkHistory(where, migrations, recorded);
  const changed = recorded.flatMap((row) => {
    const file = migrations.find(({ name }) => name === row.name);
    return file === undefined ? [] : changedHalves(file, row);
  });
  if (changed.length > 0) throw new Error(changed.map((fault) => `${where}: ${fault}`).join('\n'));
  const unknown = recorded.filter(({ upChecksum, downChecksum }) => upChecksum === null || downChecksum === null);
  if (unknown.length > 0) {
    throw new Error(
      `${where} has ${unknown.length} migrations without checksums (${unknown[0]?.name ?? ''} first): they were applied before checksums were kept. If it was migrated with these files, take them over once: make migrate-adopt.`,
    );
  }
};
