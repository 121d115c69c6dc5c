import * as client from 'openid-client';
import type { AuthenticationRequest, OutsideIdentity } from '../core/identity-provider.ts';
import { clockSkewSecondsMax } from '../core/limits.ts';
import type { ProviderSettings } from '../core/provider-settings.ts';
import { displayNameOf, verifiedEmailOf } from './provider-claims.ts';
import { answerSecondsMax, clientAuthenticationOf, type ProviderProtocol } from './provider-protocol.ts';

/** The time for which the metadata of a provider is used before it is read anew. */
const metadataSecondsMax = 600;

/** An issuer of ID tokens by discovery (OpenID Connect Core 1.0, Discovery 1.0). */
export const createOpenidProtocol = (settings: ProviderSettings, monotonicMs: () => number): ProviderProtocol => ({
  configuration: createDiscovery(settings, monotonicMs),
  scope: 'openid email profile',
  hasNonce: true,
  identify,
});

/** Reads the metadata of a provider, once for all who wait, and again after `metadataSecondsMax`; a failure is not kept. */
const createDiscovery = (settings: ProviderSettings, monotonicMs: () => number): (() => Promise<client.Configuration>) => {
  let known: { readonly configuration: Promise<client.Configuration>; readonly until: number } | null = null;
  return () => {
    if (known !== null && monotonicMs() < known.until) return known.configuration;
    const reading = { configuration: discover(settings), until: monotonicMs() + metadataSecondsMax * 1000 };
    known = reading;
    reading.configuration.catch(() => {
      if (known === reading) known = null;
    });
    return reading.configuration;
  };
};

const discover = async (settings: ProviderSettings): Promise<client.Configuration> => {
  const server = new URL(settings.issuer);
  const configuration = await client.discovery(
    server,
    settings.clientId,
    { [client.clockTolerance]: clockSkewSecondsMax },
    clientAuthenticationOf(settings),
    // The settings name no plain address but one of this machine.
    { timeout: answerSecondsMax, execute: server.protocol === 'http:' ? [client.allowInsecureRequests] : [] },
  );
  // The library lets some issuers stand for many tenants, whose users could claim any address.
  if (new URL(configuration.serverMetadata().issuer).href !== server.href)
    throw new Error(`The metadata of ${settings.issuer} name another issuer.`);
  // The signature is checked, too, although the token comes straight from the provider.
  client.enableNonRepudiationChecks(configuration);
  return configuration;
};

const identify = async (
  configuration: client.Configuration,
  { state, nonce, codeVerifier }: AuthenticationRequest,
  answered: URL,
): Promise<OutsideIdentity> => {
  const tokens = await client.authorizationCodeGrant(configuration, answered, {
    pkceCodeVerifier: codeVerifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('The provider sent no ID token.');
  const { sub: subject } = claims;
  // A provider may keep addresses and names out of its ID tokens.
  const isTold = claims['email'] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined;
  const told = isTold ? claims : await client.fetchUserInfo(configuration, tokens.access_token, subject);
  return {
    subject,
    verifiedEmail: verifiedEmailOf(told['email'], told['email_verified']),
    displayName: displayNameOf(told['name'], told['preferred_username']),
  };
};
