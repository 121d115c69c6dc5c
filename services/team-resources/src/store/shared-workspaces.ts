import type { Connection } from '@guildhall/db';
import type { WorkspaceStore } from '@guildhall/workspaces';
import { createControlMStore } from './control-m-documents.ts';
import { createFolderStore } from './control-m-folders.ts';
import { createImportedDocumentStore } from './imported-documents.ts';
import { createScriptStore } from './scripts.ts';
import { workspaceReads, workspaceWrites } from './workspaces.ts';

/** The store of shared workspaces and their documents. Every operation is one statement with the caller's membership in it. */
export const createSharedWorkspaces = (connection: Connection): WorkspaceStore => ({
  ...workspaceReads(connection),
  ...workspaceWrites(connection),
  scripts: createScriptStore(connection),
  controlMFolders: createFolderStore(connection),
  controlMDocuments: createImportedDocumentStore(connection),
  controlM: createControlMStore(connection),
});
