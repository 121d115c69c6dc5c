import type { NewCode } from './code-store.ts';
import type { QueuedMail } from './mails.ts';
import type { MailedSignIn } from './random.ts';

/** A code that signs in, and who asked for it. */
export interface NewSignInCode extends NewCode {
  readonly purpose: MailedSignIn;
  readonly asker: { readonly ipAddress: string; readonly deviceLabel: string };
}

/** A sign-in by code, as a client tries it. */
export interface SignInAttempt {
  readonly id: string;
  readonly email: string;
  readonly purpose: MailedSignIn;
  /** The hash of the asking client's secret; null where somebody else has looked at the link and confirmed it. */
  readonly secretHash: string | null;
  readonly codeHash: string;
  readonly attemptsMax: number;
}

/** A try with the right secret. */
export interface TriedSignIn {
  readonly isRight: boolean;
  /** The verified and active account at the address; null where there is none. */
  readonly userId: string | null;
  readonly hasSecondFactor: boolean;
  readonly hasPasskey: boolean;
  /** The global roles of the account. */
  readonly roles: readonly string[];
}

/** A sign-in by link, as it was asked for. Times in ISO 8601, UTC. */
export interface AskedSignIn {
  readonly email: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly ipAddress: string;
  readonly deviceLabel: string;
}

/** One-time codes that sign in. */
export interface SignInCodeStore {
  /**
   * Stores a code, and queues its mail when the address has a verified and active account, whose id it returns, or null; one statement that writes for an
   * unknown address too.
   */
  issue(code: NewSignInCode, mail: QueuedMail, now: Date): Promise<string | null>;

  /** Finds a link that is still good, of an account that is verified and active, by its id and the hash of its secret. */
  find(id: string, codeHash: string, now: Date): Promise<AskedSignIn | null>;

  /**
   * Spends a code, or one of its attempts, in one statement: of any number of right ones at once one is told so. Null where nothing live fits
   * the secret, the address and the purpose: no attempt is counted then.
   */
  spend(attempt: SignInAttempt, now: Date): Promise<TriedSignIn | null>;
}
