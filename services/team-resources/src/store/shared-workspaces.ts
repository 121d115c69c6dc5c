import { createOutboxStore, type Connection } from '@guildhall/db';
import type { WorkspaceStore } from '@guildhall/workspaces';
import { schema } from './pieces.ts';
import { scriptReads, scriptWrites } from './scripts.ts';
import { workspaceReads, workspaceWrites } from './workspaces.ts';

/** Workspaces that communities share. Each operation is one statement, with the caller's membership in it. */
export const createSharedWorkspaces = (connection: Connection): WorkspaceStore => ({
  ...workspaceReads(connection),
  ...workspaceWrites(connection),
  ...scriptReads(connection),
  ...scriptWrites(connection),
  recordDenial: (event) => createOutboxStore(connection, schema).append([event]),
});
