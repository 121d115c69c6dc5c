import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { workspaceStoreContract } from '@guildhall/workspaces/contract';
import { openSoloDatabase } from '../../src/store/open-solo-database.ts';
import { createSoloWorkspaces } from '../../src/store/solo-workspaces.ts';

workspaceStoreContract('SQLite', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-solo-'));
  const database = await openSoloDatabase(path.join(folder, 'solo.db'));
  return {
    store: createSoloWorkspaces(database),
    userId: 'solo',
    communityId: null,
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
});
