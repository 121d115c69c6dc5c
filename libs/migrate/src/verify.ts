import type { Client } from 'pg';
import { describeSchema } from './catalog.ts';
import type { Contents, TableContents } from './contents.ts';
import { readFixtures } from './fixtures.ts';
import type { MigrationTarget } from './target.ts';
import { readMigrations } from './migration-files.ts';
import { bookkeepingTables, identifier } from './names.ts';
import { withClient, withMigrationSession } from './postgres.ts';
import { describeSqliteCatalog, migrateSqliteDown, migrateSqliteUp, type Database } from './sqlite.ts';
import { walk, type MigrationEngine } from './walk.ts';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const asTexts = (columns: readonly string[]): string =>
  columns.map((column) => `CAST(${quoted(column)} AS text) AS ${quoted(column)}`).join(', ');

/**
 * The columns of every table of the schema, in one fixed order. A walk asks for them hundreds of times: from the catalog itself,
 * for the views of information_schema cost ten times as much.
 */
const readColumns = async (client: Client, schema: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT class.relname AS "table", attribute.attname AS "column"
     FROM pg_catalog.pg_class AS class
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
     JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = class.oid
     WHERE namespace.nspname = $1 AND class.relkind IN ('r', 'p') AND attribute.attnum > 0 AND NOT attribute.attisdropped
     ORDER BY class.relname, attribute.attname`,
    [schema],
  );
  const tables = Map.groupBy(rows, ({ table }) => table);
  return new Map(
    [...tables]
      .filter(([table]) => !bookkeepingTables.includes(table))
      .map(([table, columns]) => [table, columns.map(({ column }) => column)] as const),
  );
};

const readPostgresContents = async (client: Client, schema: string): Promise<Contents> => {
  const contents = new Map<string, TableContents>();
  for (const [table, columns] of await readColumns(client, schema)) {
    const { rows } = await client.query<Record<string, string | null>>(
      `SELECT ${asTexts(columns)} FROM ${identifier(schema)}.${quoted(table)}`,
    );
    contents.set(table, { columns, rows });
  }
  return contents;
};

const readSqliteContents = (db: Database): Contents => {
  const tables = db
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .all()
    .map(({ name }) => name)
    .filter((name) => !bookkeepingTables.includes(name));
  const columnsOf = db.prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?) ORDER BY name');
  return new Map(
    tables.map((table) => {
      const columns = columnsOf.all(table).map(({ name }) => name);
      const read = db.prepare<[], Record<string, string | null>>(`SELECT ${asTexts(columns)} FROM ${quoted(table)}`);
      return [table, { columns, rows: read.all() }];
    }),
  );
};

/**
 * Walks through the migrations twice: with empty tables, then with rows in each of them. Throws an Error unless both lead to
 * the same catalog.
 */
const walkTwice = async (engine: MigrationEngine, folder: string, fixturesFolder: string): Promise<string> => {
  const migrations = readMigrations(folder);
  const fixtures = readFixtures(
    fixturesFolder,
    migrations.map(({ name }) => name),
  );
  const catalog = await walk({ engine, migrations, fixtures: null });
  const filled = await walk({ engine, migrations, fixtures });
  if (catalog !== filled) throw new Error(`${folder} leads to another schema when the tables hold rows.`);
  return catalog;
};

export interface VerifyTarget extends MigrationTarget {
  /** The folder of NNNN_words.sql: the rows that exist after the migration of that name. */
  readonly fixturesFolder: string;
}

/**
 * Runs every migration on an empty database, which is left empty: each step up, down and up again, then all the way down,
 * first with empty tables and then with rows in each. Returns the catalog of the newest step; throws an Error that names the
 * file that does not fit.
 */
export const verifyMigrations = ({ fixturesFolder, ...target }: VerifyTarget): Promise<string> =>
  withClient(target.databaseUrl, (client) =>
    withMigrationSession(target, (session) =>
      walkTwice(
        {
          ...session,
          describe: () => describeSchema(client, target.schema),
          execute: (sql) => client.query(sql),
          readContents: () => readPostgresContents(client, target.schema),
          wantsRepeatableFiles: true,
        },
        target.folder,
        fixturesFolder,
      ),
    ),
  );

/**
 * Runs `verifyMigrations` on SQLite. Files need not be repeatable there: SQLite rolls a failed file back whole, and its ADD
 * COLUMN cannot be written repeatably.
 */
export const verifySqliteMigrations = (db: Database, folder: string, fixturesFolder: string): Promise<string> =>
  walkTwice(
    {
      up: async () => migrateSqliteUp(db, folder, { count: 1 }),
      down: async () => migrateSqliteDown(db, folder, { count: 1 }),
      describe: async () => describeSqliteCatalog(db),
      execute: async (sql) => db.exec(sql),
      readContents: async () => readSqliteContents(db),
      wantsRepeatableFiles: false,
    },
    folder,
    fixturesFolder,
  );
