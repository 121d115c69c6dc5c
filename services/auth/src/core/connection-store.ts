import type { PageRequest } from '@guildhall/resources';
import type { FirstFactorFacts } from './challenges.ts';
import type { VerifiedUser } from './registration-store.ts';
import type { SessionOwner } from './session-store.ts';

/** A request for authentication that waits for the answer of its provider. */
export interface WaitingRequest {
  readonly id: string;
  readonly secretHash: string;
  /** The id of the provider. */
  readonly provider: string;
  readonly sealedRequest: string;
  readonly expiresAt: Date;
}

/** A user of an issuer. */
export interface OutsideUser {
  readonly issuer: string;
  readonly subject: string;
}

export interface ConnectedAccount extends FirstFactorFacts {
  readonly userId: string;
  readonly isActive: boolean;
}

/** An active account, as it is found for a token of its user at an outside issuer. */
export interface FoundOutsideUser extends FirstFactorFacts {
  readonly connectionId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly email: string;
  /** The global permissions at this moment. */
  readonly permissions: readonly string[];
}

export interface NewConnectedAccount extends OutsideUser {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
  /** The invited address that it needs to be; null where none is needed. */
  readonly requiredInviteId: string | null;
}

export interface StoredConnection {
  readonly id: string;
  readonly issuer: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/** Accounts' connections with users of outside issuers, and the requests that lead to them. */
export interface ConnectionStore {
  addRequest(request: WaitingRequest, now: Date): Promise<void>;
  /** Takes a live request away, in one statement: of any number at once one gets it. Null for any other. */
  takeRequest(request: Pick<WaitingRequest, 'id' | 'secretHash' | 'provider'>, now: Date): Promise<string | null>;
  /** The account that a user of an issuer signs in to; null where there is none. */
  findAccount(user: OutsideUser): Promise<ConnectedAccount | null>;
  /** The active account that is connected with a user of an issuer; null where there is none. */
  findActiveUser(user: OutsideUser): Promise<FoundOutsideUser | null>;
  /** The global permissions of the active account with this connection; null where there is none. */
  findPermissions(userId: string, connectionId: string): Promise<readonly string[] | null>;
  /**
   * Creates an account with a verified address, the role `member` and no password, in one statement. `taken`: the address has one, which is not touched.
   * Throws CONFLICT where the user was connected meanwhile.
   */
  createAccount(account: NewConnectedAccount, now: Date): Promise<VerifiedUser | 'taken' | 'uninvited'>;
  /** Connects the caller's account, whose row is locked, while their session is live. Null where the user has an account already, and beyond `max`. */
  connect(
    connection: OutsideUser & { readonly id: string },
    caller: SessionOwner,
    max: number,
    now: Date,
  ): Promise<StoredConnection | null>;
  /** The connections of the caller, newest first, while their session is live. */
  list(caller: SessionOwner, page: PageRequest, now: Date): Promise<readonly StoredConnection[]>;
  /** Whether the caller has the connection. */
  has(connectionId: string, caller: SessionOwner): Promise<boolean>;
  /** Removes a connection of the caller, whose account is locked, unless it is the last way in. Returns its issuer, or null. */
  remove(connectionId: string, caller: SessionOwner, now: Date): Promise<string | null>;
}
