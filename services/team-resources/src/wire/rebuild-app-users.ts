import { randomUUID } from 'node:crypto';
import { createSharedDatabase, type SharedDatabase } from '@guildhall/db';
import { createLog } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { within } from '@guildhall/repeat';
import { createUserDirectory } from '../clients/user-directory.ts';
import type { RebuildConfig } from '../config.ts';
import { rebuildAppUsers, type RebuildProgress } from '../core/rebuild-app-users.ts';
import { schema } from '../store/fragments.ts';
import { storesOn } from '../store/stores.ts';

const connectTimeoutMs = 10_000;
const applicationName = 'guildhall-rebuild-app-users';

/** Waits for the database. Throws an Error when it does not answer within ten seconds. */
const waitUntilReady = async (database: SharedDatabase): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const resolveIfReady = (): void => void (database.state().status === 'ready' && resolve());
  const unsubscribe = database.onChange(resolveIfReady);
  resolveIfReady();
  const onTimeout = (): void => reject(new Error('The database of DATABASE_URL does not answer.'));
  await within(connectTimeoutMs, promise, onTimeout).finally(unsubscribe);
};

/** Rebuilds the copies of users from auth, beside a running service or without one, and yields after each page. */
export async function* runRebuild(
  { databaseUrl, authUrl, identity }: RebuildConfig,
  startAfter: string | null,
): AsyncGenerator<RebuildProgress> {
  const log = createLog({ service: applicationName, level: 'silent' });
  const database = createSharedDatabase({ url: databaseUrl, schema, applicationName, migrationsExpected: 0, log });
  const directory = createUserDirectory({ authUrl, signer: createInternalSigner({ identity, now: () => new Date() }) });
  try {
    await waitUntilReady(database);
    const { appUsers, erasures } = storesOn(database);
    yield* rebuildAppUsers({ directory, appUsers, erasures, newId: randomUUID, now: database.now }, startAfter);
  } finally {
    await directory.close();
    await database.close();
  }
}
