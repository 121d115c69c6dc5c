import { detectEngine, pinnedSettings } from '@guildhall/engine';
import { Client } from 'pg';

const connectTimeoutMs = 10_000;
const keepAliveDelayMs = 5_000;

/** The SQLSTATE of a server error, or the system error code of a lost connection. */
export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const undefinedTable = '42P01';
export const undefinedSchema = '3F000';

/** SQLSTATEs of a concurrent CREATE of the same schema, table, or catalog row. */
const alreadyThere: readonly unknown[] = ['42P06', '42P07', '23505', '42710'];
export const isAlreadyThere = (error: unknown): boolean => alreadyThere.includes(codeOf(error));

/** True if the server ended the session or the connection broke: the outcome of the running statement is unknown. */
export const isConnectionLost = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === undefined
    ? /connection/i.test(messageOf(error))
    : typeof code === 'string' && (/^(?:08|57P0|58C01|25P0[34])/.test(code) || /^E[A-Z]+$/.test(code));
};

/** Opens a session with the pinned settings, in UTC. The caller ends it. */
export const openClient = async (databaseUrl: string): Promise<Client> => {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'guildhall-migrate',
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { migrationSettings } = await detectEngine(client);
    await client.query([pinnedSettings, ...migrationSettings].join('; '));
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
};

/** Runs `use` on a session in UTC and closes it afterwards. */
export const withClient = async <T>(databaseUrl: string, use: (client: Client) => Promise<T>): Promise<T> => {
  const client = await openClient(databaseUrl);
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};
