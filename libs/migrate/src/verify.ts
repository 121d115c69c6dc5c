import type { Database } from './sqlite.ts';
import { describeCatalog } from './catalog.ts';
import { readMigrations } from './migration-files.ts';
import { migrateDown, migrateUp } from './postgres.ts';
import type { MigrationTarget } from './guard.ts';
import { describeSqliteCatalog, migrateSqliteDown, migrateSqliteUp } from './sqlite.ts';

/** One way to change and to describe, whatever the engine. */
interface Steps {
  readonly up: () => Promise<readonly string[]>;
  readonly down: () => Promise<readonly string[]>;
  readonly describe: () => Promise<string>;
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

/** Each step up, down and up again, then all the way down: the catalog must be the same at each visit of each step. */
const walk = async ({ up, down, describe }: Steps, names: readonly string[]): Promise<string> => {
  const visited = [await describe()];
  for (const name of names) {
    await up();
    const after = await describe();
    await down();
    expectSame(visited.at(-1) ?? '', await describe(), `${name}.down.sql does not take back what ${name}.up.sql made`);
    await up();
    expectSame(after, await describe(), `${name}.up.sql makes something else the second time`);
    visited.push(after);
  }
  for (const [index, name] of names.toReversed().entries()) {
    await down();
    expectSame(visited.at(-2 - index) ?? '', await describe(), `${name}.down.sql does not lead back on the way down`);
  }
  return visited.at(-1) ?? '';
};

/** On an empty database. Answers the catalog of the newest step; throws an Error that names the file that does not fit. */
export const verifyMigrations = async (target: MigrationTarget): Promise<string> => {
  const names = readMigrations(target.folder).map(({ name }) => name);
  const steps: Steps = {
    up: () => migrateUp({ ...target, count: 1 }),
    down: () => migrateDown({ ...target, count: 1 }),
    describe: () => describeCatalog(target.databaseUrl, target.schema),
  };
  return walk(steps, names);
};

/** The same for SQLite, on an empty database. */
export const verifySqliteMigrations = (db: Database, folder: string): Promise<string> => {
  const names = readMigrations(folder).map(({ name }) => name);
  const steps: Steps = {
    up: async () => migrateSqliteUp(db, folder, { count: 1 }),
    down: async () => migrateSqliteDown(db, folder, { count: 1 }),
    describe: async () => describeSqliteCatalog(db),
  };
  return walk(steps, names);
};
