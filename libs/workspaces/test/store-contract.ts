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

/** Describes a fresh store, served while the tests run. */
const describeStore = (name: string, make: () => Promise<StoreUnderTest>, tests: (the: () => Contract) => void): void => {
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
    tests(() => contract);
  });
};

/**
 * The contract suite of workspace stores, seen through the operations that both processes serve. Run it over a fresh store:
 * `workspaceStoreContract('SQLite', async () => …)`.
 */
export const workspaceStoreContract = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describeStore(name, make, (the) => {
    workspacesContract(the);
    scriptsContract(the);
    scriptImpactContract(the);
    scriptListsContract(the);
    scriptTextsContract(the);
    foldersContract(the);
    documentsContract(the);
    storedDocumentsContract(the);
    rulesContract(the);
    jobsContract(the);
    folderDefinitionsContract(the);
    transformsContract(the);
    archivesContract(the);
    historiesContract(the);
    deletedContract(the);
    keysContract(the);
    limitsContract(the);
  });
};

/** The part of the suite that takes too long for the tests of every save. */
export const largeWorkspaceStoreContract = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describeStore(name, make, largeInstallationContract);
};
