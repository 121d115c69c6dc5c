import { randomUUID } from 'node:crypto';
import { createSharedDatabase, waitUntilReady } from '@guildhall/db';
import { createLog } from '@guildhall/http';
import { random } from '../clients/random.ts';
import { createKeyMaker } from '../clients/signing-keys.ts';
import { createVault } from '../clients/vault.ts';
import type { RotateConfig } from '../config.ts';
import { createReplaceKeys, createRotateKeys, type KeyReplacement, type KeyRotation } from '../core/rotate-keys.ts';
import { createDatabase, schema } from '../store/stores.ts';

const applicationName = 'guildhall-rotate-keys';

export interface KeyCommands {
  rotate(): Promise<KeyRotation>;
  replace(): Promise<KeyReplacement>;
}

/** Runs work on the signing keys of a database, beside running services or without one. */
export const withKeys = async <T>(
  { databaseUrl, encryptionKey }: RotateConfig,
  work: (keys: KeyCommands) => Promise<T>,
): Promise<T> => {
  const log = createLog({ service: applicationName, level: 'silent' });
  const shared = createSharedDatabase({ url: databaseUrl, schema, applicationName, migrationsExpected: 0, log });
  const keyMaker = createKeyMaker(createVault(encryptionKey));
  const requestId = `rotate-keys-${randomUUID()}`;
  try {
    await waitUntilReady(shared);
    const parts = { database: createDatabase(shared), keyMaker, random, now: shared.now };
    return await work({
      rotate: () => createRotateKeys(parts)(requestId),
      replace: () => createReplaceKeys(parts)(requestId),
    });
  } finally {
    await shared.close();
  }
};
