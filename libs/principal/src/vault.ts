import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** Encryption at rest of secrets, in a database or a file. */
export interface Vault {
  /** AES-256-GCM with a fresh nonce; the text opens only under the same context. */
  seal(text: string, context: string): string;
  /** Throws for a text that was not sealed by this key under this context. */
  open(sealed: string, context: string): string;
}

/** A key for one use only (RFC 5869), so that no two uses of an encryption key can be played against each other. */
export const deriveKey = (encryptionKey: Uint8Array, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', encryptionKey, '', `guildhall ${use}`, keyBytes));

/** Creates a vault whose key is derived from the encryption key for one `use`: a secret opens only in the same use. */
export const createVault = (encryptionKey: Uint8Array, use: string): Vault => {
  const key = deriveKey(encryptionKey, use);
  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed, context) {
      try {
        return decipher(key, Buffer.from(sealed, 'base64url'), context);
      } catch (cause) {
        throw new Error('A sealed text does not open: it was changed, or sealed for another use or by another ENCRYPTION_KEY.', {
          cause,
        });
      }
    },
  };
};

const decipher = (key: Buffer, bytes: Buffer, context: string): string => {
  const opening = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return opening.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + opening.final('utf8');
};
