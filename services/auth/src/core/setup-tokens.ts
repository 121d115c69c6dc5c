import { AppError } from '@guildhall/errors';

export interface SetupTokens {
  /**
   * Ends a token and makes its holder the first owner; one statement and one index decide among all callers. Answers
   * whether it did; throws `setupTokenRefused` when another token was claimed at the same moment.
   */
  claim(tokenHash: string, userId: string, now: Date): Promise<boolean>;
  /** Whether `claim` would have a chance. */
  isLive(tokenHash: string, now: Date): Promise<boolean>;
  /** Stores a token unless there is an owner; answers whether it did. */
  add(token: { readonly id: string; readonly tokenHash: string; readonly expiresAt: Date }, now: Date): Promise<boolean>;
  hasOwner(): Promise<boolean>;
}

export const setupTokenRefused = (cause?: unknown): AppError =>
  new AppError('FORBIDDEN', 'The setup token is not good: it was used, has expired, or was never given out.', { cause });
