import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const keyBytes = 32;

/** A file that only its user can read, holding a random key in base64; made, whole or not at all, when it is not there. */
export const ensureKeyFile = (file: string): string => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file)) return file;
  const making = `${file}.${process.pid}`;
  writeFileSync(making, randomBytes(keyBytes).toString('base64'), { mode: 0o600 });
  renameSync(making, file);
  return file;
};

/** Passwords that follow from a key file (RFC 5869): the same for the same name as long as the file is there. */
export const passwordsFrom = (file: string): ((name: string) => string) => {
  const key = Buffer.from(readFileSync(ensureKeyFile(file), 'utf8'), 'base64');
  return (name) =>
    Buffer.from(hkdfSync('sha256', key, '', `guildhall launcher password of ${name}`, keyBytes)).toString('base64url');
};
