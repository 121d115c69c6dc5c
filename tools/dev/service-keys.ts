import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type CallerName } from '@guildhall/contracts';
import { writeFileAtomically } from '@guildhall/files';
import { publicKeyText } from '@guildhall/principal';
import { ensureKeyFile } from './keys.ts';

export const processNames: readonly CallerName[] = ['gateway', ...serviceNames];
const keyFile = (dataFolder: string, name: CallerName): string => join(dataFolder, 'keys', `service-${name}`);
const publicKeysFile = (dataFolder: string): string => join(dataFolder, 'keys', 'service-public-keys');

/** The settings by which a process finds its own key and the public keys of all. */
export const serviceKeyFiles = (dataFolder: string, name: CallerName) => ({
  SERVICE_KEY_FILE: keyFile(dataFolder, name),
  SERVICE_PUBLIC_KEYS_FILE: publicKeysFile(dataFolder),
});

/** Makes the key of each process that has none, and writes the public keys anew: a key file that was removed is one rotated. */
export const ensureServiceKeys = (dataFolder: string): void => {
  const lines = processNames.map((name) => {
    const text = readFileSync(ensureKeyFile(keyFile(dataFolder, name)), 'utf8');
    return `${name}=${publicKeyText(Buffer.from(text, 'base64'))}\n`;
  });
  writeFileAtomically(publicKeysFile(dataFolder), lines.join(''));
};
