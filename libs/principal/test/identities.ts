import { publicKeyText, readServiceIdentity, type ServiceIdentity } from '../src/index.ts';

const names = ['gateway', 'auth', 'team-resources', 'audit'] as const;
export type Name = (typeof names)[number];

/** The seed of a key, in base64. */
export const seedText = (name: Name, first = 1): string =>
  Buffer.from(Array.from({ length: 32 }, (_byte, at) => first + names.indexOf(name) + 7 * at)).toString('base64');
export const publicLine = (name: Name, first = 1): string =>
  `${name}=${publicKeyText(Buffer.from(seedText(name, first), 'base64'))}`;
export const publicLines = (first = 1): string => names.map((name) => publicLine(name, first)).join('\n');

/** The identity of a process of one installation; another `first`, another installation. */
export const identityOf = (name: Name, first = 1): ServiceIdentity =>
  readServiceIdentity({ SERVICE_KEY: seedText(name, first), SERVICE_PUBLIC_KEYS: publicLines(first) }, name);
