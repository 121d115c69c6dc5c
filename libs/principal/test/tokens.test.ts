import { createHmac, sign, type KeyObject } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createInternalSigner, createInternalVerifier, type Principal } from '../src/index.ts';
import { identityOf } from './identities.ts';

const { privateKey: key, keyId: kid, publicKeys } = identityOf('gateway');
const { privateKey: authKey, keyId: authKid } = identityOf('auth');
const { privateKey: otherKey } = identityOf('gateway', 200);
const start = new Date('2026-01-31T08:30:00.000Z');
const after = (seconds: number) => () => new Date(start.getTime() + seconds * 1000);
const gateway = createInternalSigner({ identity: identityOf('gateway'), now: after(0) });
const verifierAt = (offset: number) => createInternalVerifier({ identity: identityOf('audit'), now: after(offset) });
const verifier = verifierAt(0);
const ada: Principal = {
  userId: 'u-1',
  sessionId: 's-1',
  displayName: 'Ada Lovelace',
  email: 'ada@example.org',
  permissions: ['audit:read', 'script:update@c-1'],
  ip: '127.0.0.1',
  userAgent: 'test/1.0',
};

/** A token made by hand, signed with the right key: what is in it is what is wrong with it. */
const forge = (header: object, payload: object, signingKey: KeyObject = key): string => {
  const text = textOf(header, payload);
  return `${text}.${sign(null, Buffer.from(text), signingKey).toString('base64url')}`;
};
const textOf = (...parts: object[]): string =>
  parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
/** Signs with the public key as if it were a shared secret (RFC 8725, section 2.1). */
const confuse = (header: object, payload: object): string => {
  const text = textOf(header, payload);
  const secret = publicKeys.gateway.get(kid)?.export({ format: 'der', type: 'spki' }) ?? '';
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
const header = { alg: 'EdDSA', typ: 'guildhall-principal+jwt', kid };
const seconds = start.getTime() / 1000;
const payload = { iss: 'gateway', aud: 'audit', iat: seconds, exp: seconds + 30, principal: ada };
const without = (name: string): object => Object.fromEntries(Object.entries(payload).filter(([other]) => other !== name));
const refusal = expect.objectContaining({
  code: 'UNAUTHENTICATED',
  message: 'This address is for the services of this installation only.',
});

describe('a principal token', () => {
  it('carries the whole principal to the service it is meant for', async () => {
    expect(await verifier.verifyPrincipal(await gateway.signPrincipal(ada, 'audit'))).toEqual(ada);
  });

  it('is what can be made by hand with the key (so that the forgeries below differ in one thing only)', async () => {
    expect(await verifier.verifyPrincipal(forge(header, payload))).toEqual(ada);
  });

  it('lives for 30 seconds and 5 of tolerance', async () => {
    const token = await gateway.signPrincipal(ada, 'audit');
    expect(await verifierAt(34).verifyPrincipal(token)).toEqual(ada);
    await expect(verifierAt(36).verifyPrincipal(token)).rejects.toEqual(refusal);
  });

  it('lives no longer, whatever it says itself', async () => {
    const token = forge(header, { ...payload, exp: seconds + 31_536_000 });
    await expect(verifierAt(36).verifyPrincipal(token)).rejects.toEqual(refusal);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['no JWT', 'a.b.c'],
    ['another key', forge(header, payload, otherKey)],
    [
      'algorithm none',
      `${forge({ ...header, alg: 'none' }, payload)
        .split('.')
        .slice(0, 2)
        .join('.')}.`,
    ],
    ['another algorithm in its header', forge({ ...header, alg: 'HS256' }, payload)],
    ['the public key as a shared secret', confuse({ ...header, alg: 'HS256' }, payload)],
    ['a key that nobody has', forge({ ...header, kid: 'unknown' }, payload)],
    ['no key id', forge({ alg: 'EdDSA', typ: header.typ }, payload)],
    ['the key of a service that names the gateway as its issuer', forge({ ...header, kid: authKid }, payload, authKey)],
    ['the key of a service under the id of the key of the gateway', forge(header, payload, authKey)],
    ['no type', forge({ alg: 'EdDSA', kid }, payload)],
    ['the type of a service token', forge({ ...header, typ: 'guildhall-service+jwt' }, payload)],
    ['the type of an access token', forge({ ...header, typ: 'at+jwt' }, payload)],
    ['another audience', forge(header, { ...payload, aud: 'auth' })],
    ['no audience', forge(header, without('aud'))],
    ['no expiry', forge(header, without('exp'))],
    ['no time of issue', forge(header, without('iat'))],
    ['a time of issue in the future', forge(header, { ...payload, iat: seconds + 3_600, exp: seconds + 3_630 })],
    ['a service as its issuer', forge({ ...header, kid: authKid }, { ...payload, iss: 'auth' }, authKey)],
    ['another issuer than its key', forge(header, { ...payload, iss: 'auth' })],
    ['no issuer', forge(header, without('iss'))],
    ['no principal', forge(header, without('principal'))],
    ['a principal without a user', forge(header, { ...payload, principal: { ...ada, userId: '' } })],
    ['a principal with more than was agreed', forge(header, { ...payload, principal: { ...ada, isOwner: true } })],
    ['a principal whose permissions are a text', forge(header, { ...payload, principal: { ...ada, permissions: '*' } })],
  ])('with %s is refused', async (_name, token) => {
    await expect(verifier.verifyPrincipal(token)).rejects.toEqual(refusal);
  });
});

describe('a client token', () => {
  const client = { ...header, typ: 'guildhall-client+jwt' };
  const { principal: _principal, ...claims } = payload;

  it('carries the address that the gateway established', async () => {
    expect(await verifier.verifyClient(await gateway.signClient('2001:db8::7', 'audit'))).toEqual({ ip: '2001:db8::7' });
  });

  it.each([
    ['the type of a principal', forge(header, { ...claims, ip: '203.0.113.7' })],
    ['a service as its issuer', forge({ ...client, kid: authKid }, { ...claims, iss: 'auth', ip: '203.0.113.7' }, authKey)],
    ['another audience', forge(client, { ...claims, aud: 'auth', ip: '203.0.113.7' })],
    ['another key', forge(client, { ...claims, ip: '203.0.113.7' }, otherKey)],
    ['no address', forge(client, claims)],
    ['an address that is none', forge(client, { ...claims, ip: 'http://evil"><script>' })],
    ['a list of addresses', forge(client, { ...claims, ip: '203.0.113.9, 198.51.100.1' })],
  ])('with %s is refused', async (_name, token) => {
    await expect(verifier.verifyClient(token)).rejects.toEqual(refusal);
  });

  it('opens nothing that a principal or a service opens', async () => {
    const token = await gateway.signClient('203.0.113.7', 'audit');
    await expect(verifier.verifyPrincipal(token)).rejects.toEqual(refusal);
    await expect(verifier.verifyService(token)).rejects.toEqual(refusal);
  });
});

describe('a service token', () => {
  it.each(['gateway', 'auth', 'team-resources', 'audit'] as const)('tells that %s is calling', async (issuer) => {
    const token = await createInternalSigner({ identity: identityOf(issuer), now: after(0) }).signService('audit');
    expect(await verifier.verifyService(token)).toBe(issuer);
  });

  it('and a principal token cannot stand in for each other', async () => {
    await expect(verifier.verifyPrincipal(await gateway.signService('audit'))).rejects.toEqual(refusal);
    await expect(verifier.verifyService(await gateway.signPrincipal(ada, 'audit'))).rejects.toEqual(refusal);
  });

  it('in the name of another service is refused', async () => {
    const token = forge(
      { ...header, typ: 'guildhall-service+jwt', kid: authKid },
      { ...payload, iss: 'team-resources' },
      authKey,
    );
    await expect(verifier.verifyService(token)).rejects.toEqual(refusal);
  });

  it('of somebody who is no service is refused', async () => {
    const token = forge({ ...header, typ: 'guildhall-service+jwt' }, { ...payload, iss: 'stranger' });
    await expect(verifier.verifyService(token)).rejects.toEqual(refusal);
  });
});

describe('a clock that was set', () => {
  afterEach(() => void vi.useRealTimers());

  it('back makes nobody send a token from the future', async () => {
    let at = after(3_600)();
    const signer = createInternalSigner({ identity: identityOf('gateway'), now: () => at });
    const early = await signer.signService('audit');
    at = after(0)();
    const token = await signer.signService('audit');
    expect(token).not.toBe(early);
    expect(await verifier.verifyService(token)).toBe('gateway');
  });

  it('forward makes nobody send a token that has expired', async () => {
    let at = after(0)();
    const signer = createInternalSigner({ identity: identityOf('gateway'), now: () => at });
    await signer.signService('audit');
    at = after(3_600)();
    expect(await verifierAt(3_600).verifyService(await signer.signService('audit'))).toBe('gateway');
  });

  it('back lets no token live longer that was known before', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const token = await gateway.signPrincipal(ada, 'audit');
    const stopped = verifierAt(0);
    expect(await stopped.verifyPrincipal(token)).toEqual(ada);
    vi.advanceTimersByTime(34_000);
    expect(await stopped.verifyPrincipal(token)).toEqual(ada);
    vi.advanceTimersByTime(2_000);
    await expect(stopped.verifyPrincipal(token)).rejects.toEqual(refusal);
  });
});
