import { secondsAfter, type Chance, type Digests, type Now } from './chance.ts';
import { setupTokenLifetimeSeconds } from './limits.ts';
import type { Database } from './stores.ts';

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
