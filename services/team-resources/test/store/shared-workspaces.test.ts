import { workspaceStoreContract } from '@guildhall/workspaces/contract';
import { createSharedWorkspaces } from '../../src/store/shared-workspaces.ts';
import { openTeamDatabase, seedCommunity } from '../support/team-database.ts';

workspaceStoreContract('PostgreSQL', async () => {
  const { database, close } = await openTeamDatabase();
  const { communityId, owner } = await seedCommunity(database);
  return { store: createSharedWorkspaces(database), userId: owner, displayName: owner, communityId, close };
});
