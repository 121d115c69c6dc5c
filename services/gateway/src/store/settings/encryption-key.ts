import { randomBytes } from 'node:crypto';
import { readOrCreatePrivateFile } from '@guildhall/files';

const keyBytes = 32;

/**
 * Reads the key that seals secrets in the settings from a file that only its user can read, and creates it if there is none.
 * Throws for a file that holds no key.
 */
export const readOrCreateEncryptionKey = (file: string): Uint8Array => {
  const text = readOrCreatePrivateFile(file, () => randomBytes(keyBytes).toString('base64'));
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === keyBytes) return new Uint8Array(key);
  throw new Error(`The key file ${file} holds no key of ${keyBytes} bytes in base64. Bring back the one that was there.`);
};
