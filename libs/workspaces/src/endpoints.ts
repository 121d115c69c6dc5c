import { controlMEndpoints } from './control-m-folders.ts';
import type { Endpoint } from './endpoint.ts';
import type { WorkspaceParts } from './parts.ts';
import { scriptEndpoints } from './scripts.ts';
import { sharedOnlyEndpoints, soloOnlyEndpoints, workspaceEndpoints } from './workspaces.ts';

/** The operations on solo workspaces, except `listWorkspaces`: the gateway merges it from `pageOfWorkspaces` of both stores. */
export const soloEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  ...soloOnlyEndpoints(parts),
  ...workspaceEndpoints(parts),
  ...scriptEndpoints(parts),
  ...controlMEndpoints(parts),
];

/** The operations on shared workspaces; `listWorkspaces` returns the shared part of the list. */
export const sharedEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  ...sharedOnlyEndpoints(parts),
  ...workspaceEndpoints(parts),
  ...scriptEndpoints(parts),
  ...controlMEndpoints(parts),
];
