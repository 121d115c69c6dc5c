import { sql, uncheckedRow } from '@guildhall/db';
import { testKey } from '@guildhall/testkit';
import { lazily } from '@guildhall/testkit/shared-by-worker';
import { decodeProtectedHeader } from 'jose';
import { Type } from 'typebox';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createKeyMaker } from '../../src/clients/signing-keys.ts';
import { createVault } from '../../src/clients/vault.ts';
import { keyRingSecondsMax } from '../../src/core/limits.ts';
import type { RotateKeysParts } from '../../src/core/rotate-keys.ts';
import { createDatabase } from '../../src/store/stores.ts';
import { startFixture, type Fixture, type SignedIn } from './fixture.ts';

/** The parts of a rotation of the fixture's signing keys; `key` seals the keys that it makes. */
export const rotationParts = ({ tables, clock }: Fixture, key: Uint8Array = testKey(9)): RotateKeysParts => ({
  database: createDatabase(tables),
  keyMaker: createKeyMaker(createVault(key)),
  random: { newId: () => crypto.randomUUID() },
  now: clock.now,
});

const StatusRow = uncheckedRow({ kid: Type.String(), status: Type.String() });

/** The signing keys of the fixture, the oldest first. */
export const storedKeys = ({ tables }: Fixture) =>
  tables.connection.any(sql.type(StatusRow)`SELECT kid, status FROM auth.signing_keys ORDER BY created_at`);

/** Removes all signing keys, when no verifier remembers one any more: who signs in next makes the first one. */
const forgetKeys = async ({ tables, clock }: Fixture): Promise<void> => {
  await tables.connection.query(sql.unsafe`DELETE FROM auth.signing_keys`);
  clock.advance(keyRingSecondsMax + 1);
};

/** The id of the key that signed a token. */
export const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';

/** A service that the tests of a file have to themselves, and an account that has signed in by its first key: each test begins with another such key and account. */
export const useFirstKey = (): { readonly fixture: Fixture; readonly ada: SignedIn } => {
  let fixture: Fixture;
  let ada: SignedIn;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    await forgetKeys(fixture);
    ada = await fixture.signUp();
  });
  return { fixture: lazily(() => fixture), ada: lazily(() => ada) };
};
