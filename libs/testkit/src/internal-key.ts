import { serviceNames, type CallerName } from '@guildhall/contracts';
import { publicKeyText, readServiceIdentity, type ServiceIdentity } from '@guildhall/principal';

/** A key of 32 bytes that is as little random as `first`, and that settings take for one. */
export const testKey = (first: number): Uint8Array => Uint8Array.from({ length: 32 }, (_byte, at) => (first + 7 * at) % 256);

/** The key that the texts of invites are derived from in tests. */
export const internalKey: Uint8Array = testKey(7);

/** The key in the format of INTERNAL_KEY. */
export const internalKeyBase64 = Buffer.from(internalKey).toString('base64');

const processNames: readonly CallerName[] = ['gateway', ...serviceNames];
const seedOf = (name: CallerName): Uint8Array => testKey(101 + processNames.indexOf(name));

/** Derived once for each worker: a key pair costs more than a request that is signed with it. */
const publicKeys = processNames.map((each) => `${each}=${publicKeyText(seedOf(each))}`).join('\n');

/** SERVICE_KEY and SERVICE_PUBLIC_KEYS of a process in tests, the same in every test. */
export const serviceKeysOf = (name: CallerName): { readonly SERVICE_KEY: string; readonly SERVICE_PUBLIC_KEYS: string } => ({
  SERVICE_KEY: Buffer.from(seedOf(name)).toString('base64'),
  SERVICE_PUBLIC_KEYS: publicKeys,
});

const identities = new Map<CallerName, ServiceIdentity>();

/** The identity that a process reads from these, read once for each worker. */
export const identityOf = (name: CallerName): ServiceIdentity => {
  const identity = identities.get(name) ?? readServiceIdentity(serviceKeysOf(name), name);
  identities.set(name, identity);
  return identity;
};
