export { type Endpoint } from './endpoint.ts';
export type { WorkspaceParts } from './parts.ts';
export { folderNameTaken } from './folder-name-taken.ts';
export { sharedEndpoints, soloEndpoints } from './endpoints.ts';
export { pageOfWorkspaces } from './workspaces.ts';
export type {
  CreateTarget,
  DocumentStore,
  StoredFolder,
  WithAccess,
  WorkspaceStore,
  WorkspaceWithAccess,
  Write,
} from './workspace-store.ts';
