import { dataFolder } from './folders.ts';
import { encryptionKeyFile } from './keys.ts';
import { findRunning } from './running.ts';
import { sentenceOf } from './shown.ts';

/**
 * `make rotate-keys [NOW=1]`: runs the command of auth on the running stack, or with the settings of the environment where these
 * name a database.
 */
const useRunningStack = (): void => {
  const { databaseUrl } = findRunning(dataFolder) ?? {};
  if (databaseUrl === undefined)
    throw new Error('No team stack runs here: make up first, or give DATABASE_URL=… and the ENCRYPTION_KEY of auth.');
  Object.assign(process.env, { DATABASE_URL: databaseUrl, ENCRYPTION_KEY_FILE: encryptionKeyFile(dataFolder) });
};

try {
  if ((process.env['DATABASE_URL'] ?? '') === '') useRunningStack();
  await import('../../services/auth/src/commands/rotate-keys.ts');
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
