import type { ServiceName } from '@guildhall/contracts';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger, Running } from '@guildhall/http';
import { exchange } from '../exchange.ts';
import { freshDatabase, type FreshDatabase } from '../fresh-database.ts';
import { internalKeyBase64, serviceKeysOf } from '../internal-key.ts';
import { waitFor } from '../wait-for.ts';
import { openTables, untilTablesReady } from './open-tables.ts';
import { createServiceClient, type ServiceClient } from './service-client.ts';
import { catchServiceLog } from './service-log.ts';

export interface ServiceParts<Config> {
  readonly service: ServiceName;
  /** The service's own `readConfig` and `start`. */
  readonly readConfig: (env: NodeJS.ProcessEnv) => Config;
  readonly start: (config: Config, log: Logger) => Promise<Running>;
  /** Settings beside keys and DATABASE_URL, which they may replace. */
  readonly env?: (databaseUrl: string | null) => Readonly<Record<string, string>>;
  /** False: the service starts without a database. */
  readonly isConfigured?: boolean;
  /** The clock by which principals are signed. */
  readonly now?: () => Date;
}

/** A service under test, alone, as its process runs it. */
export interface ServiceUnderTest<Config> extends ServiceClient {
  readonly url: string;
  readonly config: Config;
  readonly database: FreshDatabase | null;
  /** The test's own connections to the service's tables; never ready without a database. */
  readonly tables: SharedDatabase;
  readonly log: Logger;
  readonly lines: string[];
  /** Stops the service alone. */
  stop(): Promise<void>;
  /** Stops the service and removes the database. */
  close(): Promise<void>;
}

/** Starts a service on a database of its own. Returns when it is ready, or at once when it is not configured. */
export const startService = async <Config>(parts: ServiceParts<Config>): Promise<ServiceUnderTest<Config>> => {
  const { service, readConfig, start, env = () => ({}), isConfigured = true, now } = parts;
  const database = isConfigured ? await freshDatabase({ services: [service] }) : null;
  const { lines, log } = catchServiceLog(service);
  const config = readConfig({
    ...serviceKeysOf(service),
    INTERNAL_KEY: internalKeyBase64,
    ...(database === null ? {} : { DATABASE_URL: database.url }),
    ...env(database?.url ?? null),
  });
  const running = await start(config, log);
  const tables = await openTables(service, database?.url ?? null, log);
  if (database !== null) await untilReady({ url: running.url, tables });
  return {
    url: running.url,
    config,
    database,
    tables,
    log,
    lines,
    ...createServiceClient(service, running.url, now),
    stop: () => running.close(),
    close: async () => {
      await running.close();
      await tables.close();
      await database?.drop();
    },
  };
};

/** Waits until a service, and the test, reach the tables. */
export const untilReady = async ({ url, tables }: Pick<ServiceUnderTest<unknown>, 'url' | 'tables'>): Promise<void> => {
  await untilTablesReady(tables);
  await waitFor(async () => (await exchange(`${url}/readyz`)).status === 200, { what: 'the service to be ready' });
};
