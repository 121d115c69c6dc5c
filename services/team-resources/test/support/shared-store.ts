import type { StoreUnderTest } from '@guildhall/workspaces/contract';
import { createSharedWorkspaces } from '../../src/store/shared-workspaces.ts';
import { openTeamDatabase, seedCommunity } from './team-database.ts';

/** A store of workspaces on a fresh database, with a community and its owner. */
export const openSharedStore = async (): Promise<StoreUnderTest> => {
  const { database, close } = await openTeamDatabase();
  const { communityId, owner } = await seedCommunity(database);
  return { store: createSharedWorkspaces(database), userId: owner, displayName: owner, communityId, close };
};
