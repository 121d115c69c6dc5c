import { afterEach } from 'vitest';
import type { FreshDatabase } from '@guildhall/testkit';
import { prepareDatabase } from '../../src/installer/prepare-database.ts';
import { dropWithRoles } from './databases.ts';

export const passwordOf = (role: string): string => `p@ss/word of ${role}`;
export const prepare = (databaseUrl: string) => prepareDatabase({ databaseUrl, passwordOf });

/** Drops the databases that a test opens, with their roles, when it is over. The returned function opens one. */
export const droppingAfterEach = (): ((making: Promise<FreshDatabase>) => Promise<FreshDatabase>) => {
  const databases: FreshDatabase[] = [];
  afterEach(async () => {
    for (const database of databases.splice(0)) await dropWithRoles(database);
  });
  return async (making) => {
    const database = await making;
    databases.push(database);
    return database;
  };
};
