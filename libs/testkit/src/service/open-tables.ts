import { serviceSchemas, type ServiceName } from '@guildhall/contracts';
import { createSharedDatabase, type DatabaseLog, type SharedDatabase } from '@guildhall/db';
import { waitFor } from '../wait-for.ts';

const silent: DatabaseLog = { info: () => undefined, warn: () => undefined };

/** Thousands of rows that a test puts into tables take longer than a service gives a statement, on a busy machine. */
const preparationTimeoutMs = 30_000;

/** Connects a test to the tables of a service, whatever migrations they have. Null: connects to nothing. Returns when it is ready. */
export const openTables = async (
  service: ServiceName,
  url: string | null,
  log: DatabaseLog = silent,
): Promise<SharedDatabase> => {
  const schema = serviceSchemas[service];
  const tables = createSharedDatabase({
    url,
    schema,
    applicationName: `${service}-test`,
    migrationsExpected: 0,
    statementTimeoutMs: preparationTimeoutMs,
    log,
  });
  if (url !== null) await untilTablesReady(tables);
  return tables;
};

export const untilTablesReady = async ({ state }: Pick<SharedDatabase, 'state'>): Promise<void> =>
  void (await waitFor(() => state().status === 'ready', { what: 'the test to reach the tables' }));
