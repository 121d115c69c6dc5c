import { workspaceAddress } from '../workspace/frame.tsx';

/** The graph around a job. */
export const graphAddress = (workspaceId: string, path: string): string =>
  workspaceAddress(workspaceId, `control-m/graph?${new URLSearchParams({ job: path }).toString()}`);

/** The page that says who set the properties of a job. */
export const jobBlameAddress = (workspaceId: string, folderId: string, path: string): string =>
  workspaceAddress(workspaceId, `control-m/folders/${folderId}/blame?${new URLSearchParams({ job: path }).toString()}`);

/** The folder that holds a job, with the job in sight. */
export const folderAddress = (workspaceId: string, folderId: string): string =>
  workspaceAddress(workspaceId, `control-m/folders/${folderId}`);
