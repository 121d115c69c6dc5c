import type { CreatedCredential, UsedCredential } from '@guildhall/contracts';
import type { NewCredential } from './passkey-store.ts';
import type { SessionOwner } from './session-store.ts';

/** A request to an authenticator, as it waits: the challenge, and the caller who makes a passkey; null in a sign-in. */
export interface PasskeyRequest {
  readonly challenge: string;
  readonly owner: SessionOwner | null;
}

/** Encrypts a request while the user is at their authenticator; it opens only under the id of its row. */
export interface PasskeySeals {
  seal(id: string, request: PasskeyRequest): string;
  open(id: string, sealed: string): PasskeyRequest;
}

export interface UsedPasskey {
  readonly signCount: number;
  readonly isBackedUp: boolean;
}

/** The relying party of passkeys, discoverable credentials of WebAuthn (Web Authentication Level 3, section 7): the host and the origin of the public address. */
export interface RelyingParty {
  /** The host; null where browsers make no passkeys: without HTTPS, and for an IP address. */
  readonly id: string | null;
  /** The credential that an authenticator has made for this challenge; null unless all of it fits, the user's verification included. */
  verifyCreated(credential: CreatedCredential, challenge: string): Promise<NewCredential | null>;
  /** The use of a passkey for this challenge; null unless all of it fits. The counter is not compared. */
  verifyUsed(credential: UsedCredential, challenge: string, publicKey: string): Promise<UsedPasskey | null>;
}

/** The algorithms of passkeys (COSE): EdDSA, ECDSA with P-256, RSA with PKCS#1 1.5. */
export const passkeyAlgorithms = [-8, -7, -257];
