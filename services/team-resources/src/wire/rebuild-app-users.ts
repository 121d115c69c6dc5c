import { randomUUID } from 'node:crypto';
import { createSharedDatabase, waitUntilReady } from '@guildhall/db';
import { createLog } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { createUserDirectory } from '../clients/user-directory.ts';
import type { RebuildConfig } from '../config.ts';
import { rebuildAppUsers, type RebuildProgress } from '../core/rebuild-app-users.ts';
import { schema } from '../store/fragments.ts';
import { storesOn } from '../store/stores.ts';

const applicationName = 'guildhall-rebuild-app-users';

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
