import { controlMEndpoints } from './control-m-folders.ts';
import type { Endpoint } from './endpoint.ts';
import type { WorkspaceParts } from './parts.ts';
import { scriptEndpoints } from './scripts.ts';
import { sharedOnlyEndpoints, soloOnlyEndpoints, workspaceEndpoints } from './workspaces.ts';

/** Every operation on solo workspaces, but `listWorkspaces`: who merges the two parts makes it of `pageOfWorkspaces`. */
export const soloEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  ...soloOnlyEndpoints(parts),
  ...workspaceEndpoints(parts),
  ...scriptEndpoints(parts),
  ...controlMEndpoints(parts),
];

/** Every operation on shared workspaces; its `listWorkspaces` answers the shared part. */
export const sharedEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  ...sharedOnlyEndpoints(parts),
  ...workspaceEndpoints(parts),
  ...scriptEndpoints(parts),
  ...controlMEndpoints(parts),
];
