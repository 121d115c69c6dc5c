import { secondStepOf } from './challenges.ts';
import type { OutsideUser } from './connection-store.ts';
import type { Database } from './stores.ts';

export interface OutsideUserParts {
  readonly database: Database;
  /** The global roles whose holders must have a second factor. */
  readonly requiredRoles: readonly string[];
}

/** The account of a user of an outside issuer, for a token of that issuer; null where no active one is connected with it. */
export const createFindOutsideUser = ({ database, requiredRoles }: OutsideUserParts) =>
  async function findOutsideUser(user: OutsideUser) {
    const found = await database.stores.connections.findActiveUser(user);
    if (found === null) return null;
    const { connectionId, userId, displayName, email, permissions } = found;
    const needsSecondFactor = secondStepOf(found, requiredRoles) !== null;
    return { connectionId, userId, displayName, email, permissions: [...permissions], needsSecondFactor };
  };

export type FindOutsideUser = ReturnType<typeof createFindOutsideUser>;
