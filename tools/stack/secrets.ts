import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, serviceSchemas } from '@guildhall/contracts';
import { createFileAtomically, writeFileAtomically } from '@guildhall/files';
import { publicKeyText } from '@guildhall/principal';
import { processNames } from '../dev/service-keys.ts';

/** The folders of a stack: its secrets, the mails that were caught, and the setup token while it is good. */
const stackFolders = ['secrets', 'mails', 'setup'] as const;

const keyBytes = 32;
const newKey = (): string => randomBytes(keyBytes).toString('base64');
const newPassword = (): string => randomBytes(keyBytes).toString('base64url');
/** The roles that `services/gateway/src/installer/roles.ts` makes in the database guildhall. */
const databaseAddress = (user: string, password: string): string => `postgres://${user}:${password}@database:5432/guildhall`;

/**
 * Makes the secrets of docker-compose.yml that are not there yet, each a file; what is there stays. Containers run as users of their own
 * and read the files in their folder, which nobody else on this machine may enter.
 */
export const ensureStackSecrets = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  for (const name of stackFolders) {
    mkdirSync(join(folder, name), { recursive: true });
    // Auth and the mail catcher write as users whom this machine may not know.
    chmodSync(join(folder, name), name === 'secrets' ? 0o755 : 0o777);
  }
  const fileOf = (name: string): string => join(folder, 'secrets', name);
  const ensure = (name: string, make: () => string): string => {
    const file = fileOf(name);
    if (!existsSync(file)) createFileAtomically(file, make());
    chmodSync(file, 0o444);
    return readFileSync(file, 'utf8');
  };

  const keys = processNames.map(
    (name) => `${name}=${publicKeyText(Buffer.from(ensure(`${name}-service-key`, newKey), 'base64'))}\n`,
  );
  writeFileAtomically(fileOf('service-public-keys'), keys.join(''), { mode: 0o444 });
  for (const name of ['gateway-encryption-key', 'auth-encryption-key', 'audit-encryption-key', 'internal-key'])
    ensure(name, newKey);

  const admin = ensure('database-admin-password', newPassword);
  ensure('database-admin-url', () => databaseAddress('postgres', admin));
  for (const name of serviceNames)
    ensure(`${name}-database-url`, () => databaseAddress(`guildhall_${serviceSchemas[name]}`, newPassword()));

  const configuration = ensure(
    'valkey-configuration',
    () => `requirepass ${newPassword()}\nappendonly yes\nmaxmemory-policy noeviction\n`,
  );
  ensure('queue-url', () => `redis://:${/^requirepass (.*)$/m.exec(configuration)?.[1] ?? ''}@valkey:6379`);
};
