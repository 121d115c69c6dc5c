import type { Engine } from '@guildhall/engine';
import { runner, type MigrationBuilder, type RunnerOption } from 'node-pg-migrate';
import type { Client, QueryResult } from 'pg';
import { isConnectionLost, messageOf } from './connection.ts';
import { LeaseLost, type HeldLease } from './hold-lease.ts';
import { fenceStatement } from './lease.ts';
import type { MigrationFile } from './migration-files.ts';
import { checksumsTable, identifier, migrationsTable } from './names.ts';
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

/** The sums and the time it took, by the database's clock. Names and sums are plain: checked where they are read. */
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

/** Counts the statements of the file as the engine sends them, and stops it where the fence says that it is not ours. */
const watchedClient = (run: FileRun, statements: readonly string[]) => {
  const fence = fenceStatement(run.held.lease);
  const state = { next: 0, current: null as number | null };
  const query = async (text: string, values?: unknown[]): Promise<QueryResult> => {
    const isOurs = text.replace(/;$/, '') === statements[state.next];
    state.current = isOurs ? state.next : null;
    if (isOurs) state.next += 1;
    const result = await run.client.query(text, values);
    if (text === fence && result.rowCount !== 1) throw new LeaseLost(run.held.lease);
    state.current = null;
    return result;
  };
  return { client: { query } as unknown as Client, failedAt: () => state.current };
};

const namesOf = (paths: readonly string[]): readonly string[] => [
  ...new Set(paths.map((file) => file.replace(/^.*[/\\]/, '').replace(/\.(?:up|down)\.sql$/, ''))),
];

/** What the engine sends between its own BEGIN and COMMIT; only the file that it is told to run is asked for it. */
const unitsFrom = (run: FileRun, paths: string[], statements: readonly string[]) => {
  const fence = fenceStatement(run.held.lease);
  const action = async (pgm: MigrationBuilder): Promise<void> => {
    const startedAt = await readClock(run.client);
    for (const sql of [fence, ...statements, fence, recordStatement(run, startedAt)]) pgm.sql(sql);
  };
  return namesOf(paths).map((id) => ({
    id,
    filePaths: paths,
    actions: { up: (pgm: MigrationBuilder) => action(pgm), down: (pgm: MigrationBuilder) => action(pgm) },
  }));
};

/**
 * The engine sends, in one transaction: the fence, the statements of the file, the fence again, our record, its record.
 * Twice, because CockroachDB commits at each schema change: there the second one stands in the transaction of the record.
 */
const optionsFor = (run: FileRun, client: Client, statements: readonly string[]): RunnerOption => {
  const { schema } = run.held.lease;
  return {
    dbClient: client,
    dir: run.folder,
    ignorePattern: String.raw`\..*|checksums\.txt`,
    direction: run.direction,
    file: run.file.name,
    count: 1,
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
        loader: async (paths) => unitsFrom(run, paths, statements),
      },
    ],
  };
};

const leftover = ({ engine, file }: FileRun): string =>
  engine.takesSchemaBack
    ? `Nothing of ${file.name} is left in the database, and all before it stays.`
    : `${engine.name} does not take schema changes back: statements before this one may have stayed. They are repeatable, so nothing is to be cleaned up.`;

/** Which statement of which file, in what state the database is, and what to do. */
const failure = (run: FileRun, statements: readonly string[], failedAt: number | null, cause: unknown): Error => {
  const { file, direction, held } = run;
  const at = failedAt === null ? 'while it was recorded' : `at statement ${failedAt + 1} of ${statements.length}`;
  const lines = [`${file.name}.${direction}.sql failed in schema ${held.lease.schema} ${at}: ${messageOf(cause)}`];
  if (failedAt !== null) lines.push(`  ${shortened(statements[failedAt] ?? '')}`);
  lines.push(
    isConnectionLost(cause)
      ? `The connection was cut, so whether this file was recorded only the status tells. Run ${direction} again: it goes on from there.`
      : `${leftover(run)} Put right what the server names, and run ${direction} again: it goes on with ${file.name}.`,
  );
  return new Error(lines.join('\n'), { cause });
};

/** Runs one file and records it, if the lease is still held. Throws LeaseLost, or an Error that names the statement. */
export const runFile = async (run: FileRun): Promise<void> => {
  const statements = splitStatements(sqlOf(run));
  const watched = watchedClient(run, statements);
  try {
    run.held.check();
    await runner(optionsFor(run, watched.client, statements));
  } catch (cause) {
    const failedAt = watched.failedAt();
    await run.client.query('ROLLBACK').catch(() => undefined);
    if (cause instanceof LeaseLost) throw cause;
    throw failure(run, statements, failedAt, cause);
  }
};
