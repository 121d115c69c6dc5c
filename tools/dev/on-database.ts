import { createSharedDatabase, type SharedDatabase } from '@guildhall/db';
import { createLog } from '@guildhall/http';
import { waitFor } from '@guildhall/testkit';

const connectTimeoutMs = 10_000;

/** Runs work on one service's schema of a database. Throws when the database does not answer within ten seconds. */
export const onSchema = async <T>(url: string, schema: string, work: (database: SharedDatabase) => Promise<T>): Promise<T> => {
  const applicationName = `guildhall-launcher-${schema}`;
  const log = createLog({ service: applicationName, level: 'silent' });
  const database = createSharedDatabase({ url, schema, applicationName, migrationsExpected: 0, log });
  try {
    await waitFor(() => database.state().status === 'ready', { what: 'the database to answer', timeoutMs: connectTimeoutMs });
    return await work(database);
  } finally {
    await database.close();
  }
};
