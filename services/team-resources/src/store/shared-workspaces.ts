import { createOutboxStore, type Connection } from '@guildhall/db';
import type { WorkspaceStore } from '@guildhall/workspaces';
import { createFolderStore } from './control-m-folders.ts';
import { schema } from './pieces.ts';
import { createScriptStore, scriptVersionReads } from './scripts.ts';
import { workspaceReads, workspaceWrites } from './workspaces.ts';

/** Workspaces that communities share, with what lies in them. Each operation is one statement, with the caller's membership in it. */
export const createSharedWorkspaces = (connection: Connection): WorkspaceStore => ({
  ...workspaceReads(connection),
  ...workspaceWrites(connection),
  scripts: createScriptStore(connection),
  ...scriptVersionReads(connection),
  controlMFolders: createFolderStore(connection),
  recordDenial: (event) => createOutboxStore(connection, schema).append([event]),
});
