/** The source of ids and secrets. */
export interface Random {
  /** A random UUID (RFC 9562, version 4). */
  newId(): string;
  /** 256 random bits in base64url. */
  newSecret(): string;
  /** Eight random digits, each number equally likely. */
  newCode(): string;
  /** Ten letters and digits that are not taken for one another, in two groups: 49 random bits. */
  newRecoveryCode(): string;
}

/** The hashes that are stored in place of secrets. Equal input, equal hash. */
export interface SecretHashes {
  /** Hashes a secret of 256 bits, which cannot be guessed. */
  hashSecret(secret: string): string;
  /** Hashes a short code with a key, so that a stolen table does not reveal it; bound to the address it was mailed to, or the account, and the purpose. */
  hashCode(email: string, purpose: HashedPurpose, code: string): string;
  /** Derives the secret of the refresh token that replaces another one: keyed, and the same each time, so that a lost answer can be repeated. */
  nextSecret(sessionId: string, secret: string): string;
  /** Derives the secret by which whoever has looked at a link confirms it: keyed, so that nobody has it who has not looked. */
  confirmationSecret(id: string, secret: string): string;
  /** Hashes the subject of a login delay, so that failures are counted without naming anybody. */
  hashSubject(subject: string): string;
}

/** The ways to sign in with what was mailed: eight digits, or a link. */
export type MailedSignIn = 'otp' | 'magic_link';
export type CodePurpose = 'verify_email' | 'reset_password' | MailedSignIn;
/** The purpose that a code is hashed for: one that verifies an address confirms either a registration or a change of an account's address. */
export type HashedPurpose = CodePurpose | 'change_email' | 'recovery';

export type Now = () => Date;

export const secondsAfter = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);
