/**
 * Makes a bcrypt hash at the configured cost. Throws SERVICE_UNAVAILABLE when the queue is full, an Error for a password that
 * bcrypt does not read whole.
 */
export type HashPassword = (password: string) => Promise<string>;

export interface Passwords {
  readonly hash: HashPassword;
  /** Verifies a password, whole, against its hash. Throws SERVICE_UNAVAILABLE if the queue is full. */
  compare(password: string, hash: string): Promise<boolean>;
  /** A hash, at the configured cost, that no password belongs to: for addresses without an account. */
  readonly dummyHash: string;
  /** True if a hash was made at a lower cost than the configured one. */
  isOutdated(hash: string): boolean;
}
