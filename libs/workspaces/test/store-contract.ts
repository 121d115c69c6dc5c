import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe } from 'vitest';
import { archivesContract } from './contract-archives.ts';
import { rulesContract } from './contract-control-m-rules.ts';
import { documentsContract } from './contract-control-m-documents.ts';
import { jobsContract } from './contract-control-m-jobs.ts';
import { foldersContract } from './contract-control-m-folders.ts';
import { folderDefinitionsContract } from './contract-folder-definitions.ts';
import { deletedContract } from './contract-deleted.ts';
import { historiesContract } from './contract-histories.ts';
import { keysContract } from './contract-keys.ts';
import { largeInstallationContract } from './contract-large-installation.ts';
import { limitsContract } from './contract-limits.ts';
import { scriptImpactContract } from './contract-script-impact.ts';
import { scriptListsContract } from './contract-script-lists.ts';
import { scriptTextsContract } from './contract-script-texts.ts';
import { scriptsContract } from './contract-scripts.ts';
import { contractOver, serverOver, type Contract, type StoreUnderTest } from './contract-server.ts';
import { storedDocumentsContract } from './contract-stored-documents.ts';
import { transformsContract } from './contract-transforms.ts';
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
    scriptImpactContract(() => contract);
    scriptListsContract(() => contract);
    scriptTextsContract(() => contract);
    foldersContract(() => contract);
    documentsContract(() => contract);
    storedDocumentsContract(() => contract);
    rulesContract(() => contract);
    jobsContract(() => contract);
    folderDefinitionsContract(() => contract);
    transformsContract(() => contract);
    archivesContract(() => contract);
    historiesContract(() => contract);
    deletedContract(() => contract);
    keysContract(() => contract);
    largeInstallationContract(() => contract);
    limitsContract(() => contract);
  });
};
