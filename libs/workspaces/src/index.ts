export { type Endpoint } from './endpoint.ts';
export type { WorkspaceParts } from './parts.ts';
export { applyWrite } from './apply-write.ts';
export { documentIdTaken } from './document-id-taken.ts';
export { documentNameTaken } from './document-name-taken.ts';
export { folderNameTaken } from './folder-name-taken.ts';
export { sharedEndpoints, soloEndpoints } from './endpoints.ts';
export { createAnalyser, type Analyse } from './control-m/analyser.ts';
export { createTextComparer, type CompareTexts, type TextComparer } from './line-diff/text-comparer.ts';
export type { ListQuery } from './documents.ts';
export { folderFields, importedFields, scriptFields } from './sync/document-fields.ts';
export { inOrder } from './control-m/naming-rules.ts';
export { documentOf, stateOf, stateOfDocument, tellingOf, type SavedText, type SyncedHead } from './sync/synced-documents.ts';
export type {
  ConflictListRequest,
  ConflictSummary,
  CopiedDocument,
  DocumentId,
  OwnDocument,
  OwnVersion,
  SharedHead,
  SharedHeads,
  SharedWorkspace,
  StoredBase,
  StoredConflict,
  StoredSync,
  SyncParts,
  SyncRow,
  SyncState,
  SyncStore,
  SyncTransaction,
} from './sync/sync-store.ts';
export { findConflict, listConflicts, resolveConflict, type ConflictChoice, type ConflictListQuery } from './sync/conflicts.ts';
export { undoSync } from './sync/undo-sync.ts';
export { findSync, planSync, syncWorkspace, type SyncReport } from './sync/sync-workspace.ts';
export { findSharedDocument, pushDocument, type FolderSave, type PushedVersions, type PushParts } from './sync/push-document.ts';
export { pushExchangedFolders } from './sync/push-exchange.ts';
export { pageOfWorkspaces } from './workspaces.ts';
export type {
  CreateTarget,
  Deletable,
  DocumentStore,
  DocumentTypes,
  DocumentWrite,
  EarlierVersion,
  FolderStore,
  FolderTypes,
  ImportedDocumentStore,
  ImportedDocumentTypes,
  ListRequest,
  SaveWrite,
  ScriptFilters,
  ScriptListRequest,
  ScriptScan,
  ScriptStore,
  ScriptTypes,
  StoredDocument,
  StoredDocumentVersion,
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
