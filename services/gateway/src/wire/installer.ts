import { hkdfSync } from 'node:crypto';
import type { Installer } from '../core/installation/parts.ts';
import { prepareDatabase } from '../installer/prepare-database.ts';
import { testDatabase } from '../installer/test-database.ts';

export type CreateInstaller = (encryptionKey: Uint8Array) => Installer;

const passwordBytes = 32;

/** The same for the same role and key (RFC 5869): preparing a database again locks nobody out. */
const passwordsBy =
  (encryptionKey: Uint8Array) =>
  (role: string): string =>
    Buffer.from(hkdfSync('sha256', encryptionKey, '', `guildhall gateway password of role ${role}`, passwordBytes)).toString(
      'base64url',
    );

/** Looks at databases and prepares them, with roles whose passwords follow from the gateway's encryption key. */
export const createInstaller: CreateInstaller = (encryptionKey) => ({
  testDatabase: (address, migrationsExpected) => testDatabase({ ...address, migrationsExpected }),
  prepareDatabase: (address) => prepareDatabase({ ...address, secretOf: passwordsBy(encryptionKey) }),
});
