import { boundSession, detectEngine, type Engine } from '@guildhall/engine';
import type { Client } from 'pg';
import { withClient } from './connection.ts';
import type { MigrationTarget } from './target.ts';
import { LeaseLost, leaseTimes, withLease, type HeldLease, type LeaseTimes } from './hold-lease.ts';
import { actAsOwner, fenceStatement } from './lease.ts';
import { readMigrations, type MigrationFile } from './migration-files.ts';
import { checkHistory, checksumsTable, identifier } from './names.ts';
import { checkRecorded, readRecorded, statesOf, type MigrationState, type Recorded } from './recorded.ts';
import { retrySerialization } from './retry.ts';
import { runFile } from './run-file.ts';
import { downSteps, redoSteps, upSteps, type Direction, type Step } from './steps.ts';

export { withClient } from './connection.ts';

export interface MigrateOptions extends MigrationTarget {
  /** The largest number of migrations to run. Up: all by default. Down and redo: one by default. */
  readonly count?: number;
  /** Called after each file. */
  readonly onProgress?: (step: { readonly direction: Direction; readonly name: string; readonly tookMs: number }) => void;
  /** Durations of the lease, in place of the usual ones. */
  readonly lease?: LeaseTimes;
}

export interface SchemaStatus {
  readonly engine: Engine;
  readonly states: readonly MigrationState[];
  /** The reason why nothing can be applied or rolled back; null if there is none. */
  readonly fault: string | null;
}

const whereOf = (schema: string): string => `Schema ${schema}`;

const readStatus = async (client: Client, { schema, folder }: MigrationTarget): Promise<readonly MigrationState[]> => {
  const migrations = readMigrations(folder);
  const recorded = await readRecorded(client, schema);
  checkRecorded(whereOf(schema), migrations, recorded);
  return statesOf(migrations, recorded);
};

/** Reads every known migration and when it was applied. Throws an Error if files and database contradict each other. */
export const migrationStatus = (target: MigrationTarget): Promise<readonly MigrationState[]> =>
  withClient(target.databaseUrl, (client) => readStatus(client, target));

const faultOf = (schema: string, migrations: readonly MigrationFile[], recorded: readonly Recorded[]): string | null => {
  try {
    checkRecorded(whereOf(schema), migrations, recorded);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Reads the status for a report, which states a contradiction between files and database as `fault` instead of rejecting. */
export const schemaStatus = ({ databaseUrl, schema, folder }: MigrationTarget): Promise<SchemaStatus> =>
  withClient(databaseUrl, async (client) => {
    const migrations = readMigrations(folder);
    const recorded = await readRecorded(client, schema);
    return {
      engine: await detectEngine(client),
      states: statesOf(migrations, recorded),
      fault: faultOf(schema, migrations, recorded),
    };
  });

/** The names of the pending migrations, in order. */
export const pendingMigrations = async (target: MigrationTarget): Promise<readonly string[]> =>
  (await migrationStatus(target)).filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);

const ensureChecksums = (client: Client, schema: string): Promise<unknown> =>
  client.query(
    `CREATE TABLE IF NOT EXISTS ${identifier(schema)}.${checksumsTable} (
       name text NOT NULL, up_sha256 text NOT NULL, down_sha256 text NOT NULL, took_ms int8,
       CONSTRAINT pk_${checksumsTable} PRIMARY KEY (name))`,
  );

/** Runs `use` while the session holds the lease and may change the schema. */
const withHeldLease = <T>(
  client: Client,
  { databaseUrl, schema, lease = leaseTimes }: MigrateOptions,
  use: (held: HeldLease) => Promise<T>,
): Promise<T> =>
  withLease(
    databaseUrl,
    client,
    schema,
    async (held) => {
      await actAsOwner(client, schema);
      await boundSession(client, lease.durationMs);
      return use(held);
    },
    lease,
  );

type Choose = (states: readonly MigrationState[]) => readonly Step[];

/** Runs the chosen steps under a held lease. */
const runHeld = async (options: MigrateOptions, choose: Choose, client: Client, held: HeldLease): Promise<readonly Step[]> => {
  // Read again: whoever held the lease before may have done it all.
  const steps = choose(await readStatus(client, options));
  if (steps.length > 0) await ensureChecksums(client, options.schema);
  const engine = await detectEngine(client);
  const migrations = readMigrations(options.folder);
  for (const { direction, name } of steps) {
    const file = migrations.find((one) => one.name === name);
    if (file === undefined) throw new Error(`${name} is gone from ${options.folder} while it was being run.`);
    const startedAt = performance.now();
    await runFile({ client, engine, held, folder: options.folder, file, direction });
    options.onProgress?.({ direction, name, tookMs: Math.round(performance.now() - startedAt) });
  }
  return steps;
};

/** Runs the chosen steps on one session: a connection costs more than most files. */
const runSteps = (options: MigrateOptions, choose: Choose): Promise<readonly Step[]> =>
  withClient(options.databaseUrl, async (client) => {
    if (choose(await readStatus(client, options)).length === 0) return [];
    return withHeldLease(client, options, (held) => runHeld(options, choose, client, held));
  });

const namesOf = (steps: readonly Step[]): readonly string[] => steps.map(({ name }) => name);

/**
 * Applies the pending migrations, each file in its own transaction, and returns their names. Any number of processes may do so
 * at once: one does the work, the others wait and find it done. Throws at the first file that fails; earlier files stay
 * applied. Throws without a change if files and database contradict each other.
 */
export const migrateUp = async (options: MigrateOptions): Promise<readonly string[]> =>
  namesOf(await runSteps(options, (states) => upSteps(states, options.count)));

/** Rolls back the last `count` migrations, newest first, and returns their names. */
export const migrateDown = async (options: MigrateOptions): Promise<readonly string[]> =>
  namesOf(await runSteps(options, (states) => downSteps(states, options.count)));

/** Applies or rolls back one migration at a time, many times, under one lease. */
export interface MigrationSession {
  /** Applies the next migration. */
  up(): Promise<unknown>;
  /** Rolls back the last migration. */
  down(): Promise<unknown>;
}

/** Runs `use` while holding the schema's lease. Throws LeaseLost. */
export const withMigrationSession = <T>(options: MigrateOptions, use: (session: MigrationSession) => Promise<T>): Promise<T> =>
  withClient(options.databaseUrl, (client) =>
    withHeldLease(client, options, (held) =>
      use({
        up: () => runHeld(options, (states) => upSteps(states, 1), client, held),
        down: () => runHeld(options, (states) => downSteps(states, 1), client, held),
      }),
    ),
  );

/** Rolls back the last `count` migrations and applies them again, under one lease; returns their names. */
export const migrateRedo = async (options: MigrateOptions): Promise<readonly string[]> =>
  namesOf((await runSteps(options, (states) => redoSteps(states, options.count))).filter(({ direction }) => direction === 'up'));

/**
 * Records the checksums of the current files in a database that was migrated before checksums were kept, and returns the
 * names. Throws an Error if the recorded names are not those of the files.
 */
export const adoptMigrations = (options: MigrateOptions): Promise<readonly string[]> => {
  const migrations = readMigrations(options.folder);
  const unknownIn = async (client: Client): Promise<readonly MigrationFile[]> => {
    const recorded = await readRecorded(client, options.schema);
    checkHistory(whereOf(options.schema), migrations, recorded);
    const unknown = recorded.filter(({ upChecksum }) => upChecksum === null).map(({ name }) => name);
    return migrations.filter(({ name }) => unknown.includes(name));
  };
  return withClient(options.databaseUrl, async (client) =>
    (await unknownIn(client)).length === 0 ? [] : withHeldLease(client, options, (held) => adopt(client, held, unknownIn)),
  );
};

const adopt = async (
  client: Client,
  held: HeldLease,
  unknownIn: (client: Client) => Promise<readonly MigrationFile[]>,
): Promise<readonly string[]> => {
  await ensureChecksums(client, held.lease.schema);
  const files = await unknownIn(client);
  const rollBack = (): Promise<unknown> => client.query('ROLLBACK').catch(() => undefined);
  try {
    await retrySerialization(() => recordChecksums(client, held, files), rollBack);
  } catch (error) {
    await rollBack();
    throw error;
  }
  return files.map(({ name }) => name);
};

/** Records the checksums of the files in one fenced transaction. Throws LeaseLost. */
const recordChecksums = async (client: Client, { lease }: HeldLease, files: readonly MigrationFile[]): Promise<void> => {
  await client.query('BEGIN');
  if ((await client.query(fenceStatement(lease))).rowCount !== 1) throw new LeaseLost(lease);
  for (const { name, upChecksum, downChecksum } of files) {
    await client.query(
      `INSERT INTO ${identifier(lease.schema)}.${checksumsTable} (name, up_sha256, down_sha256) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO NOTHING`,
      [name, upChecksum, downChecksum],
    );
  }
  await client.query('COMMIT');
};
