/** Time-based one-time passwords (RFC 6238). */
export interface Totp {
  newSecret(): Uint8Array;
  /** A secret as authenticators take it. */
  toBase32(secret: Uint8Array): string;
  /** The latest time step of the window around a moment whose code this is; null for a wrong one. */
  matchingStep(secret: Uint8Array, code: string, at: Date): number | null;
}

/** Seals the secrets of authenticators, which lie in the database, each for its account alone. */
export interface TotpSeals {
  seal(userId: string, secret: Uint8Array): string;
  open(userId: string, sealed: string): Uint8Array;
}

/** The secret as an authenticator reads it (Key URI Format of Google Authenticator, which all follow). */
export const totpUri = (email: string, secret: string): string =>
  `otpauth://totp/Guildhall:${encodeURIComponent(email)}?secret=${secret}&issuer=Guildhall`;
