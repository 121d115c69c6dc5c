import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readOrCreatePrivateFile } from '@guildhall/files';

export interface WitnessKeyPair {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

const newKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });

/** Reads the witness's Ed25519 key from a file that only its user can read, and makes it if there is none. Throws for a file that holds none. */
export const readOrCreateWitnessKey = (file: string): WitnessKeyPair => {
  const privateKey = createPrivateKey(readOrCreatePrivateFile(file, newKey));
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`The key file ${file} holds no Ed25519 key.`);
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { publicKey: Buffer.from(x, 'base64url'), sign: (message) => sign(null, message, privateKey) };
};
