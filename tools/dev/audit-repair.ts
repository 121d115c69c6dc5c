import { join } from 'node:path';
import { dataFolder } from './folders.ts';
import { findRunning } from './running.ts';
import { serviceKeyFiles } from './service-keys.ts';
import { sentenceOf } from './shown.ts';

/**
 * `make audit-repair`: runs the command of the gateway on the running stack, or with the settings of the environment where these name
 * audit.
 */
const useRunningStack = (): void => {
  const auditUrl = findRunning(dataFolder)?.services['audit']?.url;
  if (auditUrl === undefined)
    throw new Error('No team stack runs here: make up first, or give AUDIT_URL=…, DATA_FILE=… and the keys of the gateway.');
  const keys = serviceKeyFiles(dataFolder, 'gateway');
  Object.assign(process.env, { AUDIT_URL: auditUrl, DATA_FILE: join(dataFolder, 'solo', 'guildhall.sqlite'), ...keys });
};

try {
  if ((process.env['AUDIT_URL'] ?? '') === '') useRunningStack();
  await import('../../services/gateway/src/commands/audit-repair.ts');
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
