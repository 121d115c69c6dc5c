export { createInternalSigner, type InternalSigner } from './sign.ts';
export { createInternalVerifier, type InternalVerifier } from './verify.ts';
export { clientHeader, principalHeader, serviceHeader, type Principal, type SignedClient } from './principal.ts';
export { readSecret, readInternalKey } from './read-secret.ts';
export { createVault, deriveKey, type Vault } from './vault.ts';
