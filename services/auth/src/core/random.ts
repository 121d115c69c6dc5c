/** The source of ids and secrets. */
export interface Random {
  /** A random UUID (RFC 9562, version 4). */
  newId(): string;
  /** 256 random bits in base64url. */
  newSecret(): string;
  /** Eight random digits, each number equally likely. */
  newCode(): string;
}

/** The hashes that are stored in place of secrets. Equal input, equal hash. */
export interface SecretHashes {
  /** For secrets of 256 bits, which nobody finds by trying. */
  hashSecret(secret: string): string;
  /** For short codes: keyed, so that a stolen table does not give them away. Bound to the address and the purpose. */
  hashCode(email: string, purpose: CodePurpose, code: string): string;
  /** For the subjects of login delays: counts failures without naming anybody. */
  hashSubject(subject: string): string;
}

export type CodePurpose = 'verify_email';

export type Now = () => Date;

export const secondsAfter = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);
