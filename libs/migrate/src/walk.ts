import { tableSizes, type Contents } from './contents.ts';
import { checkFilled, type Fixtures } from './fixtures.ts';
import type { MigrationFile } from './migration-files.ts';
import { checkRowsAfterDown, checkRowsAfterUp, rowsInserted } from './row-rules.ts';

/** The operations of an engine that a walk through the migrations needs. */
export interface MigrationEngine {
  readonly up: () => Promise<unknown>;
  readonly down: () => Promise<unknown>;
  /** Describes the whole schema; equal texts mean equal schemas. */
  readonly describe: () => Promise<string>;
  readonly execute: (sql: string) => Promise<unknown>;
  readonly readContents: () => Promise<Contents>;
  /** True where a failed transaction does not roll back its schema changes: then every file must be repeatable. */
  readonly wantsRepeatableFiles: boolean;
}

export interface WalkParts {
  readonly engine: MigrationEngine;
  readonly migrations: readonly MigrationFile[];
  /** Null: the tables stay empty. */
  readonly fixtures: Fixtures | null;
}

/** The schema and the rows at one moment. */
interface Moment {
  readonly catalog: string;
  readonly contents: Contents;
}

const firstDifference = (one: string, other: string): string => {
  const lines = one.split('\n');
  const others = other.split('\n');
  const at = lines.findIndex((line, index) => line !== others[index]);
  const index = at === -1 ? lines.length : at;
  return `line ${index + 1}: ${JSON.stringify(lines[index] ?? '')} became ${JSON.stringify(others[index] ?? '')}`;
};

const expectSame = (one: string, other: string, what: string): void => {
  if (one !== other) throw new Error(`${what}: ${firstDifference(one, other)}`);
};

const sizesText = (contents: Contents): string =>
  [...tableSizes(contents)]
    .map(([table, size]) => `${table}: ${size}`)
    .toSorted()
    .join('\n');

/** Reads the rows of every table; none without fixtures. */
const readRows = async ({ engine, fixtures }: WalkParts): Promise<Contents> =>
  fixtures === null ? new Map() : engine.readContents();

const look = async (parts: WalkParts): Promise<Moment> => ({
  catalog: await parts.engine.describe(),
  contents: await readRows(parts),
});

/** Runs a file a second time: nothing may change. */
const repeat = async (parts: WalkParts, file: string, sql: string, first: Moment): Promise<void> => {
  const { engine, fixtures } = parts;
  if (!engine.wantsRepeatableFiles || fixtures === null) return;
  await engine.execute(sql).catch((cause: unknown) => {
    throw new Error(`${file} fails when it is run twice: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  const second = await look(parts);
  expectSame(first.catalog, second.catalog, `${file} makes something else when it is run twice`);
  expectSame(sizesText(first.contents), sizesText(second.contents), `${file} leaves other rows when it is run twice`);
};

const fill = async ({ engine, fixtures }: WalkParts, { name }: MigrationFile): Promise<void> => {
  const text = fixtures?.texts.get(name);
  if (text === undefined) return;
  await engine.execute(text).catch((cause: unknown) => {
    throw new Error(`The fixture ${name}.sql fails: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
};

interface Arrival {
  readonly after: Moment;
  readonly filled: Contents;
  readonly inserted: Contents;
}

const stepUp = async (parts: WalkParts, migration: MigrationFile, before: Contents): Promise<Arrival> => {
  const { engine, fixtures } = parts;
  await engine.up();
  const after = await look(parts);
  checkRowsAfterUp(migration, before, after.contents);
  await repeat(parts, `${migration.name}.up.sql`, migration.upSql, after);
  await fill(parts, migration);
  const filled = await readRows(parts);
  if (fixtures !== null) checkFilled(migration.name, fixtures, filled);
  return { after, filled, inserted: rowsInserted(before, after.contents) };
};

interface Descent {
  readonly filled: Contents;
  readonly inserted: Contents;
  readonly catalog: string;
  readonly complaint: string;
}

const stepDown = async (parts: WalkParts, migration: MigrationFile, { filled, inserted, catalog, complaint }: Descent) => {
  await parts.engine.down();
  const after = await look(parts);
  expectSame(catalog, after.catalog, complaint);
  checkRowsAfterDown(migration, filled, after.contents, inserted);
  await repeat(parts, `${migration.name}.down.sql`, migration.downSql, after);
  return after.contents;
};

/**
 * Runs each step up, down and up again, then all the way down. At each visit of a step the catalog must be the same, and the
 * rows must follow the rules of `row-rules.ts`. Returns the newest catalog; throws an Error that names the file that does not
 * fit.
 */
export const walk = async (parts: WalkParts): Promise<string> => {
  const { engine, migrations } = parts;
  const catalogs = [await engine.describe()];
  const insertedBy: Contents[] = [];
  let contents = await readRows(parts);
  for (const migration of migrations) {
    const first = await stepUp(parts, migration, contents);
    const complaint = `${migration.name}.down.sql does not take back what ${migration.name}.up.sql made`;
    const before = await stepDown(parts, migration, { ...first, catalog: catalogs.at(-1) ?? '', complaint });
    const second = await stepUp(parts, migration, before);
    expectSame(first.after.catalog, second.after.catalog, `${migration.name}.up.sql makes something else the second time`);
    expectSame(sizesText(first.filled), sizesText(second.filled), `${migration.name}.up.sql leads to other rows the second time`);
    catalogs.push(second.after.catalog);
    insertedBy.push(second.inserted);
    contents = second.filled;
  }
  for (const [index, migration] of [...migrations.entries()].toReversed()) {
    const complaint = `${migration.name}.down.sql does not lead back on the way down`;
    const inserted = insertedBy[index] ?? new Map();
    contents = await stepDown(parts, migration, { filled: contents, inserted, catalog: catalogs[index] ?? '', complaint });
  }
  return catalogs.at(-1) ?? '';
};
