import { hkdfSync } from 'node:crypto';
import type { Installer } from '../core/installation/parts.ts';
import { prepareDatabase } from '../installer/prepare-database.ts';
import { testDatabase } from '../installer/test-database.ts';

export type CreateInstaller = (encryptionKey: Uint8Array) => Installer;

const passwordBytes = 32;

/** Derives a role's password from the key by HKDF (RFC 5869): preparing a database again yields the same password. */
const passwordsBy =
  (encryptionKey: Uint8Array) =>
  (role: string): string =>
    Buffer.from(hkdfSync('sha256', encryptionKey, '', `guildhall gateway password of role ${role}`, passwordBytes)).toString(
      'base64url',
    );

/** An installer whose roles have passwords derived from the gateway's encryption key. */
export const createInstaller: CreateInstaller = (encryptionKey) => ({
  testDatabase: (address, migrationsExpected) => testDatabase({ ...address, migrationsExpected }),
  prepareDatabase: (address) => prepareDatabase({ ...address, passwordOf: passwordsBy(encryptionKey) }),
});
