import { parseIpNetwork } from '@guildhall/resources';
import { describe, expect, test } from 'vitest';
import { clientAddressOf } from '../../../src/core/admission/client-address.ts';

const trusted = ['10.0.0.0/8', '2001:db8:aaaa::/48'].map((text) => parseIpNetwork(text)).filter((network) => network !== null);
const behind = (forwardedFor: string | undefined, peer: string | undefined = '10.0.0.1') =>
  clientAddressOf({ peer, forwardedFor }, trusted);

describe('the address of a client', () => {
  test.each([
    ['none', undefined, '10.0.0.1'],
    ['an empty header', '', '10.0.0.1'],
    ['one', '203.0.113.9', '203.0.113.9'],
    ['one of IPv6', '2001:DB8::9', '2001:db8::9'],
    ['one with a port', '203.0.113.9:4711', '203.0.113.9'],
    ['one of IPv6 with a port', '[2001:db8::9]:4711', '2001:db8::9'],
    ['a mapped one', '::ffff:203.0.113.9', '203.0.113.9'],
    ['what the client made up, before it', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['a trusted address that the client made up', '10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['further proxies', '198.51.100.1, 203.0.113.9, 10.0.0.3 , 2001:db8:aaaa::1', '203.0.113.9'],
    ['proxies alone', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    ['what is no address', '203.0.113.9, http://evil"><script>', '10.0.0.1'],
    ['"unknown" at a proxy', '203.0.113.9, unknown, 10.0.0.3', '10.0.0.3'],
    ['an empty entry', '203.0.113.9,', '10.0.0.1'],
  ])('behind a trusted proxy: %s', (_name, forwardedFor, expected) => {
    expect(behind(forwardedFor)).toBe(expected);
  });

  test.each(['203.0.113.1', '::ffff:203.0.113.1', '127.0.0.1', '::1'])(
    'is that of the peer %s, who is no trusted proxy',
    (peer) => {
      expect(behind('198.51.100.1', peer)).toBe(peer.replace('::ffff:', ''));
      expect(clientAddressOf({ peer: '10.0.0.1', forwardedFor: '198.51.100.1' }, [])).toBe('10.0.0.1');
    },
  );

  test('is that of the peer also where a trusted proxy connects by mapped IPv6', () => {
    expect(behind('203.0.113.9', '::ffff:10.0.0.1')).toBe('203.0.113.9');
  });

  test('is always an address, also when the connection is gone', () => {
    expect(clientAddressOf({ peer: undefined, forwardedFor: '203.0.113.9' }, trusted)).toBe('0.0.0.0');
  });

  test('is found in a header of any length without reading all of it', () => {
    expect(behind(`203.0.113.9${', 10.0.0.2'.repeat(5_000)}`)).toBe('10.0.0.2');
  });
});
