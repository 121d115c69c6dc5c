import { describe, expect, test } from 'vitest';
import { createSecretHashes, createVault } from '../../src/clients/vault.ts';

const key = new Uint8Array(32).fill(3);
const vault = createVault(key);

describe('the vault', () => {
  test('opens what it sealed, each time sealed anew', () => {
    const sealed = vault.seal('secret ä', 'mail 1');
    expect(vault.open(sealed, 'mail 1')).toBe('secret ä');
    expect(vault.seal('secret ä', 'mail 1')).not.toBe(sealed);
    expect(Buffer.from(sealed, 'base64url').includes('secret')).toBe(false);
  });

  test('opens nothing under another context or key, and nothing that was changed or cut', () => {
    const sealed = vault.seal('secret', 'mail 1');
    const bytes = Buffer.from(sealed, 'base64url');
    expect(() => vault.open(sealed, 'mail 2')).toThrow('does not open');
    expect(() => createVault(new Uint8Array(32).fill(4)).open(sealed, 'mail 1')).toThrow('does not open');
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      expect(() => vault.open(changed.toString('base64url'), 'mail 1')).toThrow('does not open');
    }
    expect(() => vault.open(sealed.slice(0, 20), 'mail 1')).toThrow('does not open');
    expect(() => vault.open('', 'mail 1')).toThrow('does not open');
  });
});

describe('a digest of a code', () => {
  test('is bound to key, address and purpose', () => {
    const hashes = createSecretHashes(key);
    const digest = hashes.hashCode('a@b.test', 'verify_email', '12345678');
    expect(hashes.hashCode('a@b.test', 'verify_email', '12345678')).toBe(digest);
    expect(hashes.hashCode('c@b.test', 'verify_email', '12345678')).not.toBe(digest);
    expect(hashes.hashCode('a@b.test', 'verify_email', '12345679')).not.toBe(digest);
    expect(createSecretHashes(new Uint8Array(32).fill(4)).hashCode('a@b.test', 'verify_email', '12345678')).not.toBe(digest);
  });
});
