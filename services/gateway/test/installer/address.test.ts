import { expect, test } from 'vitest';
import { urlForRole, isUnencrypted } from '../../src/installer/address.ts';
import { roleName } from '../../src/installer/roles.ts';

const isReadable = (address: string): boolean => isUnencrypted(new URL(address));

test('only what leaves this machine without encryption can be read on the way', () => {
  expect(isReadable('postgres://u@db.example.org/x')).toBe(true);
  expect(isReadable('postgres://u@db.example.org/x?sslmode=disable')).toBe(true);
  expect(isReadable('postgres://u@db.example.org/x?sslmode=prefer')).toBe(true);
  expect(isReadable('postgres://u@db.example.org/x?sslmode=verify-full')).toBe(false);
  expect(isReadable('postgres://u@127.0.0.1/x')).toBe(false);
  expect(isReadable('postgres://u@[::1]/x')).toBe(false);
});

test('another role is put into an address whatever its password holds', () => {
  const url = new URL(urlForRole('postgres://admin:secret@db:5432/x?sslmode=require', 'x_auth', 'a/b@c:d%'));
  expect([url.username, decodeURIComponent(url.password), url.host, url.search]).toEqual([
    'x_auth',
    'a/b@c:d%',
    'db:5432',
    '?sslmode=require',
  ]);
});

test('a role is named after its database, in no more bytes than a name may have', () => {
  expect(roleName('guildhall', 'auth')).toBe('guildhall_auth');
  const [one, other] = [roleName('x'.repeat(63), 'auth'), roleName('y'.repeat(63), 'auth')];
  expect(one).not.toBe(other);
  expect(Buffer.byteLength(one)).toBeLessThanOrEqual(63);
});
