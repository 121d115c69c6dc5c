import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createVault } from '@guildhall/principal';
import type { VerifyEd25519 } from '@guildhall/tlog';
import type { LogSigner, StoredLogKey } from '../core/log/checkpoints.ts';

/** The context that the private half is sealed under: it opens for its own log alone. */
const contextOf = (origin: string): string => `log key ${origin}`;

/** Signs with Ed25519 keys whose private halves are sealed by the service's encryption key. */
export const createLogSigner = (encryptionKey: Uint8Array): LogSigner => {
  const vault = createVault(encryptionKey, 'audit log key');
  return {
    makeKey: (origin): StoredLogKey => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const { x = '' } = publicKey.export({ format: 'jwk' });
      const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
      return { origin, publicKey: Buffer.from(x, 'base64url'), sealedPrivateKey: vault.seal(pkcs8, contextOf(origin)) };
    },
    sign: ({ origin, sealedPrivateKey }, text) => {
      const pkcs8 = Buffer.from(vault.open(sealedPrivateKey, contextOf(origin)), 'base64');
      return sign(null, Buffer.from(text), createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
    },
  };
};

/** Verifies with a raw Ed25519 public key; false for what is no such key. */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const x = Buffer.from(publicKey).toString('base64url');
  try {
    return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
  } catch {
    return false;
  }
};
