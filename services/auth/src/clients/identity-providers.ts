import { DisplayName, Email } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import * as client from 'openid-client';
import { Compile } from 'typebox/compile';
import { normaliseEmail } from '../core/email.ts';
import type { AuthenticationRequest, IdentityProvider, IdentityProviders, OutsideIdentity } from '../core/identity-provider.ts';
import { clockSkewSecondsMax } from '../core/limits.ts';
import type { ProviderSettings } from '../core/provider-settings.ts';

/** The longest time for which an answer of a provider is waited for. */
const answerSecondsMax = 5;
/** The time for which the metadata of a provider is used before it is read anew. */
const metadataSecondsMax = 600;

const email = Compile(Email);
const name = Compile(DisplayName);

export interface IdentityProviderParts {
  readonly settings: readonly ProviderSettings[];
  readonly publicUrl: string;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
  /** Called with what went wrong at a provider that could not be asked. */
  readonly onError: (error: unknown, provider: string) => void;
}

/** Issuers of ID tokens by discovery (OpenID Connect Discovery 1.0), one client of each. */
export const createIdentityProviders = ({ settings, ...parts }: IdentityProviderParts): IdentityProviders =>
  new Map(settings.map((provider) => [provider.id, createProvider(provider, parts)]));

/** The address that a provider sends the user back to: one for each, so that no answer is taken for another provider's (RFC 9700, section 4.4). */
const redirectUriOf = (publicUrl: string, id: string): string => `${publicUrl.replace(/\/+$/, '')}/app/sign-in/${id}`;

const createProvider = (
  settings: ProviderSettings,
  { publicUrl, monotonicMs, onError }: Omit<IdentityProviderParts, 'settings'>,
): IdentityProvider => {
  const { id, issuer, isTrusted } = settings;
  const redirectUri = redirectUriOf(publicUrl, id);
  const unavailable = (cause: unknown): AppError => {
    onError(cause, id);
    return new AppError(
      'SERVICE_UNAVAILABLE',
      `${settings.name} does not answer as it should. Try again, or sign in another way: everything else goes on working.`,
      { cause, retryAfterSeconds: answerSecondsMax },
    );
  };
  const configuration = createDiscovery(settings, monotonicMs);
  const found = () =>
    configuration().catch((error: unknown) => {
      throw unavailable(error);
    });
  return {
    id,
    name: settings.name,
    issuer,
    isTrusted,
    authorizationUrl: async ({ state, nonce, codeVerifier }) => {
      const parameters = {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      };
      return client.buildAuthorizationUrl(await found(), parameters).href;
    },
    identify: async (request, query) => {
      const known = await found();
      return identityOf(known, request, answerUrl(redirectUri, query)).catch((error: unknown) => {
        if (!isOfAnswer(error)) throw unavailable(error);
        throw new AppError('UNPROCESSABLE', refusalOf(settings.name, error), { cause: error });
      });
    },
  };
};

const answerUrl = (redirectUri: string, query: string): URL => {
  const url = new URL(redirectUri);
  url.search = query;
  return url;
};

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

const discover = async ({ issuer, clientId, clientSecret }: ProviderSettings): Promise<client.Configuration> => {
  const server = new URL(issuer);
  const configuration = await client.discovery(
    server,
    clientId,
    { [client.clockTolerance]: clockSkewSecondsMax },
    clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret),
    // The settings name no plain address but one of this machine.
    { timeout: answerSecondsMax, execute: server.protocol === 'http:' ? [client.allowInsecureRequests] : [] },
  );
  // The library lets some issuers stand for many tenants, whose users could claim any address.
  if (new URL(configuration.serverMetadata().issuer).href !== server.href)
    throw new Error(`The metadata of ${issuer} name another issuer.`);
  // The signature is checked, too, although the token comes straight from the provider.
  client.enableNonRepudiationChecks(configuration);
  return configuration;
};

const identityOf = async (
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
  return { subject, verifiedEmail: verifiedEmailOf(told), displayName: displayNameOf(told) };
};

type Claims = Readonly<Record<string, unknown>>;

const verifiedEmailOf = ({ email: given, email_verified: isVerified }: Claims): string | null =>
  isVerified === true && email.Check(given) ? normaliseEmail(given) : null;

const displayNameOf = (claims: Claims): string | null => {
  const given = [claims['name'], claims['preferred_username']].find((text) => typeof text === 'string') ?? '';
  const trimmed = given.trim();
  return name.Check(trimmed) ? trimmed : null;
};

/** The codes of answers that were read, and do not fit the request. */
const answerFaults: ReadonlySet<unknown> = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
]);

/** Whether the provider, or whoever answered in its name, refused or sent what does not fit; otherwise it could not be asked. */
const isOfAnswer = (error: unknown): boolean => {
  if (error instanceof client.AuthorizationResponseError) return true;
  if (error instanceof client.ResponseBodyError) return error.error === 'invalid_grant';
  return error instanceof client.ClientError && answerFaults.has(error.code);
};

const refusalOf = (provider: string, error: unknown): string =>
  error instanceof client.AuthorizationResponseError && error.error === 'access_denied'
    ? `The sign-in at ${provider} was not completed. Start again.`
    : `The answer of ${provider} does not fit this sign-in: it is another one's, was used, or has expired. Start again.`;
