import {
  createCreateServiceAccount,
  createCreateServiceToken,
  createRotateServiceToken,
  type ServiceAccountParts,
} from '../core/service-accounts.ts';
import type { ServiceAccountRules } from '../routes/service-accounts.ts';

/** The rules of service accounts. */
export const createServiceAccountRules = (parts: ServiceAccountParts): ServiceAccountRules => ({
  createServiceAccount: createCreateServiceAccount(parts),
  createServiceToken: createCreateServiceToken(parts),
  rotateServiceToken: createRotateServiceToken(parts),
});
