import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import type { KeyMaker, SigningKey } from '../core/signing-keys.ts';
import type { Vault } from './vault.ts';

/** EdDSA with Ed25519 (RFC 8037). */
export const algorithm = 'EdDSA';

const contextOf = (kid: string): string => `signing key ${kid}`;

const open = (vault: Vault, { kid, sealedPrivateJwk }: SigningKey): string => vault.open(sealedPrivateJwk, contextOf(kid));

/** Opens the private half of a key. Rejects for one that another ENCRYPTION_KEY has sealed. */
export const openKey = async (vault: Vault, key: SigningKey): Promise<CryptoKey | Uint8Array> =>
  importJWK(JSON.parse(open(vault, key)) as JWK, algorithm);

/** Makes signing keys whose private halves are sealed, each called after its thumbprint (RFC 7638). */
export const createKeyMaker = (vault: Vault): KeyMaker => ({
  async make() {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
    const publicJwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    return {
      kid,
      publicJwk: { ...publicJwk, kid, alg: algorithm, use: 'sig' },
      sealedPrivateJwk: vault.seal(JSON.stringify(await exportJWK(privateKey)), contextOf(kid)),
    };
  },
  canOpen(key) {
    try {
      open(vault, key);
      return true;
    } catch {
      return false;
    }
  },
});
