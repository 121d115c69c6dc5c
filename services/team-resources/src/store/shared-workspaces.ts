import type { Connection, SharedDatabase } from '@guildhall/db';
import { applyWrite, type DocumentStore, type DocumentTypes, type WorkspaceStore } from '@guildhall/workspaces';
import { createControlMStore } from './control-m-documents.ts';
import { createFolderStore } from './control-m-folders.ts';
import { gatherScriptWrites } from './gathered-scripts.ts';
import { createImportedDocumentStore } from './imported-documents.ts';
import { createScriptStore } from './scripts.ts';
import { workspaceReads, workspaceWrites } from './workspaces.ts';

/** Thrown to take back what a transaction has saved. */
const lost = new Error('A concurrent change came before one of several writes.');

const documentStores = (connection: Connection) => ({
  scripts: createScriptStore(connection),
  controlMFolders: createFolderStore(connection),
  controlMDocuments: createImportedDocumentStore(connection),
});

/** The stores on the pool, where writes of scripts gather. */
const gatheredStores = (connection: Connection) => {
  const stores = documentStores(connection);
  return { ...stores, scripts: { ...stores.scripts, ...gatherScriptWrites(connection, stores.scripts) } };
};

const writesOf = <D extends DocumentTypes>(store: DocumentStore<D>) => ({
  insert: (
    ...[document, write, earlier]: [...Parameters<DocumentStore<D>['save']>, Parameters<DocumentStore<D>['insert']>[3]?]
  ) => store.insert(document, write, null, earlier),
  save: (...saved: Parameters<DocumentStore<D>['save']>) => store.save(...saved),
});

const createSaveAll =
  ({ inTransaction }: Pick<SharedDatabase, 'inTransaction'>): WorkspaceStore['saveAll'] =>
  async (writes) => {
    try {
      return await inTransaction(async (tx) => {
        const { scripts, controlMFolders, controlMDocuments } = documentStores(tx);
        const stores = {
          scripts: writesOf(scripts),
          controlMFolders: writesOf(controlMFolders),
          controlMDocuments: writesOf(controlMDocuments),
        };
        for (const write of writes) if (!(await applyWrite(stores, write))) throw lost;
        return true;
      });
    } catch (error) {
      if (error === lost) return false;
      throw error;
    }
  };

/** The store of shared workspaces and their documents. Every operation but `saveAll` is one statement with the caller's membership in it. */
export const createSharedWorkspaces = (database: Pick<SharedDatabase, 'connection' | 'inTransaction'>): WorkspaceStore => ({
  ...workspaceReads(database.connection),
  ...workspaceWrites(database.connection),
  ...gatheredStores(database.connection),
  controlM: createControlMStore(database.connection),
  saveAll: createSaveAll(database),
});
