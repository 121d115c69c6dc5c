import { runner, type RunnerOption } from 'node-pg-migrate';
import { Client } from 'pg';
import { guarded, type MigrationTarget } from './guard.ts';
import { readMigrations } from './migration-files.ts';
import { checkHistory, identifier, migrationsTable } from './names.ts';

export interface MigrationState {
  readonly name: string;
  /** ISO 8601 in UTC; null while it is pending. */
  readonly appliedAt: string | null;
}

export interface MigrateOptions extends MigrationTarget {
  /** How many at most. Up: all by default. Down: one by default. */
  readonly count?: number;
  /** Told after each file. */
  readonly onProgress?: (step: { readonly direction: 'up' | 'down'; readonly name: string }) => void;
}

const connectTimeoutMs = 10_000;
const undefinedTable = '42P01';
const undefinedSchema = '3F000';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** A session in UTC, closed at the end. */
export const withClient = async <T>(databaseUrl: string, use: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'guildhall-migrate',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query("SET TIME ZONE 'UTC'");
    return await use(client);
  } finally {
    await client.end();
  }
};

const readRecorded = async (client: Client, schema: string): Promise<readonly { name: string; runOn: string }[]> => {
  try {
    const { rows } = await client.query<{ name: string; run_on: string }>(
      `SELECT name, to_char(run_on, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS run_on FROM ${identifier(schema)}.${migrationsTable} ORDER BY name`,
    );
    return rows.map((row) => ({ name: row.name, runOn: row.run_on }));
  } catch (error) {
    if (codeOf(error) === undefinedTable || codeOf(error) === undefinedSchema) return [];
    throw error;
  }
};

const readStatus = async (client: Client, { schema, folder }: MigrationTarget): Promise<readonly MigrationState[]> => {
  const known = readMigrations(folder).map(({ name }) => name);
  const recorded = await readRecorded(client, schema);
  checkHistory(
    `Schema ${schema}`,
    known,
    recorded.map(({ name }) => name),
  );
  return known.map((name) => ({ name, appliedAt: recorded.find((row) => row.name === name)?.runOn ?? null }));
};

/** Every known migration and when it was applied. Throws when the database is newer than the folder. */
export const migrationStatus = (target: MigrationTarget): Promise<readonly MigrationState[]> =>
  withClient(target.databaseUrl, (client) => readStatus(client, target));

/** The names of those that are still to be applied, in their order. */
export const pendingMigrations = async (target: MigrationTarget): Promise<readonly string[]> =>
  (await migrationStatus(target)).filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const runnerOptions = (
  client: Client,
  { schema, folder }: MigrationTarget,
  direction: 'up' | 'down',
  file: string,
): RunnerOption => ({
  dbClient: client,
  dir: folder,
  direction,
  file,
  count: 1,
  schema: identifier(schema),
  createSchema: true,
  migrationsSchema: schema,
  migrationsTable,
  migrationLoaderStrategies: [{ extensions: ['.sql'], loader: 'sql' }],
  noLock: true,
  singleTransaction: false,
  logger: silent,
});

const runOne = async (client: Client, options: MigrateOptions, direction: 'up' | 'down', name: string): Promise<void> => {
  try {
    await runner(runnerOptions(client, options, direction, name));
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Migration ${name} (${direction}) failed in schema ${options.schema}: ${reason}`, { cause });
  }
  options.onProgress?.({ direction, name });
};

const runAll = (
  options: MigrateOptions,
  direction: 'up' | 'down',
  choose: (status: readonly MigrationState[]) => readonly string[],
) =>
  guarded(options, () =>
    withClient(options.databaseUrl, async (client) => {
      const names = choose(await readStatus(client, options));
      for (const name of names) await runOne(client, options, direction, name);
      return names;
    }),
  );

/**
 * Applies what is pending, each file in a transaction of its own, and answers the names. Throws at the first that
 * fails; what went before stays applied. Throws without a change when the database is newer than the folder.
 */
export const migrateUp = (options: MigrateOptions): Promise<readonly string[]> =>
  runAll(options, 'up', (status) =>
    status
      .filter(({ appliedAt }) => appliedAt === null)
      .slice(0, options.count)
      .map(({ name }) => name),
  );

/** Takes back the last `count` migrations, newest first, and answers their names. */
export const migrateDown = (options: MigrateOptions): Promise<readonly string[]> =>
  runAll(options, 'down', (status) =>
    status
      .filter(({ appliedAt }) => appliedAt !== null)
      .slice(-Math.max(1, options.count ?? 1))
      .map(({ name }) => name)
      .toReversed(),
  );
