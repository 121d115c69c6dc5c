import { escapeIdentifier } from 'pg';
import { onSession } from './backup-rows.ts';
import { databaseName } from './shared-database.ts';
import { compactTime } from './solo-file.ts';

/** The database that is replaced. */
interface Former {
  /** Its present name; null where there was none. */
  readonly kept: string | null;
  /** Whether it holds no table, of a service or of anybody else. */
  readonly isEmpty: boolean;
}

const tableText = `
  SELECT 1 FROM information_schema.tables
  WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'crdb_internal', 'pg_extension') LIMIT 1`;

const isEmptyAt = (url: string): Promise<boolean> =>
  onSession(url, async (client) => (await client.query(tableText)).rows.length === 0);

/** Puts an empty database in place of the stack's. */
const makeRoom = (administrationUrl: string): Promise<Former> =>
  onSession(administrationUrl, async (client) => {
    const kept = `${databaseName}_replaced_${compactTime(new Date()).replaceAll(/\D/g, '')}`;
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    const isEmpty = rowCount === 1 && (await isEmptyAt(new URL(`/${databaseName}`, administrationUrl).href));
    if (rowCount === 1)
      await client.query(`ALTER DATABASE ${escapeIdentifier(databaseName)} RENAME TO ${escapeIdentifier(kept)}`);
    await client.query(`CREATE DATABASE ${escapeIdentifier(databaseName)}`);
    return { kept: rowCount === 1 ? kept : null, isEmpty };
  });

/** Removes what was restored in part, and gives the kept database its name back. */
const takeBack = (administrationUrl: string, kept: string | null): Promise<void> =>
  onSession(administrationUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(databaseName)}`);
    if (kept !== null) await client.query(`ALTER DATABASE ${escapeIdentifier(kept)} RENAME TO ${escapeIdentifier(databaseName)}`);
  });

export interface ReplaceParts<T> {
  /** The address of another database of the same server, by a role that may make databases. */
  readonly administrationUrl: string;
  /** Fills the new, empty database. When it rejects, the former one gets its name back. */
  readonly fill: () => Promise<T>;
  readonly onNote: (line: string) => void;
}

export interface Replaced<T> {
  readonly filled: T;
  /** The present name of the former database; null where there was none, or nothing in it. */
  readonly kept: string | null;
}

const drop = (administrationUrl: string, name: string): Promise<unknown> =>
  onSession(administrationUrl, (client) => client.query(`DROP DATABASE ${escapeIdentifier(name)}`));

/** Fills an empty database in place of the stack's, which nothing may use meanwhile. That one is kept under another name, unless it is empty, too. */
export const replaceDatabase = async <T>({ administrationUrl, fill, onNote }: ReplaceParts<T>): Promise<Replaced<T>> => {
  const { kept, isEmpty } = await makeRoom(administrationUrl);
  if (kept !== null && !isEmpty) onNote(`The present database is called ${kept} from now on.`);
  const filled = await fill().catch(async (error: unknown) => {
    await takeBack(administrationUrl, kept);
    if (kept !== null && !isEmpty) onNote(`It has its name back: ${databaseName}.`);
    throw error;
  });
  if (kept === null || !isEmpty) return { filled, kept };
  await drop(administrationUrl, kept);
  return { filled, kept: null };
};
