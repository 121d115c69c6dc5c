import { createPrivateKey, createPublicKey, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { serviceNames, type CallerName } from '@guildhall/contracts';
import { readSecret, readText } from './read-secret.ts';

/** A process of the installation: the key pair by which it signs, and the public keys of all of them. */
export interface ServiceIdentity {
  readonly name: CallerName;
  readonly privateKey: KeyObject;
  /** The id of its key, the thumbprint of its public half (RFC 7638). */
  readonly keyId: string;
  readonly publicKeys: ServicePublicKeys;
}

/** The public keys of each process by key id. A process has two while its key is rotated. */
export type ServicePublicKeys = Readonly<Record<CallerName, ReadonlyMap<string, KeyObject>>>;

/** An identity in place of one that could not be read, in a configuration that is refused. */
export const noIdentity: ServiceIdentity = {
  name: 'gateway',
  privateKey: createSecretKey(Buffer.alloc(1)),
  keyId: '',
  publicKeys: { gateway: new Map(), auth: new Map(), 'team-resources': new Map(), audit: new Map() },
};

const keyBytes = 32;
const callerNames: readonly CallerName[] = ['gateway', ...serviceNames];

/** The bytes before a seed in PKCS #8 (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 private key of its seed of 32 bytes (RFC 8032, section 5.1.5). */
const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });

const publicKeyOf = (x: string): KeyObject => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });

const coordinateOf = (key: KeyObject): string => String(key.export({ format: 'jwk' }).x);

/** The thumbprint of an Ed25519 public key (RFC 7638; RFC 8037, appendix A.3). */
const keyIdOf = (x: string): string => hash('sha256', JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url');

/** The public half of a seed in base64, as `SERVICE_PUBLIC_KEYS` lists it. */
export const publicKeyText = (seed: Uint8Array): string =>
  Buffer.from(coordinateOf(createPublicKey(privateKeyOf(seed))), 'base64url').toString('base64');

/**
 * The identity of a process from the environment: `SERVICE_KEY` or `SERVICE_KEY_FILE` holds the seed of its own key,
 * `SERVICE_PUBLIC_KEYS` or `SERVICE_PUBLIC_KEYS_FILE` a line `name=key` for each key of each process, all in base64.
 * Throws an Error that names what is missing or wrong; there is no default.
 */
export const readServiceIdentity = (env: NodeJS.ProcessEnv, name: CallerName): ServiceIdentity => {
  const seed = readSecret(env, 'SERVICE_KEY');
  if (seed.length !== keyBytes) throw new Error(`SERVICE_KEY must be ${keyBytes} random bytes in base64, no more.`);
  const privateKey = privateKeyOf(seed);
  const keyId = keyIdOf(coordinateOf(createPublicKey(privateKey)));
  const publicKeys = readPublicKeys(env);
  if (!publicKeys[name].has(keyId)) throw new Error(`SERVICE_KEY is of none of the keys of ${name} in SERVICE_PUBLIC_KEYS.`);
  return { name, privateKey, keyId, publicKeys };
};

const readPublicKeys = (env: NodeJS.ProcessEnv): ServicePublicKeys => {
  const text = readText(env, 'SERVICE_PUBLIC_KEYS');
  if (text === undefined)
    throw new Error('SERVICE_PUBLIC_KEYS or SERVICE_PUBLIC_KEYS_FILE is missing: a line name=key for each process.');
  const entries = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseEntry);
  const keysOf = (name: CallerName): ReadonlyMap<string, KeyObject> => {
    const keys = new Map(entries.filter((entry) => entry.name === name).map(({ keyId, key }) => [keyId, key]));
    if (keys.size === 0) throw new Error(`SERVICE_PUBLIC_KEYS has no key of ${name}.`);
    return keys;
  };
  return requireOwnKeys({
    gateway: keysOf('gateway'),
    auth: keysOf('auth'),
    'team-resources': keysOf('team-resources'),
    audit: keysOf('audit'),
  });
};

const parseEntry = (entry: string): { readonly name: CallerName; readonly keyId: string; readonly key: KeyObject } => {
  const [, given = '', text = ''] = /^([a-z-]+)=([A-Za-z0-9+/_-]{43}=?)$/.exec(entry) ?? [];
  const name = callerNames.find((known) => known === given);
  if (name === undefined)
    throw new Error(
      `SERVICE_PUBLIC_KEYS must hold name=key with a name of ${callerNames.join(', ')} and ${keyBytes} bytes in base64.`,
    );
  const x = Buffer.from(text, 'base64').toString('base64url');
  return { name, keyId: keyIdOf(x), key: publicKeyOf(x) };
};

/** Throws an Error where two processes share a key: each could pass for the other. */
const requireOwnKeys = (keys: ServicePublicKeys): ServicePublicKeys => {
  const owners = Map.groupBy(
    callerNames.flatMap((name) => [...keys[name].keys()].map((keyId) => ({ name, keyId }))),
    ({ keyId }) => keyId,
  );
  const shared = [...owners.values()].find((names) => names.length > 1);
  if (shared === undefined) return keys;
  throw new Error(`SERVICE_PUBLIC_KEYS gives one key to ${shared.map(({ name }) => name).join(' and ')}: each needs its own.`);
};
