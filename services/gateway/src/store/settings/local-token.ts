import { randomBytes } from 'node:crypto';
import { readOrCreatePrivateFile } from '@guildhall/files';

const tokenCharactersMin = 32;

/**
 * The token that stands in for being on this machine, from a file that only its user can read; made when it is not
 * there. Throws for a token that could be guessed: an empty file would let anyone in.
 */
export const readOrCreateLocalToken = (file: string): string => {
  const token = readOrCreatePrivateFile(file, () => randomBytes(32).toString('base64url')).trim();
  if (token.length >= tokenCharactersMin) return token;
  throw new Error(
    `The local token in ${file} is shorter than ${tokenCharactersMin} characters. Remove the file: a new one is made.`,
  );
};
