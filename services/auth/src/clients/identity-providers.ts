import { AppError } from '@guildhall/errors';
import * as client from 'openid-client';
import type { IdentityProvider, IdentityProviders } from '../core/identity-provider.ts';
import type { ProviderSettings } from '../core/provider-settings.ts';
import { createOauthProtocol } from './oauth-protocol.ts';
import { createOpenidProtocol } from './openid-protocol.ts';
import { answerSecondsMax } from './provider-protocol.ts';

export interface IdentityProviderParts {
  readonly settings: readonly ProviderSettings[];
  readonly publicUrl: string;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
  /** Called with what went wrong at a provider that could not be asked. */
  readonly onError: (error: unknown, provider: string) => void;
}

/** The providers of the settings: issuers of ID tokens, and OAuth 2.0 providers with an API of their own. */
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
  const { oauth } = settings;
  const protocol = oauth === null ? createOpenidProtocol(settings, monotonicMs) : createOauthProtocol(settings, oauth);
  const found = () =>
    protocol.configuration().catch((error: unknown) => {
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
        scope: protocol.scope,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        ...(protocol.hasNonce ? { nonce } : {}),
      };
      return client.buildAuthorizationUrl(await found(), parameters).href;
    },
    identify: async (request, query) => {
      const known = await found();
      return protocol.identify(known, request, answerUrl(redirectUri, query)).catch((error: unknown) => {
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
