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

/** The claims of an access token about an account. */
export type TokenSubject = Pick<Account, 'id' | 'email' | 'displayName' | 'roles' | 'permissions'>;

export interface Credentials extends TokenSubject {
  readonly isEmailVerified: boolean;
  readonly isActive: boolean;
  /** Null for an account that signs in elsewhere. */
  readonly passwordHash: string | null;
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

export interface Registration {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string;
  readonly codeId: string;
  readonly codeHash: string;
  readonly codeExpiresAt: Date;
  /** True if a setup token came with it, which is checked in the same transaction. */
  readonly hasSetupToken: boolean;
  readonly now: Date;
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

  /** The address of an account, also of one that was suspended or deleted; null where there is none. */
  findEmail(userId: string): Promise<string | null>;

  /**
   * Opens an unverified account with its password, the role `member` and a code, in one statement. One whose address
   * was never verified takes the new password and name, unless it holds another role, or is to become the owner and this
   * registration comes without a setup token. Returns its id, or null when
   * the address is taken; of two callers that race for an address, the later one finds it there.
   */
  register(registration: Registration): Promise<string | null>;

  /** Null if the version is not current, or the session is no longer live. */
  rename(
    change: { readonly userId: string; readonly sessionId: string; readonly displayName: string; readonly version: number },
    now: Date,
  ): Promise<{ readonly account: Account; readonly displayNameBefore: string } | null>;

  /** Changes nothing when the hash is not the one that was read. */
  replacePasswordHash(userId: string, before: string, after: string, now: Date): Promise<void>;
}
