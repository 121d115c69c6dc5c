import { isIP } from 'node:net';
import { passkeyAlgorithms, type RelyingParty } from '../core/passkey.ts';

/** Loads the library of passkeys, 28 MB, with the first of them. */
const loadWebAuthn = () => import('@simplewebauthn/server');

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Null for whatever the library refuses: it says why by throwing, in words for developers. */
const orNull = <T>(verification: Promise<T>): Promise<T | null> => verification.catch(() => null);

/** The relying party at a public address. Browsers keep passkeys for names of hosts alone, over HTTPS or on this machine (`isSecure`). */
export const createRelyingParty = (publicUrl: string, isSecure: boolean): RelyingParty => {
  const { hostname, origin } = URL.parse(publicUrl) ?? { hostname: '', origin: '' };
  const isName = hostname !== '' && isIP(hostname.replaceAll(/[[\]]/g, '')) === 0;
  const expected = { expectedOrigin: origin, expectedRPID: hostname, requireUserVerification: true };
  return {
    id: isSecure && isName ? hostname : null,
    verifyCreated: async ({ id, rawId, type, response: made }, expectedChallenge) => {
      const { clientDataJSON, attestationObject } = made;
      const response = { id, rawId, type, clientExtensionResults: {}, response: { clientDataJSON, attestationObject } };
      const { verifyRegistrationResponse } = await loadWebAuthn();
      const verified = await orNull(
        verifyRegistrationResponse({ ...expected, response, expectedChallenge, supportedAlgorithmIDs: passkeyAlgorithms }),
      );
      if (verified?.verified !== true) return null;
      const { credential, credentialBackedUp: isBackedUp } = verified.registrationInfo;
      return { credentialId: credential.id, publicKey: encode(credential.publicKey), signCount: credential.counter, isBackedUp };
    },
    verifyUsed: async ({ id, rawId, type, response: made }, expectedChallenge, publicKey) => {
      const { clientDataJSON, authenticatorData, signature } = made;
      const signed = { clientDataJSON, authenticatorData, signature };
      const response = { id, rawId, type, clientExtensionResults: {}, response: signed };
      // The counter is compared where it is stored, in one statement.
      const credential = { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 };
      const { verifyAuthenticationResponse } = await loadWebAuthn();
      const verified = await orNull(verifyAuthenticationResponse({ ...expected, response, expectedChallenge, credential }));
      if (verified?.verified !== true) return null;
      const { newCounter, credentialBackedUp } = verified.authenticationInfo;
      return { signCount: newCounter, isBackedUp: credentialBackedUp };
    },
  };
};
