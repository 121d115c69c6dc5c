import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
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
