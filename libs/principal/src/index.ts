export { createInternalSigner, type InternalSigner } from './sign.ts';
export { createInternalVerifier, type InternalVerifier } from './verify.ts';
export { clientHeader, principalHeader, serviceHeader, Principal, type SignedClient } from './principal.ts';
export { createInviteTokenOf } from './invite-token.ts';
export { readSecret, readText } from './read-secret.ts';
export { noIdentity, publicKeyText, readServiceIdentity, type ServiceIdentity } from './service-identity.ts';
export { createVault, deriveKey, type Vault } from './vault.ts';
