import type { QueuedMail } from './mails.ts';
import type { CodePurpose } from './random.ts';
import type { SessionOwner } from './session-store.ts';

/** A code that is good only together with the secret of the client that asked for it. */
export interface NewCode {
  readonly id: string;
  readonly email: string;
  readonly purpose: CodePurpose;
  readonly secretHash: string;
  readonly codeHash: string;
  readonly expiresAt: Date;
}

/** A code as a client enters it. Without the right secret no attempt is counted. */
export interface CodeAttempt {
  readonly id: string;
  readonly secretHash: string;
  readonly codeHash: string;
  readonly attemptsMax: number;
}

export interface ResetUser {
  readonly id: string;
  readonly displayName: string;
}

/** An account whose address was changed. */
export interface ChangedEmail {
  readonly displayName: string;
  readonly version: number;
  readonly emailBefore: string;
}

export interface RenewalLimits {
  readonly askedSince: Date;
  readonly expiresBefore: Date;
  readonly expiresAfter: Date;
}

/** One-time codes. */
export interface CodeStore {
  /**
   * Replaces the unspent code of a registration by a fresh one with all its attempts; one statement. False unless the secret, address and purpose fit,
   * it was first asked for after `askedSince`, and its last code expires before `expiresBefore`, so that its mail is older than the pause
   * between two, or after `expiresAfter`, so that the clock was set back.
   */
  renew(code: NewCode, limits: RenewalLimits, now: Date): Promise<boolean>;

  /**
   * Stores a code that resets a password, and queues its mail when the address has a verified and active account, whose id it returns, or null; one statement
   * that writes for an unknown address too.
   */
  issueReset(code: NewCode, mail: QueuedMail, now: Date): Promise<string | null>;

  /**
   * Stores a code that changes the address of the caller's account while their session is live, and queues its mail unless the address has an
   * account.
   */
  issueEmailChange(code: NewCode, caller: SessionOwner, mail: QueuedMail, now: Date): Promise<void>;

  /**
   * Spends a code, or one of its attempts, and makes its address that of the caller's account, whose access tokens of before end, in one
   * statement. Null unless the code was right, live and asked for by this account, whose session is live. Throws CONFLICT when another
   * account has the address.
   */
  changeEmail(attempt: CodeAttempt, caller: SessionOwner, now: Date): Promise<ChangedEmail | null>;

  /**
   * Spends a code, or one of its attempts, and sets the password of the account at its address, in one statement. Null unless the code was
   * right and live and the account verified and active.
   */
  resetPassword(attempt: CodeAttempt, passwordHash: string, now: Date): Promise<ResetUser | null>;
}
