import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { createInternalSigner, createInternalVerifier, publicKeyText, readServiceIdentity } from '../src/index.ts';
import { publicLine, publicLines, seedText } from './identities.ts';

const folder = mkdtempSync(join(tmpdir(), 'guildhall-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SERVICE_KEY = seedText('auth');
const now = (): Date => new Date();
const missing = 'SERVICE_PUBLIC_KEYS or SERVICE_PUBLIC_KEYS_FILE is missing: a line name=key for each process.';
const form = 'SERVICE_PUBLIC_KEYS must hold name=key with a name of gateway, auth, team-resources, audit and 32 bytes in base64.';

const verifierWith = (SERVICE_PUBLIC_KEYS: string) =>
  createInternalVerifier({
    identity: readServiceIdentity({ SERVICE_KEY: seedText('audit'), SERVICE_PUBLIC_KEYS }, 'audit'),
    now,
  });

describe('the identity of a process', () => {
  it('comes from variables or from files', () => {
    const [own, all] = [join(folder, 'own'), join(folder, 'all')];
    writeFileSync(own, `${SERVICE_KEY}\n`);
    writeFileSync(all, `${publicLines()}\n`);
    const fromFiles = readServiceIdentity({ SERVICE_KEY_FILE: own, SERVICE_PUBLIC_KEYS_FILE: all }, 'auth');
    const SERVICE_PUBLIC_KEYS = publicLines().replaceAll('\n', ', ');
    expect(readServiceIdentity({ SERVICE_KEY, SERVICE_PUBLIC_KEYS }, 'auth')).toEqual(fromFiles);
  });

  it('has the seed of RFC 8032 (section 7.1, test 1) for the key pair of that seed, and its thumbprint of RFC 8037 (appendix A.3) for the id', async () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const x = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    expect(Buffer.from(publicKeyText(seed), 'base64').toString('hex')).toBe(x);
    const SERVICE_PUBLIC_KEYS = publicLines().replace(publicLine('auth'), `auth=${publicKeyText(seed)}`);
    const { keyId, privateKey } = readServiceIdentity({ SERVICE_KEY: seed.toString('base64'), SERVICE_PUBLIC_KEYS }, 'auth');
    const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
    expect([keyId, await calculateJwkThumbprint(jwk as JWK)]).toEqual(
      Array(2).fill('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'),
    );
  });

  it.each([
    ['no public keys', undefined, missing],
    ['no key of a process', publicLines().replace(publicLine('audit'), ''), 'SERVICE_PUBLIC_KEYS has no key of audit.'],
    ['a name that no process has', `${publicLines()}\nmail=${'A'.repeat(43)}=`, form],
    ['a key that is too short', `${publicLines()}\nauth=${'A'.repeat(20)}`, form],
    ['no name', publicLines().replaceAll('=', ' '), form],
    ['another key', publicLines(20), 'SERVICE_KEY is of none of the keys of auth in SERVICE_PUBLIC_KEYS.'],
    [
      'one key for two processes',
      `${publicLines()}\n${publicLine('auth').replace('auth=', 'gateway=')}`,
      'SERVICE_PUBLIC_KEYS gives one key to gateway and auth: each needs its own.',
    ],
  ])('is refused with %s', (_case, SERVICE_PUBLIC_KEYS, message) => {
    const env = SERVICE_PUBLIC_KEYS === undefined ? { SERVICE_KEY } : { SERVICE_KEY, SERVICE_PUBLIC_KEYS };
    expect(() => readServiceIdentity(env, 'auth')).toThrow(new Error(message));
  });

  it.each([
    ['none', {}, 'SERVICE_KEY or SERVICE_KEY_FILE is missing: 32 random bytes in base64.'],
    [
      'a longer one',
      { SERVICE_KEY: Buffer.from(Array.from({ length: 33 }, (_byte, at) => at)).toString('base64') },
      'SERVICE_KEY must be 32 random bytes in base64, no more.',
    ],
  ])('is refused with %s for its own key', (_case, env, message) => {
    expect(() => readServiceIdentity({ ...env, SERVICE_PUBLIC_KEYS: publicLines() }, 'auth')).toThrow(new Error(message));
  });

  it('is rotated while both keys are known, and the old one ends with its line', async () => {
    const both = `${publicLines()}\n${publicLine('auth', 50)}`;
    const [before, after] = [seedText('auth'), seedText('auth', 50)].map((key) =>
      createInternalSigner({ identity: readServiceIdentity({ SERVICE_KEY: key, SERVICE_PUBLIC_KEYS: both }, 'auth'), now }),
    );
    for (const signer of [before, after])
      expect(await verifierWith(both).verifyService((await signer?.signService('audit')) ?? '')).toBe('auth');
    const later = verifierWith(both.replace(publicLine('auth'), ''));
    expect(await later.verifyService((await after?.signService('audit')) ?? '')).toBe('auth');
    await expect(later.verifyService((await before?.signService('audit')) ?? '')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});
