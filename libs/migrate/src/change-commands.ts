import {
  countFrom,
  databaseUrlFrom,
  dataFileFrom,
  servicesFrom,
  withFile,
  type Command,
  type CommandInput,
} from './command-input.ts';
import { adoptMigrations, migrateDown, migrateRedo, migrateUp } from './postgres.ts';
import { chooseOne, type MigratedService } from './services.ts';
import { adoptSqliteMigrations } from './sqlite-recorded.ts';
import { migrateSqliteDown, migrateSqliteRedo, migrateSqliteUp } from './sqlite.ts';
import type { Step } from './steps.ts';

const postgresRuns = { up: migrateUp, down: migrateDown, redo: migrateRedo, adopt: adoptMigrations };
const sqliteRuns = {
  up: migrateSqliteUp,
  down: migrateSqliteDown,
  redo: migrateSqliteRedo,
  adopt: adoptSqliteMigrations,
};

/** Prints one line per file, so that a long run shows its progress. */
const change = async (
  run: keyof typeof postgresRuns,
  service: MigratedService,
  input: CommandInput,
): Promise<readonly string[]> => {
  const count = countFrom(input);
  const options = {
    ...(count === undefined ? {} : { count }),
    onProgress: ({ name, direction, tookMs }: Step & { readonly tookMs: number }): void =>
      input.print(`${service.name}: ${name} ${direction} (${tookMs} ms)`),
  };
  if (service.engine === 'sqlite') {
    return withFile(dataFileFrom(input), (db) => sqliteRuns[run](db, service.folder, options));
  }
  return postgresRuns[run]({
    databaseUrl: databaseUrlFrom(input),
    schema: service.schema,
    folder: service.folder,
    ...options,
  });
};

export const up: Command = async (input) => {
  for (const service of servicesFrom(input)) await change('up', service, input);
  input.print(countFrom(input) === undefined ? 'Every migration is applied.' : 'Done: status tells what is still pending.');
};

export const down: Command = async (input) => void (await change('down', chooseOne(input.service, 'down'), input));

export const redo: Command = async (input) => void (await change('redo', chooseOne(input.service, 'redo'), input));

export const adopt: Command = async (input) => {
  for (const service of servicesFrom(input)) {
    const names = await change('adopt', service, input);
    for (const name of names) input.print(`${service.name}: checksums of ${name} taken over`);
  }
  input.print('Every applied migration has its checksums.');
};
