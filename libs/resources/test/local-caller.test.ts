import { describe, expect, test } from 'vitest';
import { isLocalCaller } from '../src/local-caller.ts';

const here = { address: '127.0.0.1', headers: { host: 'localhost:4300' } };
const withHeaders = (headers: Record<string, string | string[]>) =>
  isLocalCaller({ address: here.address, headers: { ...here.headers, ...headers } });

test('a loopback peer that names a loopback host and comes alone is local', () => {
  expect(isLocalCaller(here)).toBe(true);
});

describe('the address of the peer', () => {
  test.each(['127.0.0.1', '127.8.4.1', '::1', '::ffff:127.0.0.1'])('%s is loopback', (address) => {
    expect(isLocalCaller({ ...here, address })).toBe(true);
  });
  test.each(['10.0.0.1', '192.168.1.2', '::ffff:10.0.0.1', 'fe80::1', '::', '0.0.0.0', '1127.0.0.1', '127.0.0.1.evil', '::1%lo'])(
    '%s is not',
    (address) => {
      expect(isLocalCaller({ ...here, address })).toBe(false);
    },
  );
  test('a peer without an address, as of a Unix socket, is not', () => {
    expect(isLocalCaller({ ...here, address: undefined })).toBe(false);
  });
});

describe('Host, so that a name rebound to 127.0.0.1 does not pass', () => {
  test.each(['localhost', 'LocalHost:4300', '127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:4300'])('%s is this machine', (host) => {
    expect(withHeaders({ host })).toBe(true);
  });
  test.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:4300',
    '127.0.0.1.evil.example',
    'localhost:4300@evil.example',
    'localhost.',
    'localhost:',
    'evil-localhost',
    '[::1',
    '[::2]',
    '0.0.0.0:4300',
    '',
    'localhost\n',
  ])('%j is not', (host) => {
    expect(withHeaders({ host })).toBe(false);
  });
  test('two hosts, or none, are not', () => {
    expect(withHeaders({ host: ['localhost', 'localhost'] })).toBe(false);
    expect(isLocalCaller({ address: here.address, headers: {} })).toBe(false);
  });
});

describe('what a proxy adds', () => {
  test.each([
    'forwarded',
    'via',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-port',
    'x-forwarded-proto',
    'x-forwarded-server',
    'x-original-forwarded-for',
    'x-original-host',
    'x-real-ip',
    'x-client-ip',
    'x-cluster-client-ip',
    'x-envoy-external-address',
    'true-client-ip',
    'cf-connecting-ip',
    'client-ip',
    'fly-client-ip',
    'x-vercel-forwarded-for',
    'cloudfront-viewer-address',
    'x-azure-clientip',
    'x-arr-log-id',
    'x-varnish',
    'cdn-loop',
    'x-amzn-trace-id',
    'x-appengine-user-ip',
    'wl-proxy-client-ip',
    'x-nf-client-connection-ip',
    'fastly-client-ip',
  ])('%s says that someone stands in between', (name) => {
    expect(withHeaders({ [name]: '127.0.0.1' })).toBe(false);
    expect(withHeaders({ [name]: '' })).toBe(false);
  });
});

describe('pages in a browser', () => {
  test.each([
    ['same-origin', true],
    ['none', true],
    ['same-site', false],
    ['cross-site', false],
    ['same-origin, cross-site', false],
    ['', false],
  ])('Sec-Fetch-Site: %s answers %s', (site, isLocal) => {
    expect(withHeaders({ 'sec-fetch-site': site })).toBe(isLocal);
  });
  test.each([
    ['http://localhost:4300', true],
    ['http://127.0.0.1:4300', true],
    ['https://evil.example', false],
    ['http://localhost.evil.example', false],
    ['null', false],
    ['file://', false],
    ['', false],
  ])('Origin: %s answers %s', (origin, isLocal) => {
    expect(withHeaders({ origin })).toBe(isLocal);
  });
});
