import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { publicKeyText } from '@guildhall/principal';
import { processNames } from './service-keys.ts';

/** A new key for each process, and the public halves of all, as settings. */
const keys = processNames.map((name) => ({ name, seed: randomBytes(32) }));
const settings = [
  ...keys.map(({ name, seed }) => [`${name.toUpperCase().replace('-', '_')}_SERVICE_KEY`, seed.toString('base64')]),
  ['SERVICE_PUBLIC_KEYS', keys.map(({ name, seed }) => `${name}=${publicKeyText(seed)}`).join(',')],
];
process.stdout.write(settings.map(([name, value]) => `${name}=${value}\n`).join(''));
