import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, serviceSchemas, type ServiceName } from '@guildhall/contracts/service-names';
import { migrateUp, pendingMigrations } from '@guildhall/migrate';
import { migrationsFolder } from '@guildhall/testkit';
import { Client } from 'pg';
import { prepareDatabase, type ServiceUrls } from '../../services/gateway/src/installer/prepare-database.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { passwordsFrom } from './keys.ts';
import { choosePort } from './ports.ts';
import { checkServers } from './settings.ts';
import type { StackOptions } from './stack-options.ts';

export interface SharedDatabaseServer {
  url(): string;
  /** The database URL of each service, with a role of its own; null: the services have none yet. */
  readonly addresses: Readonly<Record<ServiceName, ServiceUrls>> | null;
  /** The embedded server's process; throws when the stack uses a server of someone else. */
  readonly pid: number;
  /** Stops and starts the embedded server on the same port, as an outage would. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** The database of an embedded server that the services share. */
export const databaseName = 'guildhall';

const connectTimeoutMs = 10_000;

/**
 * The shared database with every service's migrations applied: the embedded one unless `databaseUrl` names another. One that
 * is connected later is empty as yet.
 */
export const startSharedDatabase = async (
  options: StackOptions,
  onNote: (line: string) => void,
): Promise<SharedDatabaseServer> => {
  if (options.databaseUrl !== undefined) return useServer(options.databaseUrl, options.queueUrl, onNote);
  const { port, note } = await choosePort('PostgreSQL', options.ports?.postgres ?? 0);
  if (note !== null) onNote(note);
  const dataFolder = join(options.dataFolder, 'postgres');
  const server = await startEmbeddedServer({ dataFolder, port, isDurable: options.isDurable ?? true, onNote });
  try {
    await ensureDatabase(server.url());
    const url = server.url(databaseName);
    const addresses = options.isConnectedLater === true ? null : await tellServices(url, options, onNote);
    return {
      addresses,
      url: () => server.url(databaseName),
      get pid() {
        return server.pid;
      },
      stop: server.stop,
      start: server.start,
      close: server.close,
    };
  } catch (error) {
    await server.close();
    throw error;
  }
};

/** The schemas with their roles first: what is migrated then belongs to them. */
const tellServices = async (databaseUrl: string, { dataFolder, queueUrl }: StackOptions, onNote: (line: string) => void) => {
  const passwordOf = passwordsFrom(join(dataFolder, 'keys', 'roles'));
  await checkServers(databaseUrl, queueUrl);
  const { urls } = await prepareDatabase({ databaseUrl, queueUrl, passwordOf });
  await migrateAll(databaseUrl, onNote);
  return urls;
};

const useServer = async (
  url: string,
  queueUrl: string | undefined,
  onNote: (line: string) => void,
): Promise<SharedDatabaseServer> => {
  onNote('using the database of DATABASE_URL, by the one role that it names');
  await checkServers(url, queueUrl);
  await migrateAll(url, onNote);
  const same: ServiceUrls = { databaseUrl: url, queueUrl: queueUrl ?? url };
  return {
    addresses: { auth: same, 'team-resources': same, audit: same },
    url: () => url,
    get pid(): number {
      return notOurs();
    },
    stop: async () => notOurs(),
    start: async () => notOurs(),
    close: async () => {},
  };
};

const notOurs = (): never => {
  throw new Error('This database server is not ours to stop or start.');
};

/** Makes the services' database on an embedded server that has none yet. */
export const ensureDatabase = async (administrationUrl: string): Promise<void> => {
  const client = new Client({ connectionString: administrationUrl, connectionTimeoutMillis: connectTimeoutMs });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
};

const migrateAll = async (databaseUrl: string, onNote: (line: string) => void): Promise<void> => {
  for (const service of serviceNames) {
    const target = { databaseUrl, schema: serviceSchemas[service], folder: folderOf(service) };
    const pending = await pendingMigrations(target);
    if (pending.length === 0) continue;
    const applied = await migrateUp(target);
    onNote(`${service}: ${applied.length} migrations applied`);
  }
};

const folderOf = (service: ServiceName): string => {
  const folder = migrationsFolder(service);
  if (!existsSync(folder)) throw new Error(`${service} has no migrations in ${folder}.`);
  return folder;
};
