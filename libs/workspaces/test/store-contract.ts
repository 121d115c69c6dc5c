import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe } from 'vitest';
import { foldersContract } from './contract-control-m-folders.ts';
import { folderDefinitionsContract } from './contract-folder-definitions.ts';
import { keysContract } from './contract-keys.ts';
import { limitsContract } from './contract-limits.ts';
import { scriptsContract } from './contract-scripts.ts';
import { contractOver, serverOver, type Contract, type StoreUnderTest } from './contract-server.ts';
import { workspacesContract } from './contract-workspaces.ts';

export type { StoreUnderTest } from './contract-server.ts';

/**
 * The contract suite of workspace stores, seen through the operations that both processes serve. Run it over a fresh store:
 * `workspaceStoreContract('SQLite', async () => …)`.
 */
export const workspaceStoreContract = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`${name}: a store of workspaces`, () => {
    let app: FastifyInstance;
    let contract: Contract;

    beforeAll(async () => {
      const under = await make();
      app = serverOver(under);
      contract = contractOver(under, app);
    });
    afterAll(async () => {
      await app.close();
      await contract.under.close();
    });

    workspacesContract(() => contract);
    scriptsContract(() => contract);
    foldersContract(() => contract);
    folderDefinitionsContract(() => contract);
    keysContract(() => contract);
    limitsContract(() => contract);
  });
};
