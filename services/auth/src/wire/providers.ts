import type { Logger } from '@guildhall/http';
import { createIdentityProviders } from '../clients/identity-providers.ts';
import type { Vault } from '../clients/vault.ts';
import type { AuthConfig } from '../config.ts';
import {
  createBeginConnection,
  createFinishConnection,
  createListConnections,
  createRemoveConnection,
  type ConnectionParts,
} from '../core/connections.ts';
import type { AuthenticationRequest, RequestSeals } from '../core/identity-provider.ts';
import { createFindPermissions } from '../core/me.ts';
import { createFindOutsideUser } from '../core/outside-users.ts';
import { createFindPersonalToken } from '../core/personal-tokens.ts';
import type { InternalRules } from '../routes/internal.ts';
import { createBeginProviderSignIn, createFinishProviderSignIn, type ProviderSignInParts } from '../core/provider-sign-in.ts';
import type { ProviderRules } from '../routes/oauth.ts';

const createRequestSeals = (vault: Vault): RequestSeals => ({
  seal: (id, request) => vault.seal(JSON.stringify(request), `authentication request ${id}`),
  open: (id, sealed) => JSON.parse(vault.open(sealed, `authentication request ${id}`)) as AuthenticationRequest,
});

/** The parts of the rules of identity providers that come from the configuration. */
export const createProviderParts = ({ providers, publicUrl }: AuthConfig, vault: Vault, log: Logger) => ({
  providers: createIdentityProviders({
    settings: providers,
    publicUrl,
    monotonicMs: () => performance.now(),
    onError: (error, provider) => log.error({ err: error, provider }, 'an identity provider does not answer as it should'),
  }),
  requestSeals: createRequestSeals(vault),
});

/** The rules of sign-ins at identity providers, and of connections with them; and who it is that a token stands for. */
export const createProviderRules = (
  parts: ProviderSignInParts & ConnectionParts,
): ProviderRules & Pick<InternalRules, 'findOutsideUser' | 'findPersonalToken' | 'findPermissions'> => ({
  beginProviderSignIn: createBeginProviderSignIn(parts),
  finishProviderSignIn: createFinishProviderSignIn(parts),
  beginConnection: createBeginConnection(parts),
  finishConnection: createFinishConnection(parts),
  listConnections: createListConnections(parts),
  removeConnection: createRemoveConnection(parts),
  findOutsideUser: createFindOutsideUser(parts),
  findPersonalToken: createFindPersonalToken(parts),
  findPermissions: createFindPermissions(parts),
});
