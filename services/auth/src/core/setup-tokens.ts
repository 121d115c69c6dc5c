import { AppError } from '@guildhall/errors';
import { secondsAfter, type Chance, type Digests, type Now } from './chance.ts';
import { setupTokenLifetimeSeconds } from './limits.ts';
import type { Database } from './stores.ts';

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

export interface SetupTokenParts {
  readonly database: Database;
  readonly chance: Chance;
  readonly digests: Digests;
  readonly now: Now;
}

export interface SetupToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Makes a token that lets the first owner register; null when there is an owner. */
export const createMakeSetupToken =
  ({ database, chance, digests, now }: SetupTokenParts) =>
  async (): Promise<SetupToken | null> => {
    const at = now();
    const token = chance.newSecret();
    const expiresAt = secondsAfter(at, setupTokenLifetimeSeconds);
    const isAdded = await database.stores.setupTokens.add(
      { id: chance.newId(), tokenHash: digests.ofSecret(token), expiresAt },
      at,
    );
    return isAdded ? { token, expiresAt } : null;
  };
