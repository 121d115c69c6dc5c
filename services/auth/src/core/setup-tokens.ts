import { AppError } from '@guildhall/errors';

export interface SetupTokens {
  /**
   * Makes a registration the candidate of a live token, in place of the one that came with it before. Returns false where the
   * token is not good, or there is an owner.
   */
  nominate(tokenHash: string, candidateId: string, now: Date): Promise<boolean>;
  /**
   * Makes the account of a verified registration the first owner and ends its token, also one that has expired since; one statement and one
   * index decide among all callers. Returns false for who is no candidate, or where there is an owner; throws
   * `setupTokenRefused` when the candidate of another token became the owner at the same moment.
   */
  claim(candidate: { readonly candidateId: string; readonly userId: string }, now: Date): Promise<boolean>;
  /** True if `nominate` could succeed. */
  isLive(tokenHash: string, now: Date): Promise<boolean>;
  /** Stores a token unless there is an owner; answers whether it did. */
  add(token: { readonly id: string; readonly tokenHash: string; readonly expiresAt: Date }, now: Date): Promise<boolean>;
  /** An owner whose address is not confirmed cannot sign in, and counts as none. */
  hasOwner(): Promise<boolean>;
}

export const setupTokenRefused = (cause?: unknown): AppError =>
  new AppError('SETUP_TOKEN_INVALID', 'The setup token is invalid: it was used, has expired, or was never issued.', { cause });
