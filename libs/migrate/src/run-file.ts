import type { Engine } from '@guildhall/engine';
import type { MigrationBuilder, RunnerOption } from 'node-pg-migrate';
import type { Client } from 'pg';
import { isConnectionLost, messageOf } from './connection.ts';
import { LeaseLost, type HeldLease } from './hold-lease.ts';
import { fenceStatement } from './lease.ts';
import type { MigrationFile } from './migration-files.ts';
import { checksumsTable, identifier, migrationsTable } from './names.ts';
import { retrySerialization } from './retry.ts';
import type { Direction } from './steps.ts';
import { shortened, splitStatements } from './statements.ts';

export interface FileRun {
  readonly client: Client;
  readonly engine: Engine;
  readonly held: HeldLease;
  readonly folder: string;
  readonly file: MigrationFile;
  readonly direction: Direction;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const sqlOf = ({ file, direction }: FileRun): string => (direction === 'up' ? file.upSql : file.downSql);

/**
 * The statement that records checksums and duration, by the database's clock. Names and checksums need no quoting: both are
 * checked when they are read.
 */
const recordStatement = ({ held, file, direction }: FileRun, startedAt: string): string => {
  const table = `${identifier(held.lease.schema)}.${checksumsTable}`;
  if (direction === 'down') return `DELETE FROM ${table} WHERE name = '${file.name}';`;
  return `INSERT INTO ${table} (name, up_sha256, down_sha256, took_ms)
    VALUES ('${file.name}', '${file.upChecksum}', '${file.downChecksum}',
            (extract(epoch FROM clock_timestamp() - '${startedAt}'::timestamptz) * 1000)::int8)
    ON CONFLICT (name) DO UPDATE SET up_sha256 = excluded.up_sha256, down_sha256 = excluded.down_sha256, took_ms = excluded.took_ms;`;
};

const readClock = async (client: Client): Promise<string> =>
  (await client.query<{ now: string }>('SELECT clock_timestamp()::text AS now')).rows[0]?.now ?? '';

/** Proves that the lease is still held and locks the fence row, so that a successor waits for this transaction. Throws LeaseLost. */
const passFence = async ({ client, held: { lease } }: FileRun): Promise<void> => {
  if ((await client.query(fenceStatement(lease))).rowCount !== 1) throw new LeaseLost(lease);
};

/** The statement that runs now, counted from 0; null before the first and after the last. */
interface Progress {
  current: number | null;
}

/**
 * Opens a transaction and runs the fence, the statements of the file, the fence again and the checksum record. It leaves
 * the transaction open for the engine's own record. CockroachDB commits at each schema change and leaves no transaction
 * open, so a new one begins there before the second fence: both records always stand in a fenced transaction.
 */
const runStatements = async (run: FileRun, statements: readonly string[], progress: Progress): Promise<void> => {
  const { client, engine } = run;
  await client.query('BEGIN');
  await passFence(run);
  const startedAt = await readClock(client);
  for (const [index, statement] of statements.entries()) {
    progress.current = index;
    await client.query(statement);
  }
  progress.current = null;
  if (!engine.takesSchemaBack) {
    // COMMIT without a transaction is a warning there, BEGIN within one an error: a file without schema changes has one open.
    await client.query('COMMIT');
    await client.query('BEGIN');
  }
  await passFence(run);
  await client.query(recordStatement(run, startedAt));
};

const namesOf = (paths: readonly string[]): readonly string[] => [
  ...new Set(paths.map((file) => file.replace(/^.*[/\\]/, '').replace(/\.(?:up|down)\.sql$/, ''))),
];

/**
 * The options of node-pg-migrate for one pair of files; `file` lets it run only that one. The order is checked here, with
 * checksums, before the engine is called.
 */
const optionsFor = (run: FileRun, action: (pgm: MigrationBuilder) => Promise<void>): RunnerOption => {
  const { schema } = run.held.lease;
  return {
    dbClient: run.client,
    dir: run.folder,
    // It sorts whatever it is shown, for each file anew.
    ignorePattern: String.raw`(?!${run.file.name}\.(?:up|down)\.sql$).*`,
    direction: run.direction,
    file: run.file.name,
    count: 1,
    checkOrder: false,
    schema: identifier(schema),
    createSchema: false,
    migrationsSchema: schema,
    migrationsTable,
    noLock: true,
    singleTransaction: false,
    logger: silent,
    migrationLoaderStrategies: [
      {
        extensions: ['.sql'],
        // Two functions: by their identity the engine knows whether to record or to remove.
        loader: async (paths) =>
          namesOf(paths).map((id) => ({
            id,
            filePaths: paths,
            actions: { up: (pgm: MigrationBuilder) => action(pgm), down: (pgm: MigrationBuilder) => action(pgm) },
          })),
      },
    ],
  };
};

/** Runs one file and records it, in one transaction. */
const runOnce = async (run: FileRun, statements: readonly string[], progress: Progress): Promise<void> => {
  run.held.check();
  // Loaded when there is something to migrate, which most starts of a service have not.
  const { runner } = await import('node-pg-migrate');
  await runner(
    optionsFor(run, async (pgm) => {
      // The transaction is ours: the engine could not fence it.
      pgm.noTransaction();
      await runStatements(run, statements, progress);
    }),
  );
  await run.client.query('COMMIT');
};

const leftover = ({ engine, file }: FileRun): string =>
  engine.takesSchemaBack
    ? `Nothing of ${file.name} is left in the database, and all before it stays.`
    : `${engine.name} does not take schema changes back: statements before this one may have stayed. They are repeatable, so nothing is to be cleaned up.`;

/** The error of a failed file: which statement failed, in what state the database is, and what to do. */
const failure = (run: FileRun, statements: readonly string[], failedAt: number | null, cause: unknown): Error => {
  const { file, direction, held } = run;
  const at = failedAt === null ? 'while it was recorded' : `at statement ${failedAt + 1} of ${statements.length}`;
  const lines = [`${file.name}.${direction}.sql failed in schema ${held.lease.schema} ${at}: ${messageOf(cause)}`];
  if (failedAt !== null) lines.push(`  ${shortened(statements[failedAt] ?? '')}`);
  lines.push(
    isConnectionLost(cause)
      ? `The connection was lost: the status tells whether this file was recorded. Run ${direction} again: it continues from there.`
      : `${leftover(run)} Put right what the server names, and run ${direction} again: it goes on with ${file.name}.`,
  );
  return new Error(lines.join('\n'), { cause });
};

/**
 * Runs one file and records it, if the lease is still held. Repeats it after a serialization failure, which rolled it back.
 * Throws LeaseLost, or an Error that names the statement.
 */
export const runFile = async (run: FileRun): Promise<void> => {
  const statements = splitStatements(sqlOf(run));
  const progress: Progress = { current: null };
  const rollBack = (): Promise<unknown> => run.client.query('ROLLBACK').catch(() => undefined);
  try {
    await retrySerialization(() => runOnce(run, statements, progress), rollBack);
  } catch (cause) {
    const failedAt = progress.current;
    await rollBack();
    if (cause instanceof LeaseLost) throw cause;
    throw failure(run, statements, failedAt, cause);
  }
};
