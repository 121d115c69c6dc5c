import type { SessionOwner } from './session-store.ts';

/** An authenticator that is being added, or was. */
export interface StoredSecondFactor {
  readonly sealedSecret: string;
  readonly isActive: boolean;
}

export interface SecondFactorState {
  readonly isActive: boolean;
  /** ISO 8601 in UTC. */
  readonly activatedAt: string | null;
  readonly recoveryCodesLeft: number;
  readonly roles: readonly string[];
}

export interface Enrolling {
  readonly userId: string;
  readonly sealedSecret: string;
  readonly recoveryHashes: readonly string[];
}

export interface Activation {
  readonly userId: string;
  /** The secret that the code was compared with: another enrolment may have begun meanwhile. */
  readonly sealedSecret: string;
  readonly step: number;
  readonly recoveryHash: string;
}

/** The account of a change of its second factor. */
export interface ChangedSecondFactor {
  readonly email: string;
  readonly displayName: string;
}

/** Authenticators and recovery codes, one of the first and a set of the second for each account. */
export interface SecondFactorStore {
  /** The second factor of the caller's account; null once their session has ended. */
  state(caller: SessionOwner, now: Date): Promise<SecondFactorState | null>;
  find(userId: string): Promise<StoredSecondFactor | null>;
  /** Stores a secret with recovery codes in place of ones that were not confirmed. False where the account has an active one, or is not active. */
  begin(enrolling: Enrolling, now: Date): Promise<boolean>;
  /** Makes the secret the account's second factor, in one statement. Null unless it waits for that, and the recovery code is one of its own. */
  activate(activation: Activation, now: Date): Promise<ChangedSecondFactor | null>;
  /**
   * Marks a time step as used, in one statement: of any number of uses at once one is told true, and no step before the last used one is good. A used step
   * far ahead is of a clock that was set back since, and holds nobody up.
   */
  useStep(userId: string, step: number, now: Date): Promise<boolean>;
  /** Spends a recovery code, in one statement. Returns how many are left; null where it is none of the account's. */
  spendRecoveryCode(userId: string, hash: string, now: Date): Promise<number | null>;
  /** Replaces the recovery codes of an active second factor, while the caller's session is live. */
  renewRecoveryCodes(caller: SessionOwner, hashes: readonly string[], now: Date): Promise<ChangedSecondFactor | null>;
  /** Locks an account, as each statement does that opens a session, before the rows of its second factor. */
  lockAccount(userId: string): Promise<void>;
  /** Removes the second factor of the caller's account, unless they hold one of these roles. Null where it does not. */
  remove(caller: SessionOwner, unlessRoles: readonly string[], now: Date): Promise<ChangedSecondFactor | null>;
}

export interface NewChallenge {
  readonly id: string;
  readonly userId: string;
  readonly secretHash: string;
  /** How the first factor was shown: the password, or what was mailed. */
  readonly method: string;
  readonly deviceLabel: string;
  readonly expiresAt: Date;
  /** The hash of the password that was right; null for a sign-in without one. */
  readonly passwordHash: string | null;
}

export interface Challenge {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
  readonly method: string;
  readonly deviceLabel: string;
  /** Whether the account has an active authenticator. */
  readonly hasSecondFactor: boolean;
  readonly hasPasskey: boolean;
}

/** Sign-ins whose first factor was right, and which wait for the second. They end with every change of the password and with all sessions. */
export interface ChallengeStore {
  /** Stores a challenge under the conditions and the locks of a session that is opened. Returns whether it did. */
  issue(challenge: NewChallenge, now: Date): Promise<boolean>;
  /** A live challenge of an active account; null for any other. */
  find(id: string, secretHash: string, now: Date): Promise<Challenge | null>;
  /** Spends a challenge, in one statement: of any number at once one is told true. */
  spend(id: string, secretHash: string, now: Date): Promise<boolean>;
}
