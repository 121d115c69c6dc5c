/**
 * Makes a bcrypt hash at the configured cost. `holder` is who asks, a user or the network of an address: each has a share of the
 * queue. Throws RATE_LIMITED when the share of the holder is taken, SERVICE_UNAVAILABLE when the queue is full, an Error for a
 * password that bcrypt does not read whole.
 */
export type HashPassword = (password: string, holder: string) => Promise<string>;

export interface Passwords {
  readonly hash: HashPassword;
  /** Verifies a password, whole, against its hash. Throws as `hash` does when the holder's share, or the queue, is taken. */
  compare(password: string, hash: string, holder: string): Promise<boolean>;
  /** A hash, at the configured cost, that no password belongs to: for addresses without an account. */
  readonly dummyHash: string;
  /** True if a hash was made at a lower cost than the configured one. */
  isOutdated(hash: string): boolean;
}
