import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readOrCreatePrivateFile } from '@guildhall/files';

const keyBytes = 32;

const readOrCreateKey = (file: string): string => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return readOrCreatePrivateFile(file, () => randomBytes(keyBytes).toString('base64'));
};

/** Makes a random key, in base64 in a file that only its user can read, when there is none. Returns the file's name. */
export const ensureKeyFile = (file: string): string => {
  readOrCreateKey(file);
  return file;
};

/** The file of the key that seals auth's secrets. */
export const encryptionKeyFile = (dataFolder: string): string => join(dataFolder, 'keys', 'encryption');

/** Passwords that follow from a key file (RFC 5869): the same for the same name as long as the file is there. */
export const passwordsFrom = (file: string): ((name: string) => string) => {
  const key = Buffer.from(readOrCreateKey(file), 'base64');
  return (name) =>
    Buffer.from(hkdfSync('sha256', key, '', `guildhall launcher password of ${name}`, keyBytes)).toString('base64url');
};
