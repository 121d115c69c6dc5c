import { dataFolder } from './folders.ts';
import { findRunning } from './running.ts';
import { serviceKeyFiles } from './service-keys.ts';
import { sentenceOf } from './shown.ts';

/**
 * `make rebuild-app-users`: runs the command of team-resources on the running stack, or with the settings of the environment where
 * these name a database.
 */
const useRunningStack = (): void => {
  const { databaseUrl, authUrl } = findRunning(dataFolder) ?? {};
  if (databaseUrl === undefined || authUrl === undefined)
    throw new Error('No team stack runs here: make up first, or give DATABASE_URL=…, AUTH_URL=… and the keys of team-resources.');
  Object.assign(process.env, { DATABASE_URL: databaseUrl, AUTH_URL: authUrl, ...serviceKeyFiles(dataFolder, 'team-resources') });
};

try {
  if ((process.env['DATABASE_URL'] ?? '') === '') useRunningStack();
  await import('../../services/team-resources/src/commands/rebuild-app-users.ts');
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
