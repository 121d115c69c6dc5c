/** The contracts by which a workspace goes from one side to the other: shared, imported, synchronised. */
export {
  copiedBytesMax,
  copiedRowsMax,
  type CopiedRows,
  type CopiedWorkspace,
  type ImportedWorkspace,
  type WorkspaceCounts,
  type WorkspaceImportState,
  type WorkspaceRows,
} from './routes/workspace-imports.ts';
export {
  documentKinds,
  exchangedFoldersMax,
  syncedKinds,
  type DocumentPush,
  type SharedDocument,
  type SyncedDocument,
  type SyncedDocumentKind,
  type SyncedKind,
} from './routes/workspace-sync.ts';
export { sharingRoutes, type WorkspaceShare } from './routes/sharing.ts';
