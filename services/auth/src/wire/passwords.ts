import type { Logger } from '@guildhall/http';
import { createBcryptPool, type BcryptPool } from '../clients/bcrypt-pool.ts';
import { bcryptCostFloor, type AuthConfig } from '../config.ts';

export type { BcryptPool };

/** Starts the threads that hash, unless they are given, and warns of a cost that is too low and of a platform on which hashing takes longer. */
export const startPasswords = async ({ bcryptCost: cost }: AuthConfig, log: Logger, given?: BcryptPool): Promise<BcryptPool> => {
  const passwords = given ?? (await createBcryptPool({ cost }));
  if (cost < bcryptCostFloor) log.warn(`BCRYPT_COST is below ${bcryptCostFloor}, the least that OWASP recommends`);
  if (passwords.engine === 'javascript') log.warn('bcrypt has no native build for this platform: a log-in takes a third longer');
  return passwords;
};
