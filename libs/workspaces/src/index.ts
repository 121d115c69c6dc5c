export { type Endpoint } from './endpoint.ts';
export type { WorkspaceParts } from './parts.ts';
export { folderNameTaken } from './folder-name-taken.ts';
export { sharedEndpoints, soloEndpoints } from './endpoints.ts';
export { createAnalyser, type Analyse } from './control-m/analyser.ts';
export { createTextComparer, type CompareTexts, type TextComparer } from './line-diff/text-comparer.ts';
export type { ListQuery } from './documents.ts';
export { pageOfWorkspaces } from './workspaces.ts';
export type {
  CreateTarget,
  Deletable,
  DocumentStore,
  DocumentTypes,
  FolderStore,
  FolderTypes,
  ListRequest,
  SaveWrite,
  ScriptFilters,
  ScriptListRequest,
  ScriptScan,
  ScriptStore,
  ScriptTypes,
  StoredFolder,
  StoredFolderVersion,
  VersionPair,
  WithAccess,
  WorkspaceStore,
  WorkspaceWithAccess,
  Write,
} from './workspace-store.ts';
export type { ControlMStore, FoundNamingRules, StoredControlM, StoredControlMDocument } from './control-m/control-m-store.ts';
export { requireReadable } from './control-m/too-much.ts';
