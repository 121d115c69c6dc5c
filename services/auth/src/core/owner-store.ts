export interface Recovery {
  /** The account's id where the address has none yet. */
  readonly newUserId: string;
  readonly email: string;
  /** Set for a new account only. */
  readonly displayName: string;
  readonly passwordHash: string;
}

export interface RecoveredOwner {
  readonly id: string;
  readonly displayName: string;
  readonly version: number;
  readonly isNew: boolean;
  readonly wasOwner: boolean;
  readonly wasVerified: boolean;
  readonly wasSuspended: boolean;
  readonly hadSecondFactor: boolean;
  /** Whether passkeys, connections with identity providers or personal tokens were removed. */
  readonly hadOtherWaysIn: boolean;
}

/** The owner's seat, for whoever runs the installation. */
export interface OwnerStore {
  /**
   * Makes the account of an address, or a new one, an active and confirmed owner with a new password, no second factor and no other way in, in one statement. Null when that
   * account was deleted.
   */
  recover(recovery: Recovery, now: Date): Promise<RecoveredOwner | null>;
}
