import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createInternalSigner } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import type { Issuer } from './issuer.ts';
import type { StandInTeam } from './team.ts';

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token with these parts, signed with any key; without one it has no signature. */
const forge = (header: object, claims: object, key?: KeyObject): string => {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${key === undefined ? '' : sign(null, Buffer.from(text), key).toString('base64url')}`;
};

const claimsOf = (issuer: Issuer, more: object = {}): object => {
  const now = Math.floor(Date.now() / 1_000);
  const user = { sub: 'owner', sid: randomUUID(), name: 'Ada', email: 'ada@example.org', permissions: ['installation:manage'] };
  return { iss: issuer.publicUrl, aud: 'guildhall', iat: now, exp: now + 300, ...user, ...more };
};

/** Signs with the published key as if it were a shared secret (RFC 8725, section 2.1). */
const confused = (issuer: Issuer): string => {
  const { kid, x = '' } = issuer.publicJwk();
  const text = `${encoded({ alg: 'HS256', typ: 'at+jwt', kid })}.${encoded(claimsOf(issuer))}`;
  return `${text}.${createHmac('sha256', Buffer.from(x, 'base64url')).update(text).digest('base64url')}`;
};

const principal = {
  userId: 'owner',
  sessionId: randomUUID(),
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: ['installation:manage'],
  ip: '127.0.0.1',
};

/** Values of `Authorization` that name nobody; undefined: the header is missing. */
export const badCredentials = async ({
  issuer,
  revoked,
}: StandInTeam): Promise<readonly (readonly [string, string | undefined])[]> => {
  const { kid } = issuer.publicJwk();
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid };
  const good = await issuer.sign({ userId: 'owner', permissions: ['installation:manage'] });
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const ended = randomUUID();
  revoked.push(ended);
  const internal = createInternalSigner({ identity: identityOf('gateway'), now: () => new Date() });
  const bearers: readonly (readonly [string, string])[] = [
    ['expired', await issuer.sign({ expiresInSeconds: -60 })],
    ['for another audience', await issuer.sign({ audience: 'elsewhere' })],
    ['of another issuer', await issuer.sign({ issuer: 'https://elsewhere.example' })],
    ['of another type', await issuer.sign({ typ: 'JWT' })],
    ['without an expiry', await issuer.sign({ without: ['exp'] })],
    ['of a key that nobody has published', forge({ ...header, kid: randomUUID() }, claimsOf(issuer), stranger)],
    ['signed with another key under a published id', forge(header, claimsOf(issuer), stranger)],
    ['signed with the key of a service', forge(header, claimsOf(issuer), identityOf('auth').privateKey)],
    [
      'with a key of its own in its header',
      forge({ ...header, jwk: { kty: 'OKP', crv: 'Ed25519' } }, claimsOf(issuer), stranger),
    ],
    ['of algorithm none', forge({ ...header, alg: 'none' }, claimsOf(issuer))],
    ['signed with the published key as a secret', confused(issuer)],
    ['without its signature', good.slice(0, good.lastIndexOf('.') + 1)],
    ['with another payload under its signature', good.replace(/\.[^.]+\./, `.${encoded(claimsOf(issuer, { sub: 'root' }))}.`)],
    ['of a session that has ended', await issuer.sign({ sessionId: ended })],
    ['that is a principal of ours', await internal.signPrincipal(principal, 'team-resources')],
    ['that is a service token of ours', await internal.signService('auth')],
    ['that is a text', 'letmein'],
  ];
  return [
    ['no credentials', undefined],
    ['an empty bearer', 'Bearer'],
    ['the password of Basic', `Basic ${Buffer.from('owner:secret').toString('base64')}`],
    ['a right token under another scheme', `Token ${good}`],
    ['two tokens', `Bearer ${good} ${good}`],
    ...bearers.map(([name, token]) => [`a token ${name}`, `Bearer ${token}`] as const),
  ];
};

/** A request hidden behind another, for a service that reads the first one's length otherwise than the gateway. */
const smuggled = 'GET /internal/secret HTTP/1.1\r\nHost: a\r\n\r\n';

/** Headers and bodies that two readers of HTTP take for different messages (RFC 9112, sections 6.3 and 11.2). */
export const framings: readonly (readonly [string, string])[] = [
  ['two lengths', `Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`],
  ['a list of lengths', `Content-Length: 0, ${smuggled.length}\r\n\r\n${smuggled}`],
  ['length and chunks', `Content-Length: ${smuggled.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['chunks and length', `Transfer-Encoding: chunked\r\nContent-Length: ${smuggled.length + 5}\r\n\r\n0\r\n\r\n${smuggled}`],
  ['chunks in disguise', `Content-Length: ${smuggled.length}\r\nTransfer-Encoding: xchunked\r\n\r\n${smuggled}`],
  ['a coding before the chunks', `Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['chunks named twice', `Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['chunks that are not last', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`],
  ['a space before the colon', `Content-Length : ${smuggled.length}\r\n\r\n${smuggled}`],
  ['a folded line', `X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${smuggled}`],
  ['a signed length', `Content-Length: +${smuggled.length}\r\n\r\n${smuggled}`],
  ['a hexadecimal length', `Content-Length: 0x2c\r\n\r\n${smuggled}`],
  ['a bare line feed in a header', `X-A: b\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`],
  ['a bare carriage return in a header', `X-A: b\rContent-Length: 4\r\n\r\n${smuggled}`],
  ['a zero byte in a header', `X-A: b\u0000c\r\nContent-Length: 0\r\n\r\n${smuggled}`],
  ['a chunk of a negative size', `Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n${smuggled}`],
  ['a chunk of a size beyond every number', `Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nx\r\n0\r\n\r\n${smuggled}`],
  ['a line that is no header', `no header at all\r\nContent-Length: 0\r\n\r\n${smuggled}`],
];

/** Lines of a head, before its one `Authorization`, that are refused (RFC 9110, section 5.3; RFC 9112, section 3.2). */
export const heads: readonly (readonly [string, string])[] = [
  ['no Host', ''],
  ['two Hosts', 'Host: localhost\r\nHost: evil.example\r\n'],
  ['a Host with a space', 'Host: local host\r\n'],
  ['a Host with a path', 'Host: localhost/v1\r\n'],
  ['a Host with a user', 'Host: user@localhost\r\n'],
  ['two Authorizations', 'Host: localhost\r\nAuthorization: Bearer letmein\r\n'],
  ['two Content-Types', 'Host: localhost\r\nContent-Type: application/json\r\ncontent-type: text/plain\r\n'],
];

type Spelling = readonly [name: string, spell: (path: string) => string];

/** Other spellings of a path. None of them is the same route, or another one. */
export const spellings: readonly Spelling[] = [
  ['a second slash at its start', (path) => `/${path}`],
  ['a second slash within', (path) => path.replace('/v1/', '/v1//')],
  ['an encoded slash', (path) => path.replace('/v1/', '/v1%2f')],
  ['an encoded dot segment', (path) => `/v1/%2e%2e${path}`],
  ['a dot segment', (path) => `/v1/..${path}`],
  ['a dot segment with a parameter', (path) => `/v1/..;${path}`],
  ['backslashes', (path) => path.replaceAll('/', '\\')],
  ['capitals', (path) => path.replace('/v1/', '/V1/')],
  ['a letter that is encoded twice', (path) => path.replace('/v1/', '/%25761/')],
  ['an origin without a host', (path) => `http://${path}`],
  ['another scheme', (path) => `ftp://localhost${path}`],
  ['many kilobytes', (path) => `${path}?${'x'.repeat(20_000)}`],
];

/** Spellings of a target in absolute form: servers must accept it (RFC 9112, section 3.2.2), and a scheme is the same in capitals. */
export const absoluteForms: readonly Spelling[] = [
  ['absolute form', (path) => `http://elsewhere.example${path}`],
  ['absolute form with a port', (path) => `http://elsewhere.example:81${path}`],
  ['absolute form with its scheme in capitals', (path) => `HTTP://elsewhere.example${path}`],
  ['absolute form over TLS', (path) => `hTTps://elsewhere.example${path}`],
];
