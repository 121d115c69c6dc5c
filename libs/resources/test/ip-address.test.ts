import { expect, test } from 'vitest';
import { ipAddressOf, isInNetworks, networkOf, parseIpNetwork } from '@guildhall/resources';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
])('%s is the address %s', (text, address) => {
  expect(ipAddressOf(text)).toBe(address);
});

test.each([
  '',
  'unknown',
  '127.1',
  '0x7f.0.0.1',
  '010.0.0.1',
  '2130706433',
  '203.0.113.256',
  '203.0.113.7:80',
  '[::1]',
  'http://evil"><script>',
])('%j is no address', (text) => {
  expect(ipAddressOf(text)).toBeNull();
});

test('callers are counted by IPv4 address, also where it is mapped into IPv6, and by the /64 of an IPv6 address', () => {
  expect(['203.0.113.7', '::ffff:203.0.113.7'].map(networkOf)).toEqual(['203.0.113.7', '203.0.113.7']);
  expect(['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:3::1'].map(networkOf)).toEqual([
    '2001:db8:1:2::/64',
    '2001:db8:1:2::/64',
    '2001:db8:1:3::/64',
  ]);
});

test('a network holds its addresses, and those of the other family never', () => {
  const networks = ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'].map((text) => parseIpNetwork(text)).filter((one) => one !== null);
  const inside = ['10.255.0.1', '::ffff:10.0.0.1', '192.0.2.1', '2001:db8:ffff::1'];
  const outside = ['11.0.0.1', '192.0.2.2', '2001:db9::1', '::1', 'unknown', ''];
  expect(inside.filter((address) => !isInNetworks(address, networks))).toEqual([]);
  expect(outside.filter((address) => isInNetworks(address, networks))).toEqual([]);
});

test.each(['', '10.0.0.0/33', '2001:db8::/129', '10.0.0/8', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', 'proxy.example', '*'])(
  '%j is no network',
  (text) => {
    expect(parseIpNetwork(text)).toBeNull();
  },
);
