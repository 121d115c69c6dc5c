import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { readOrCreatePrivateFile } from '@guildhall/files';

const tokenCharactersMin = 32;

/**
 * Reads the token that stands in for a loopback connection from a file that only its user can read, and creates it, with its
 * folder, if there is none. Throws for a token that could be guessed: an empty file would let anyone in.
 */
export const readOrCreateLocalToken = (file: string): string => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const token = readOrCreatePrivateFile(file, () => randomBytes(32).toString('base64url')).trim();
  if (token.length >= tokenCharactersMin) return token;
  throw new Error(
    `The local token in ${file} is shorter than ${tokenCharactersMin} characters. Remove the file: a new one is made.`,
  );
};
