import { expect, test } from 'vitest';
import { createVault, deriveKey } from '../src/index.ts';

const key = new Uint8Array(32).fill(1);

test('a text comes back under its context, each time sealed anew', () => {
  const vault = createVault(key, 'one use');
  const sealed = [vault.seal('a secret', 'here'), vault.seal('a secret', 'here')];
  expect(new Set(sealed).size).toBe(2);
  expect(sealed.map((one) => vault.open(one, 'here'))).toEqual(['a secret', 'a secret']);
});

test('another context, another use, another key and a changed byte open nothing', () => {
  const sealed = createVault(key, 'one use').seal('a secret', 'here');
  const changed = Buffer.from(sealed, 'base64url');
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  expect(() => createVault(key, 'one use').open(sealed, 'there')).toThrow('does not open');
  expect(() => createVault(key, 'another use').open(sealed, 'here')).toThrow('does not open');
  expect(() => createVault(new Uint8Array(32).fill(2), 'one use').open(sealed, 'here')).toThrow('does not open');
  expect(() => createVault(key, 'one use').open(changed.toString('base64url'), 'here')).toThrow('does not open');
});

test('each use has a key of its own, always the same', () => {
  expect(deriveKey(key, 'one use')).toEqual(deriveKey(key, 'one use'));
  expect(deriveKey(key, 'one use')).not.toEqual(deriveKey(key, 'another use'));
});
