import { generateKeyPairSync } from 'node:crypto';
import { createInternalSigner } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import { describe, expect, it } from 'vitest';
import { buildNotesApp } from './fixtures/notes-app.ts';

const { app, signer } = buildNotesApp();
const principal = {
  userId: 'u-1',
  sessionId: 's-1',
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: [],
  ip: '127.0.0.1',
};
const at = (offsetSeconds: number) => () => new Date(Date.now() + offsetSeconds * 1000);
const expired = createInternalSigner({ identity: identityOf('gateway'), now: at(-40) });
const stranger = createInternalSigner({
  identity: { ...identityOf('gateway'), privateKey: generateKeyPairSync('ed25519').privateKey },
  now: at(0),
});
const audit = createInternalSigner({ identity: identityOf('audit'), now: at(0) });
const posing = createInternalSigner({ identity: { ...identityOf('audit'), name: 'gateway' }, now: at(0) });

const refusal = {
  type: 'about:blank',
  title: 'Sign in first',
  status: 401,
  code: 'UNAUTHENTICATED',
  detail: 'This address is for the services of this installation only.',
  requestId: 'r-1',
};
const ask = async (method: 'GET' | 'POST', url: string, headers: Record<string, string>) => {
  const answer = await app.inject({ method, url, headers: { ...headers, 'x-request-id': 'r-1' } });
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json<unknown>() };
};
const mine = (token?: string) => ask('GET', '/v1/mine', token === undefined ? {} : { 'x-guildhall-principal': token });
const internal = (token?: string) => ask('POST', '/internal/ask', token === undefined ? {} : { 'x-guildhall-service': token });
const withoutSignature = (token: string) => `${token.slice(0, token.lastIndexOf('.'))}.`;
const unsigned = `${Buffer.from('{"alg":"none","typ":"guildhall-principal+jwt"}').toString('base64url')}.e30.`;

describe('a route for principals', () => {
  it('answers the caller whom the gateway signed', async () => {
    expect(await mine(await signer.signPrincipal(principal, 'team-resources'))).toEqual({ status: 200, body: { userId: 'u-1' } });
  });

  it.each<[string, () => Promise<string | undefined>]>([
    ['no token', async () => undefined],
    ['an empty token', async () => ''],
    ['no JWT at all', async () => 'letmein'],
    ['an expired token', () => expired.signPrincipal(principal, 'team-resources')],
    ['a token for another service', () => signer.signPrincipal(principal, 'audit')],
    ['a service token in its place', () => signer.signService('team-resources')],
    ['a principal that another service made up', () => audit.signPrincipal(principal, 'team-resources')],
    [
      'a principal that another service made up in the name of the gateway',
      () => posing.signPrincipal(principal, 'team-resources'),
    ],
    ['a token signed with another key', () => stranger.signPrincipal(principal, 'team-resources')],
    ['a token without its signature', async () => withoutSignature(await signer.signPrincipal(principal, 'team-resources'))],
    ['a token of algorithm none', async () => unsigned],
  ])('refuses %s', async (_name, token) => {
    expect(await mine(await token())).toEqual({ status: 401, body: refusal });
  });
});

describe('a route for services', () => {
  it('answers every service of the installation', async () => {
    expect(await internal(await signer.signService('team-resources'))).toEqual({ status: 204, body: null });
    expect(await internal(await audit.signService('team-resources'))).toEqual({ status: 204, body: null });
  });

  it.each<[string, () => Promise<string | undefined>]>([
    ['no token', async () => undefined],
    ['an expired token', () => expired.signService('team-resources')],
    ['a token for another service', () => signer.signService('auth')],
    ['a principal in its place', () => signer.signPrincipal(principal, 'team-resources')],
    ['a service in the name of another', () => posing.signService('team-resources')],
    ['a token signed with another key', () => stranger.signService('team-resources')],
  ])('refuses %s', async (_name, token) => {
    expect(await internal(await token())).toEqual({ status: 401, body: refusal });
  });

  it('is not opened by a principal header', async () => {
    const token = await signer.signPrincipal(principal, 'team-resources');
    expect(await ask('POST', '/internal/ask', { 'x-guildhall-principal': token })).toEqual({ status: 401, body: refusal });
  });
});
