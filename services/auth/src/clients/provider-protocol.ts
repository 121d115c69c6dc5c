import * as client from 'openid-client';
import type { AuthenticationRequest, OutsideIdentity } from '../core/identity-provider.ts';
import type { ProviderSettings } from '../core/provider-settings.ts';

/** The longest time for which an answer of a provider is waited for. */
export const answerSecondsMax = 5;

/** The protocol by which one provider is asked who signed in: ID tokens, or an API of its own. */
export interface ProviderProtocol {
  /** The metadata of the provider, and this client there. Rejects where they cannot be had. */
  readonly configuration: () => Promise<client.Configuration>;
  readonly scope: string;
  /** Whether its answers carry a nonce. */
  readonly hasNonce: boolean;
  /** Exchanges the code of an answer. Throws what the library throws for one that does not fit the request, and an Error where the provider does not answer as it should. */
  identify(configuration: client.Configuration, request: AuthenticationRequest, answered: URL): Promise<OutsideIdentity>;
}

export const clientAuthenticationOf = ({ clientSecret, clientAuthentication }: ProviderSettings): client.ClientAuth => {
  if (clientSecret === null) return client.None();
  return clientAuthentication === 'client_secret_post'
    ? client.ClientSecretPost(clientSecret)
    : client.ClientSecretBasic(clientSecret);
};
