export { auditEvent, type Caller, type Deed, type EventParts, type Request } from './audit.ts';
export { changesOf, edited, type Digest } from './changes.ts';
export { endpoint, versioned, type Endpoint } from './endpoint.ts';
export { cursorOf, pageRequest, readPosition, toPage, type Page, type PageQuery } from './pages.ts';
export { createOnce, fingerprintOf, untilSettled, type WorkspaceParts } from './parts.ts';
export { folderNameTaken, keptChanging, mustBeCurrent, mustHold, notFound, staleVersion } from './refusals.ts';
export { sharedEndpoints, soloEndpoints } from './endpoints.ts';
export { pageOfWorkspaces } from './workspaces.ts';
export { keyLifetimeHours } from './workspace-store.ts';
export type {
  DocumentStore,
  EarlierAnswer,
  KeptFolder,
  PageRequest,
  Place,
  Position,
  RememberedAnswer,
  Seen,
  SeenWorkspace,
  WorkspaceStore,
  Write,
} from './workspace-store.ts';
