import { readFileSync } from 'node:fs';
import { refusePlaceholderIn } from '@guildhall/resources/placeholder';
import BetterSqlite from 'better-sqlite3';
import { chooseServices, hasMigrations, type MigratedService } from './services.ts';
import type { Database } from './sqlite-recorded.ts';
import { UsageError } from './usage-error.ts';

export interface CommandInput {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  readonly service: string | undefined;
  readonly count: string | undefined;
  readonly name: string | undefined;
  /** `plan` prints the SQL that down would run. */
  readonly isDown?: boolean;
  /** `draft` writes the files instead of printing them. */
  readonly isWriting?: boolean;
}

export type Command = (input: CommandInput) => Promise<void>;

/** The text of the file that a variable names: a deployment's secret. */
const readNamedFile = (name: string, file: string | undefined): string | undefined => {
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { cause: error });
  }
};

export const databaseUrlFrom = ({ env }: CommandInput): string => {
  const url = env['DATABASE_URL'] || readNamedFile('DATABASE_URL_FILE', env['DATABASE_URL_FILE']);
  if (url === undefined || url === '') throw new UsageError('DATABASE_URL is missing: the address of the shared database.');
  try {
    refusePlaceholderIn('DATABASE_URL', url);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
  return url;
};

export const dataFileFrom = ({ env }: CommandInput): string => {
  const file = env['DATA_FILE'];
  if (file === undefined || file === '') throw new UsageError('DATA_FILE is missing: the file of the gateway.');
  return file;
};

export const countFrom = ({ count }: CommandInput): number | undefined => {
  if (count === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(count)) throw new UsageError('--count is a whole number from 1.');
  return Number(count);
};

const busyTimeoutMs = 5_000;

export const withFile = <T>(file: string, use: (db: Database) => T): T => {
  const db = new BetterSqlite(file);
  try {
    db.pragma(`busy_timeout = ${busyTimeoutMs}`);
    return use(db);
  } finally {
    db.close();
  }
};

/**
 * True for a service without migrations, and for the gateway without DATA_FILE unless it is named: it migrates its file itself
 * when it starts.
 */
const isLeftOut = (service: MigratedService, { env, service: named }: CommandInput): boolean =>
  !hasMigrations(service) || (service.engine === 'sqlite' && named === undefined && !env['DATA_FILE']);

/** The services to run a command on: the named one, or every one that has a database. */
export const servicesFrom = (input: CommandInput): readonly MigratedService[] =>
  chooseServices(input.service).filter((service) => !isLeftOut(service, input));
