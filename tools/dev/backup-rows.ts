import { serviceNames, serviceSchemas } from '@guildhall/contracts/service-names';
import { pinnedSettings } from '@guildhall/engine';
import { Client, escapeIdentifier } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { createRowSum, type TableDigest } from './backup-format.ts';
import { linesIn } from './lines-in.ts';

export const backupSchemas: readonly string[] = serviceNames.map((service) => serviceSchemas[service]);

const connectTimeoutMs = 10_000;

/** Runs `use` on one session, on whose settings no value's text depends. Throws when the database does not answer within ten seconds. */
export const onSession = async <T>(url: string, use: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'guildhall-backup',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(pinnedSettings);
    return await use(client);
  } finally {
    await client.end();
  }
};

/** Runs `use` on one moment of the database: all that it reads belongs together, also while others write. */
export const atOneMoment = <T>(url: string, use: (client: Client) => Promise<T>): Promise<T> =>
  onSession(url, async (client) => {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await use(client);
    await client.query('COMMIT');
    return result;
  });

const tablesText = `
  SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
  WHERE table_schema = ANY($1) AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'schema\\_migration%' ORDER BY 1`;

/** The tables of the services, `auth.users`, without those in which migrations are recorded. */
export const readTables = async (client: Client): Promise<readonly string[]> =>
  (await client.query<{ name: string }>(tablesText, [backupSchemas])).rows.map(({ name }) => name);

export const quoted = (table: string): string => table.split('.').map(escapeIdentifier).join('.');

/** Reads every row of a table as JSON. It holds one row at a time: the server waits until that is taken. */
export async function* readRows(client: Client, table: string): AsyncGenerator<string> {
  const rows = client.query(copyTo(`COPY (SELECT to_jsonb(t)::text FROM ${quoted(table)} AS t) TO STDOUT`));
  // In JSON every other character that COPY would escape is escaped already.
  for await (const line of linesIn(rows)) yield line.replaceAll(String.raw`\\`, '\\');
}

/** Digests every table of a database. */
export const digestTables = (url: string): Promise<Readonly<Record<string, TableDigest>>> =>
  atOneMoment(url, async (client) => {
    const digests: Record<string, TableDigest> = {};
    for (const table of await readTables(client)) {
      const sum = createRowSum();
      for await (const row of readRows(client, table)) sum.add(row);
      digests[table] = sum.digest();
    }
    return digests;
  });
