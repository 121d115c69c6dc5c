import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { withEmptyDatabase } from './empty-database.ts';
import { readMigrations } from './migration-files.ts';
import { identifier } from './names.ts';
import { migrateDown, migrateUp, migrationStatus, type MigrationState } from './postgres.ts';
import { chooseOne, chooseServices, hasMigrations, type MigratedService } from './services.ts';
import { migrateSqliteDown, migrateSqliteUp, sqliteMigrationStatus, type Database } from './sqlite.ts';
import { verifyMigrations, verifySqliteMigrations } from './verify.ts';

export interface CommandInput {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  readonly service: string | undefined;
  readonly count: string | undefined;
  readonly name: string | undefined;
}

type Command = (input: CommandInput) => Promise<void>;

const databaseUrlFrom = ({ env }: CommandInput): string => {
  const url = env['DATABASE_URL'];
  if (url === undefined || url === '') throw new Error('DATABASE_URL is missing: the address of the shared database.');
  return url;
};

const countFrom = ({ count }: CommandInput): number | undefined => {
  if (count === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(count)) throw new Error('--count is a whole number from 1.');
  return Number(count);
};

const withFile = <T>(file: string, use: (db: Database) => T): T => {
  const db = new BetterSqlite(file);
  try {
    db.pragma('busy_timeout = 5000');
    return use(db);
  } finally {
    db.close();
  }
};

/** The gateway migrates its file itself when it starts; without DATA_FILE there is none to look at here. */
const isLeftOut = (service: MigratedService, { env }: CommandInput): boolean =>
  !hasMigrations(service) || (service.engine === 'sqlite' && !env['DATA_FILE']);

const change = async (direction: 'up' | 'down', service: MigratedService, input: CommandInput): Promise<void> => {
  const count = countFrom(input);
  const options = {
    ...(count === undefined ? {} : { count }),
    onProgress: ({ name }: { readonly name: string }): void => input.print(`${service.name}: ${name} ${direction}`),
  };
  const file = input.env['DATA_FILE'];
  if (service.engine === 'sqlite') {
    if (!file) throw new Error('DATA_FILE is missing: the file of the gateway.');
    const run = direction === 'up' ? migrateSqliteUp : migrateSqliteDown;
    withFile(file, (db) => run(db, service.folder, options));
    return;
  }
  const run = direction === 'up' ? migrateUp : migrateDown;
  await run({ databaseUrl: databaseUrlFrom(input), schema: service.schema, folder: service.folder, ...options });
};

const up: Command = async (input) => {
  for (const service of chooseServices(input.service)) if (!isLeftOut(service, input)) await change('up', service, input);
  input.print('Every migration is applied.');
};

const down: Command = (input) => change('down', chooseOne(input.service, 'down'), input);

const statesOf = async (service: MigratedService, input: CommandInput): Promise<readonly MigrationState[]> => {
  if (service.engine === 'sqlite')
    return withFile(input.env['DATA_FILE'] ?? '', (db) => sqliteMigrationStatus(db, service.folder));
  return migrationStatus({ databaseUrl: databaseUrlFrom(input), schema: service.schema, folder: service.folder });
};

const status: Command = async (input) => {
  for (const service of chooseServices(input.service)) {
    if (isLeftOut(service, input)) continue;
    const states = await statesOf(service, input);
    const width = Math.max(...states.map(({ name }) => name.length));
    const pending = states.filter(({ appliedAt }) => appliedAt === null).length;
    input.print(`${service.name}: ${states.length - pending} applied, ${pending} pending`);
    for (const { name, appliedAt } of states) input.print(`  ${name.padEnd(width)}  ${appliedAt ?? 'pending'}`);
  }
};

const writeNew: Command = async (input) => {
  const service = chooseOne(input.service, 'new');
  if (input.name === undefined) throw new Error('new wants --name, in words like add_description_to_scripts.');
  const next = hasMigrations(service) ? readMigrations(service.folder).length + 1 : 1;
  const stem = path.join(service.folder, `${String(next).padStart(4, '0')}_${identifier(input.name)}`);
  mkdirSync(service.folder, { recursive: true });
  for (const direction of ['up', 'down']) {
    writeFileSync(
      `${stem}.${direction}.sql`,
      '-- One change of the schema, every statement repeatable; data changes in a file of their own.\n',
      {
        flag: 'wx',
      },
    );
    input.print(path.relative('.', `${stem}.${direction}.sql`));
  }
};

const schemaHeader = '-- Generated from the migrations by `make generate`: what they lead to. Not run by anything.\n\n';

const newestCatalog = async (service: MigratedService, input: CommandInput): Promise<string> => {
  if (service.engine === 'sqlite') {
    const db = new BetterSqlite(':memory:');
    const catalog = await verifySqliteMigrations(db, service.folder).finally(() => db.close());
    return `${schemaHeader}${catalog}`;
  }
  const catalog = await withEmptyDatabase(databaseUrlFrom(input), (databaseUrl) =>
    verifyMigrations({ databaseUrl, schema: service.schema, folder: service.folder }),
  );
  return `${schemaHeader}${catalog}`;
};

const dump: Command = async (input) => {
  for (const service of chooseServices(input.service).filter(hasMigrations)) {
    writeFileSync(service.schemaFile, await newestCatalog(service, input));
    input.print(path.relative('.', service.schemaFile));
  }
};

const verify: Command = async (input) => {
  for (const service of chooseServices(input.service).filter(hasMigrations)) {
    const catalog = await newestCatalog(service, input);
    const committed = existsSync(service.schemaFile) ? readFileSync(service.schemaFile, 'utf8') : '';
    if (catalog !== committed)
      throw new Error(`${path.relative('.', service.schemaFile)} is not what the migrations lead to: run make generate.`);
    input.print(`${service.name}: ${readMigrations(service.folder).length} migrations lead up, down and up again to schema.sql`);
  }
};

export const commands = { up, down, status, new: writeNew, dump, verify } as const satisfies Record<string, Command>;
export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as CommandName[];
