import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createVault } from '@guildhall/principal';
import type { VerifyEd25519 } from '@guildhall/tlog';
import type { AcknowledgementSeals } from '../core/log/acknowledgements.ts';
import { anchorText, readAnchorText } from '../core/log/anchor.ts';
import type { LogSigner, StoredLogKey } from '../core/log/checkpoints.ts';

/** The contexts that a private key and an anchor are sealed under: they open for their own log alone. */
const contextsOf = (origin: string) => ({
  /** Keys that were made by versions without an anchor are sealed under this one. */
  bare: `log key ${origin}`,
  anchored: `anchored log key ${origin}`,
  anchor: `log anchor ${origin}`,
});

/** Signs with Ed25519 keys whose private halves are sealed by the service's encryption key. */
export const createLogSigner = (encryptionKey: Uint8Array): LogSigner => {
  const vault = createVault(encryptionKey, 'audit log key');
  const opens = (sealed: string, context: string): boolean => {
    try {
      vault.open(sealed, context);
      return true;
    } catch {
      return false;
    }
  };
  const requiresAnchor: LogSigner['requiresAnchor'] = ({ origin, sealedPrivateKey }) =>
    opens(sealedPrivateKey, contextsOf(origin).anchored);
  const sealAnchor: LogSigner['sealAnchor'] = (origin, anchor) => vault.seal(anchorText(anchor), contextsOf(origin).anchor);
  return {
    makeKey: (origin, anchor): StoredLogKey => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const { x = '' } = publicKey.export({ format: 'jwk' });
      const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
      const sealedPrivateKey = vault.seal(pkcs8, contextsOf(origin).anchored);
      return { origin, publicKey: Buffer.from(x, 'base64url'), sealedPrivateKey, sealedAnchor: sealAnchor(origin, anchor) };
    },
    sign: (key, text) => {
      const { bare, anchored } = contextsOf(key.origin);
      const pkcs8 = Buffer.from(vault.open(key.sealedPrivateKey, requiresAnchor(key) ? anchored : bare), 'base64');
      return sign(null, Buffer.from(text), createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
    },
    sealAnchor,
    openAnchor: ({ origin, sealedAnchor }) =>
      sealedAnchor === null ? null : readAnchorText(vault.open(sealedAnchor, contextsOf(origin).anchor)),
    requiresAnchor,
  };
};

const acknowledgementContextOf = (eventId: string): string => `log acknowledgement ${eventId}`;

/** Seals acknowledgements with the service's encryption key, each for its event. */
export const createAcknowledgementSeals = (encryptionKey: Uint8Array): AcknowledgementSeals => {
  const vault = createVault(encryptionKey, 'audit log key');
  return {
    seal: (eventId, digests) => vault.seal(JSON.stringify(digests), acknowledgementContextOf(eventId)),
    open: (eventId, sealed) => {
      try {
        return JSON.parse(vault.open(sealed, acknowledgementContextOf(eventId))) as readonly string[];
      } catch {
        return null;
      }
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
