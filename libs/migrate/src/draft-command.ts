import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createFileAtomically } from '@guildhall/files';
import type { Client } from 'pg';
import { readSchema, type SchemaModel } from './catalog.ts';
import { databaseUrlFrom, type Command } from './command-input.ts';
import { codeOf, undefinedTable } from './connection.ts';
import { draftMigrations, type Draft } from './draft.ts';
import { withEmptyDatabase } from './empty-database.ts';
import { migrationNames } from './migration-files.ts';
import { identifier } from './names.ts';
import { migrateUp, withClient } from './postgres.ts';
import { chooseOne } from './services.ts';
import { splitStatements } from './statements.ts';
import { UsageError } from './usage-error.ts';

/** Runs the statements of a schema in an order that works: a table may stand before one that it references. */
const runInAnyOrder = async (client: Client, statements: readonly string[]): Promise<void> => {
  let left = statements;
  while (left.length > 0) {
    const waiting: string[] = [];
    let missing: unknown;
    for (const statement of left) {
      try {
        await client.query(statement);
      } catch (error) {
        if (codeOf(error) !== undefinedTable) throw new Error(`schema.sql cannot be read at: ${statement}`, { cause: error });
        missing = error;
        waiting.push(statement);
      }
    }
    if (waiting.length === left.length) throw missing;
    left = waiting;
  }
};

/** Makes the schema that a text describes, and reads it as the catalog describes it. The schema must not exist. */
export const makeSchema = async (client: Client, schema: string, text: string): Promise<SchemaModel> => {
  await client.query(`CREATE SCHEMA ${identifier(schema)}`);
  await runInAnyOrder(client, splitStatements(text));
  return readSchema(client, schema);
};

/** Reads the schema that a text describes: the text is run on an empty database. */
export const modelOfText = (serverUrl: string, schema: string, text: string): Promise<SchemaModel> =>
  withEmptyDatabase(serverUrl, (databaseUrl) => withClient(databaseUrl, (client) => makeSchema(client, schema, text)));

/** Reads the schema that the migrations of a folder lead to. */
export const modelOfMigrations = (serverUrl: string, schema: string, folder: string): Promise<SchemaModel> =>
  withEmptyDatabase(serverUrl, async (databaseUrl) => {
    await migrateUp({ databaseUrl, schema, folder });
    return withClient(databaseUrl, (client) => readSchema(client, schema));
  });

export const textOf = (statements: readonly string[]): string =>
  statements.map((statement) => (statement.startsWith('--') ? `${statement}\n` : `${statement};\n`)).join('');

const reviewNote = '-- Draft from schema.sql: review it, say why in this line.\n';

/**
 * Compares the edited schema.sql with the schema that the migrations lead to, and prints or writes the migration pairs that
 * lead from one to the other.
 */
export const draft: Command = async (input) => {
  const service = chooseOne(input.service, 'draft');
  if (service.engine === 'sqlite')
    throw new UsageError(
      'draft reads schemas of PostgreSQL. SQLite changes few things in place: write the pair with make migrate-new.',
    );
  if (!existsSync(service.schemaFile)) throw new UsageError(`${service.schemaFile} is missing: make generate writes it.`);
  const url = databaseUrlFrom(input);
  const before = await modelOfMigrations(url, service.schema, service.folder);
  const after = await modelOfText(url, service.schema, readFileSync(service.schemaFile, 'utf8'));
  const drafts = draftMigrations(service.schema, before, after);
  if (drafts.length === 0) input.print(`The migrations of ${service.name} lead to schema.sql: there is nothing to draft.`);
  const first = migrationNames(service.folder).length + 1;
  drafts.forEach((one, index) =>
    output(input, path.join(service.folder, `${String(first + index).padStart(4, '0')}_${one.name}`), one),
  );
  if (drafts.length > 0)
    input.print(
      input.isWriting === true
        ? 'Review each pair. make generate then adds their checksums and writes schema.sql: it must come out as you edited it.'
        : 'Nothing was written: WRITE=1 (--write) writes the files.',
    );
};

const output = ({ print, isWriting }: Parameters<Command>[0], stem: string, { up, down }: Draft): void => {
  for (const [direction, statements] of Object.entries({ up, down })) {
    const file = `${stem}.${direction}.sql`;
    const text = `${reviewNote}${textOf(statements)}`;
    if (isWriting === true && !createFileAtomically(file, text, { mode: 0o644, isDurable: false }))
      throw new Error(`${file} is there already.`);
    print(isWriting === true ? path.relative('.', file) : `-- ${path.relative('.', file)}\n${text}`);
  }
};
