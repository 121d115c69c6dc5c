import { expect, test } from 'vitest';
import { createIdentityProviders } from '../../src/clients/identity-providers.ts';

test('the challenge of a code verifier is that of RFC 7636, appendix B', async () => {
  const addresses = { authorizationUrl: 'https://hub.example.org/authorize?prompt=1', tokenUrl: 'https://hub.example.org/token' };
  const oauth = {
    ...addresses,
    userinfoUrl: 'https://hub.example.org/user',
    emailsUrl: null,
    scope: 'email',
    subjectField: 'id',
  };
  const client = { clientId: 'guildhall', clientSecret: null, clientAuthentication: 'client_secret_basic' } as const;
  const settings = [{ id: 'hub', name: 'Hub', issuer: 'https://hub.example.org', ...client, isTrusted: false, oauth }];
  const parts = { settings, publicUrl: 'https://guildhall.example.org/', monotonicMs: () => 0, onError: () => {} };
  const request = {
    state: 'state',
    nonce: 'nonce',
    codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    connectTo: null,
  };
  const address = await createIdentityProviders(parts).get('hub')?.authorizationUrl(request);
  expect(Object.fromEntries(new URL(address ?? '').searchParams)).toEqual({
    prompt: '1',
    client_id: 'guildhall',
    response_type: 'code',
    scope: 'email',
    state: 'state',
    redirect_uri: 'https://guildhall.example.org/app/sign-in/hub',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
});
