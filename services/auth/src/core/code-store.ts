import type { CodePurpose } from './random.ts';
import type { QueuedMail } from './mails.ts';

export interface NewCode {
  readonly id: string;
  readonly email: string;
  readonly purpose: CodePurpose;
  readonly codeHash: string;
  readonly expiresAt: Date;
}

/** Verification codes of addresses. */
export interface CodeStore {
  /**
   * Stores a code, and queues its mail when the address has an unverified account; one statement that writes for an
   * unknown address too. Does nothing when the address was given a code after `notSince`.
   */
  issue(code: NewCode, mail: QueuedMail, notSince: Date, now: Date): Promise<void>;

  /**
   * Spends the newest code of an address, or one of its attempts, and marks the account verified, in one statement. Null
   * unless the code was right, live and of an unverified account.
   */
  verifyEmail(
    attempt: { readonly email: string; readonly codeHash: string; readonly attemptsMax: number },
    now: Date,
  ): Promise<{ readonly id: string; readonly displayName: string; readonly version: number } | null>;
}
