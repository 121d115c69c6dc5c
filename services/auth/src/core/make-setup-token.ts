import { secondsAfter, type Random, type SecretHashes, type Now } from './random.ts';
import { setupTokenLifetimeSeconds } from './limits.ts';
import type { Database } from './stores.ts';

export interface SetupTokenParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly now: Now;
}

export interface SetupToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Makes a token that lets the first owner register; null when there is an owner. */
export const createMakeSetupToken =
  ({ database, random, hashes, now }: SetupTokenParts) =>
  async (): Promise<SetupToken | null> => {
    const at = now();
    const token = random.newSecret();
    const expiresAt = secondsAfter(at, setupTokenLifetimeSeconds);
    const isAdded = await database.stores.setupTokens.add(
      { id: random.newId(), tokenHash: hashes.hashSecret(token), expiresAt },
      at,
    );
    return isAdded ? { token, expiresAt } : null;
  };
