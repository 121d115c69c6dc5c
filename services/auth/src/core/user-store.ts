import type { ListedUser } from '@guildhall/contracts';
import type { LoginAttempt } from './login-delay.ts';

/** An account, with the roles it holds and what they permit. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly displayName: string;
  readonly isActive: boolean;
  readonly version: number;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

/** The own account, with how it signs in. */
export interface OwnAccount extends Account {
  readonly hasPassword: boolean;
  readonly passkeys: number;
  readonly connections: number;
  readonly hasAuthenticator: boolean;
  /** When the caller's session began, in ISO 8601. */
  readonly signedInAt: string;
}

/** The claims of an access token about an account. */
export interface TokenSubject extends Pick<Account, 'id' | 'email' | 'displayName' | 'roles' | 'permissions'> {
  /** Counts the changes of rights and address: access tokens with an earlier one are refused. */
  readonly accessVersion: number;
}

export interface Credentials extends TokenSubject {
  readonly isEmailVerified: boolean;
  readonly isActive: boolean;
  readonly hasSecondFactor: boolean;
  readonly hasPasskey: boolean;
  /** Null for an account that signs in elsewhere. */
  readonly passwordHash: string | null;
}

/** The accounts' access tokens with an earlier version are refused. */
export interface AccessChange {
  readonly userId: string;
  readonly accessVersion: number;
}

export interface Failures {
  readonly id: string;
  readonly failures: number;
  readonly lastFailedAt: Date;
}

export interface BegunLogIn {
  readonly credentials: Credentials | null;
  /** The failed log-ins before this one. */
  readonly failures: readonly Failures[];
  /** False: the caller must wait. */
  readonly isReserved: boolean;
}

/** Accounts with their passwords. */
export interface UserStore {
  /**
   * Reads the account at an address and reserves a failed log-in for both subjects of the attempt, in one statement that costs the
   * same without an account. Of any number of attempts at once no more are reserved than the rules of the delays let through.
   */
  beginLogIn(email: string, attempt: LoginAttempt): Promise<BegunLogIn>;

  /** The caller's account; null once their session was revoked or has expired, or the account is suspended. */
  findBySession(userId: string, sessionId: string, now: Date): Promise<Account | null>;

  /** Reads the same account with its ways in. */
  findOwn(userId: string, sessionId: string, now: Date): Promise<OwnAccount | null>;

  /** The accounts whose access tokens of before were ended since then, newest first. */
  accessChangedSince(since: Date, max: number): Promise<readonly AccessChange[]>;

  /** The id of the account of an address; null where there is none. */
  findIdByEmail(email: string): Promise<string | null>;

  /** The address of an account, also of one that was suspended or deleted; null where there is none. */
  findEmail(userId: string): Promise<string | null>;

  /**
   * Lists at most `limit` accounts that other services were told of, in the order of their ids, after an id: those whose address was
   * verified once, erased ones among them.
   */
  listAnnounced(after: string | null, limit: number): Promise<readonly ListedUser[]>;

  /** Null if the version is not current, or the session is no longer live. */
  rename(
    change: { readonly userId: string; readonly sessionId: string; readonly displayName: string; readonly version: number },
    now: Date,
  ): Promise<{ readonly account: OwnAccount; readonly displayNameBefore: string } | null>;

  /**
   * Erases an account: its address, name, password, roles, connections and codes; the id stays. Returns its new version, and the address that
   * it had. Null if the caller's session is no longer live, and for the last owner.
   */
  erase(
    caller: { readonly userId: string; readonly sessionId: string },
    now: Date,
  ): Promise<{ readonly version: number; readonly email: string } | null>;

  /** Suspends the caller's account. Null if their session is no longer live, and for the last active owner. */
  deactivate(
    caller: { readonly userId: string; readonly sessionId: string },
    now: Date,
  ): Promise<{ readonly displayName: string; readonly version: number } | null>;

  /** Replaces the hash that was read, while the session is live. Returns whether it did. */
  changePassword(
    change: { readonly userId: string; readonly sessionId: string; readonly before: string; readonly after: string },
    now: Date,
  ): Promise<boolean>;

  /** Changes nothing when the hash is not the one that was read. */
  replacePasswordHash(userId: string, before: string, after: string, now: Date): Promise<void>;
}
