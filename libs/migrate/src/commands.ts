import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { detectEngine } from '@guildhall/engine';
import { writeFileAtomically } from '@guildhall/files';
import BetterSqlite from 'better-sqlite3';
import { adopt, down, redo, up } from './change-commands.ts';
import { databaseUrlFrom, type Command, type CommandInput } from './command-input.ts';
import { draft } from './draft-command.ts';
import { withEmptyDatabase } from './empty-database.ts';
import { plan, status } from './look-commands.ts';
import { readMigrations } from './migration-files.ts';
import { isSameSchema } from './same-schema.ts';
import { withClient } from './connection.ts';
import { writeNew } from './new-command.ts';
import { migrateUp } from './postgres.ts';
import { describeSqliteCatalog, migrateSqliteUp } from './sqlite.ts';
import { describeSchema } from './catalog.ts';
import { chooseServices, hasMigrations, type MigratedService } from './services.ts';
import { verifyMigrations, verifySqliteMigrations } from './verify.ts';

const schemaHeader = '-- Generated from the migrations by `make generate`: what they lead to. Not run by anything.\n\n';

/** The catalog to which the migrations lead from an empty database, each run once. */
const newestCatalog = (service: MigratedService, input: CommandInput): Promise<string> | string => {
  if (service.engine === 'sqlite') {
    const db = new BetterSqlite(':memory:');
    try {
      migrateSqliteUp(db, service.folder);
      return describeSqliteCatalog(db);
    } finally {
      db.close();
    }
  }
  const { schema, folder } = service;
  return withEmptyDatabase(databaseUrlFrom(input), async (databaseUrl) => {
    await migrateUp({ databaseUrl, schema, folder });
    return withClient(databaseUrl, (client) => describeSchema(client, schema));
  });
};

/** The catalog of `newestCatalog`, after each migration was run up, down and up again, on empty tables and on rows. */
const verifiedCatalog = (service: MigratedService, input: CommandInput): Promise<string> => {
  const { folder, fixturesFolder } = service;
  if (service.engine === 'sqlite') {
    const db = new BetterSqlite(':memory:');
    return verifySqliteMigrations(db, folder, fixturesFolder).finally(() => db.close());
  }
  const { schema } = service;
  return withEmptyDatabase(databaseUrlFrom(input), (databaseUrl) =>
    verifyMigrations({ databaseUrl, schema, folder, fixturesFolder }),
  );
};

const dump: Command = async (input) => {
  for (const service of chooseServices(input.service).filter(hasMigrations)) {
    const text = `${schemaHeader}${await newestCatalog(service, input)}`;
    writeFileAtomically(service.schemaFile, text, { mode: 0o644, isDurable: false });
    input.print(path.relative('.', service.schemaFile));
  }
};

const isComparable = async (service: MigratedService, input: CommandInput): Promise<boolean> =>
  service.engine === 'sqlite' || (await withClient(databaseUrlFrom(input), detectEngine)).wordsCatalogAsPostgres;

const verify: Command = async (input) => {
  for (const service of chooseServices(input.service).filter(hasMigrations)) {
    const catalog = `${schemaHeader}${await verifiedCatalog(service, input)}`;
    const led = `${service.name}: ${readMigrations(service.folder).length} migrations lead up, down and up again`;
    if (!(await isComparable(service, input))) {
      input.print(`${led}; schema.sql is in PostgreSQL's words and was not compared`);
      continue;
    }
    const committed = existsSync(service.schemaFile) ? readFileSync(service.schemaFile, 'utf8') : '';
    if (!isSameSchema(catalog, committed))
      throw new Error(`${path.relative('.', service.schemaFile)} is not what the migrations lead to: run make generate.`);
    input.print(`${led} to schema.sql`);
  }
};

export const commands = { up, down, redo, status, plan, new: writeNew, draft, adopt, dump, verify } as const satisfies Record<
  string,
  Command
>;
export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as CommandName[];
