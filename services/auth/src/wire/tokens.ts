import {
  createCreateServiceAccount,
  createCreateServiceToken,
  createRotateServiceToken,
  type ServiceAccountParts,
} from '../core/service-accounts.ts';
import {
  createCreatePersonalToken,
  createListPersonalTokens,
  createRevokePersonalToken,
  type PersonalTokenParts,
} from '../core/personal-tokens.ts';
import type { PersonalTokenRules } from '../routes/personal-tokens.ts';
import type { ServiceAccountRules } from '../routes/service-accounts.ts';

/** The rules of tokens, of people and of service accounts. */
export const createTokenRules = (parts: ServiceAccountParts & PersonalTokenParts): ServiceAccountRules & PersonalTokenRules => ({
  listPersonalTokens: createListPersonalTokens(parts),
  createPersonalToken: createCreatePersonalToken(parts),
  revokePersonalToken: createRevokePersonalToken(parts),
  createServiceAccount: createCreateServiceAccount(parts),
  createServiceToken: createCreateServiceToken(parts),
  rotateServiceToken: createRotateServiceToken(parts),
});
