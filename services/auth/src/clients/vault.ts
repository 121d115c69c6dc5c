import { createHash, createHmac } from 'node:crypto';
import { createVault as createSharedVault, deriveKey, type Vault } from '@guildhall/principal';
import type { SecretHashes } from '../core/random.ts';

export type { Vault } from '@guildhall/principal';

/** Encrypts the secrets in auth's tables. */
export const createVault = (encryptionKey: Uint8Array): Vault => createSharedVault(encryptionKey, 'auth seal');

/** Hashes of secrets: SHA-256 of a secret with 256 bits, HMAC-SHA-256 under a derived key of any other. */
export const createSecretHashes = (encryptionKey: Uint8Array): SecretHashes => {
  const codeKey = deriveKey(encryptionKey, 'auth codes');
  const refreshKey = deriveKey(encryptionKey, 'auth refresh tokens');
  const confirmationKey = deriveKey(encryptionKey, 'auth link confirmations');
  const subjectKey = deriveKey(encryptionKey, 'auth subjects');
  return {
    hashSecret: (secret) => createHash('sha256').update(secret).digest('base64url'),
    hashCode: (email, purpose, code) =>
      createHmac('sha256', codeKey)
        .update(JSON.stringify([purpose, email, code]))
        .digest('base64url'),
    nextSecret: (sessionId, secret) =>
      createHmac('sha256', refreshKey)
        .update(JSON.stringify([sessionId, secret]))
        .digest('base64url'),
    confirmationSecret: (id, secret) =>
      createHmac('sha256', confirmationKey)
        .update(JSON.stringify([id, secret]))
        .digest('base64url'),
    hashSubject: (subject) => createHmac('sha256', subjectKey).update(subject).digest('base64url'),
  };
};
