import type { PageRequest } from '@guildhall/resources';
import type { SessionOwner } from './session-store.ts';

/** A request to an authenticator that waits for its answer. */
export interface WaitingPasskeyRequest {
  readonly id: string;
  readonly secretHash: string;
  readonly purpose: PasskeyPurpose;
  readonly sealedRequest: string;
  readonly expiresAt: Date;
}

export type PasskeyPurpose = 'create' | 'sign_in';

/** A credential as an authenticator has made it. */
export interface NewCredential {
  /** In base64url. */
  readonly credentialId: string;
  /** A COSE key (RFC 9052) in base64url. */
  readonly publicKey: string;
  readonly signCount: number;
  readonly isBackedUp: boolean;
}

export interface StoredPasskey {
  readonly id: string;
  readonly name: string;
  readonly isBackedUp: boolean;
  readonly version: number;
  /** Times in ISO 8601, UTC. */
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
}

/** A passkey that signs in, with its account. */
export interface PasskeyAccount {
  readonly passkeyId: string;
  readonly publicKey: string;
  readonly userId: string;
  readonly isActive: boolean;
}

/** Passkeys of accounts, and the requests for the answers of authenticators. */
export interface PasskeyStore {
  addRequest(request: WaitingPasskeyRequest, now: Date): Promise<void>;
  /** Takes a live request away, in one statement: of any number at once one gets it. Null for any other. */
  takeRequest(request: Pick<WaitingPasskeyRequest, 'id' | 'secretHash' | 'purpose'>, now: Date): Promise<string | null>;
  /** The ids of the credentials of an account. */
  credentialIdsOf(userId: string): Promise<readonly string[]>;
  /** Adds a passkey to the caller's account, whose row is locked, while their session is live. Null beyond `max`. Throws CONFLICT for a credential that is there. */
  add(
    passkey: NewCredential & { readonly id: string; readonly name: string },
    caller: SessionOwner,
    max: number,
    now: Date,
  ): Promise<StoredPasskey | null>;
  find(credentialId: string): Promise<PasskeyAccount | null>;
  /**
   * Notes the use of a passkey with the signature counter of its authenticator, in one statement. False unless the counter has grown, or there never was one: otherwise the authenticator has a copy
   * (Web Authentication Level 3, section 6.1.1).
   */
  use(passkeyId: string, use: { readonly signCount: number; readonly isBackedUp: boolean }, now: Date): Promise<boolean>;
  /** The passkeys of the caller, newest first, while their session is live. */
  list(caller: SessionOwner, page: PageRequest, now: Date): Promise<readonly StoredPasskey[]>;
  /** A passkey of the caller, while their session is live. */
  findOwn(passkeyId: string, caller: SessionOwner, now: Date): Promise<StoredPasskey | null>;
  /** Null if the version is not current, or the session is no longer live. */
  rename(
    change: { readonly passkeyId: string; readonly name: string; readonly version: number },
    caller: SessionOwner,
    now: Date,
  ): Promise<StoredPasskey | null>;
  /**
   * Removes a passkey of the caller, whose account is locked, unless it is the last way in, or their only second factor while they hold one of these roles. Returns its
   * name, or null.
   */
  remove(passkeyId: string, caller: SessionOwner, requiredRoles: readonly string[], now: Date): Promise<string | null>;
}
