export { createInternalSigner, type InternalSigner } from './sign.ts';
export { createInternalVerifier, type InternalVerifier } from './verify.ts';
export { principalHeader, serviceHeader, type Principal } from './principal.ts';
export { readSecret, readInternalKey } from './read-secret.ts';
export { createVault, deriveKey, type Vault } from './vault.ts';
