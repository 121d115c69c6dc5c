import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StoreUnderTest } from '@guildhall/workspaces/contract';
import { openSoloDatabase } from '../../src/store/solo/open.ts';
import { createSoloWorkspaces } from '../../src/store/workspaces/workspaces.ts';
import { writeSoloFile } from './solo-file.ts';

/** A store of workspaces on a fresh file, which is removed when it is closed. */
export const openSoloStore = async (): Promise<StoreUnderTest> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-solo-'));
  const file = path.join(folder, 'solo.db');
  await writeSoloFile(file);
  const database = await openSoloDatabase(file);
  return {
    store: createSoloWorkspaces(database),
    userId: 'solo',
    displayName: '',
    communityId: null,
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
};
