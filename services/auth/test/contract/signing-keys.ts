import { sql, uncheckedRow } from '@guildhall/db';
import { testKey } from '@guildhall/testkit';
import { decodeProtectedHeader } from 'jose';
import { Type } from 'typebox';
import { createKeyMaker } from '../../src/clients/signing-keys.ts';
import { createVault } from '../../src/clients/vault.ts';
import { keyRingSecondsMax } from '../../src/core/limits.ts';
import type { RotateKeysParts } from '../../src/core/rotate-keys.ts';
import { createDatabase } from '../../src/store/stores.ts';
import type { Fixture } from './fixture.ts';

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
export const forgetKeys = async ({ tables, clock }: Fixture): Promise<void> => {
  await tables.connection.query(sql.unsafe`DELETE FROM auth.signing_keys`);
  clock.advance(keyRingSecondsMax + 1);
};

/** The id of the key that signed a token. */
export const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';
