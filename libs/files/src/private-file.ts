import { chmodSync, readFileSync, statSync } from 'node:fs';
import { createFileAtomically } from './atomic-write.ts';

const othersRights = 0o077;

const readIfThere = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  }
};

/**
 * Reads a file that only its user may open; makes it from `make` when it is not there. Of several processes that make
 * it at once, all get the content of the first. Takes the rights of others away from a file that was there.
 */
export const readOrCreatePrivateFile = (file: string, make: () => string): string => {
  const found = readIfThere(file);
  if (found === null) {
    createFileAtomically(file, make());
    return readFileSync(file, 'utf8');
  }
  const { mode } = statSync(file);
  if ((mode & othersRights) !== 0) chmodSync(file, mode & 0o700);
  return found;
};
