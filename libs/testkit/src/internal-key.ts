import { serviceNames, type CallerName } from '@guildhall/contracts';
import { publicKeyText, readServiceIdentity, type ServiceIdentity } from '@guildhall/principal';

/** The key that the texts of invites are derived from in tests. */
export const internalKey: Uint8Array = new Uint8Array(32).fill(7);

/** The key in the format of INTERNAL_KEY. */
export const internalKeyBase64 = Buffer.from(internalKey).toString('base64');

const processNames: readonly CallerName[] = ['gateway', ...serviceNames];
const seedOf = (name: CallerName): Uint8Array => new Uint8Array(32).fill(101 + processNames.indexOf(name));

/** SERVICE_KEY and SERVICE_PUBLIC_KEYS of a process in tests, the same in every test. */
export const serviceKeysOf = (name: CallerName): { readonly SERVICE_KEY: string; readonly SERVICE_PUBLIC_KEYS: string } => ({
  SERVICE_KEY: Buffer.from(seedOf(name)).toString('base64'),
  SERVICE_PUBLIC_KEYS: processNames.map((each) => `${each}=${publicKeyText(seedOf(each))}`).join('\n'),
});

/** The identity that a process reads from these. */
export const identityOf = (name: CallerName): ServiceIdentity => readServiceIdentity(serviceKeysOf(name), name);
