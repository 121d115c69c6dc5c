/** Where ids and secrets come from. */
export interface Chance {
  /** A random UUID (RFC 9562, version 4). */
  newId(): string;
  /** 256 random bits in base64url. */
  newSecret(): string;
  /** Eight random digits, each number equally likely. */
  newCode(): string;
}

/** What is stored instead of a secret. Equal input, equal digest. */
export interface Digests {
  /** For secrets of 256 bits: nobody finds them by trying. */
  ofSecret(secret: string): string;
  /** For short codes: keyed, so that a stolen table does not give them away. Bound to the address and the purpose. */
  ofCode(email: string, purpose: CodePurpose, code: string): string;
  /** For names of login delays: what is counted, without telling whom. */
  ofSubject(subject: string): string;
}

export type CodePurpose = 'verify_email';

export type Now = () => Date;

export const secondsAfter = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);
