import { archiveEndpoints } from './archive/archive-endpoints.ts';
import { controlMDocumentEndpoints } from './control-m/document-endpoints.ts';
import { controlMJobEndpoints } from './control-m/job-endpoints.ts';
import { namingRuleEndpoints } from './control-m/naming-rules.ts';
import { storedDocumentEndpoints } from './control-m/stored-documents.ts';
import { transformEndpoints } from './control-m/transform-endpoints.ts';
import { controlMEndpoints } from './control-m-folders.ts';
import type { Endpoint } from './endpoint.ts';
import type { WorkspaceParts } from './parts.ts';
import { scriptEndpoints } from './scripts.ts';
import { sharedOnlyEndpoints, soloOnlyEndpoints, workspaceEndpoints } from './workspaces.ts';

/** The operations that solo and shared workspaces have in common. */
const commonEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  ...workspaceEndpoints(parts),
  ...scriptEndpoints(parts),
  ...controlMEndpoints(parts),
  ...controlMDocumentEndpoints(parts),
  ...storedDocumentEndpoints(parts),
  ...controlMJobEndpoints(parts),
  ...namingRuleEndpoints(parts),
  ...transformEndpoints(parts),
  ...archiveEndpoints(parts),
];

/** The operations on solo workspaces, except `listWorkspaces`: the gateway merges it from `pageOfWorkspaces` of both stores. */
export const soloEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  ...soloOnlyEndpoints(parts),
  ...commonEndpoints(parts),
];

/** The operations on shared workspaces; `listWorkspaces` returns the shared part of the list. */
export const sharedEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  ...sharedOnlyEndpoints(parts),
  ...commonEndpoints(parts),
];
