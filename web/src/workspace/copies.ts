import type { Workspace } from '@guildhall/contracts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { localToken } from '../api/local-token.ts';
import { readWhole } from '../api/reading.ts';
import { useStore } from '../api/store.ts';

/** The workspaces of the solo file by their ids, copies of shared ones included: as this machine's user sees them without a session. */
const readOwn = async (): Promise<ReadonlyMap<string, Workspace>> => {
  const own = await readWhole((page) => call('listWorkspaces', { query: { ...page, mode: 'solo' }, isLocalAlone: true }));
  return new Map(own.map((workspace) => [workspace.id, workspace]));
};

/** Reads what lies in the solo file; nothing where this browser does not have the local token. */
export const useOwnWorkspaces = () => {
  const isLocal = useStore(localToken) !== null;
  return useQuery({ queryKey: ['own-workspaces', isLocal], queryFn: readOwn, enabled: isLocal });
};

/** True while a copy of the workspace lies on this machine; undefined while that is not known. */
export const useHasCopy = (workspaceId: string): boolean | undefined => {
  const isLocal = useStore(localToken) !== null;
  const own = useOwnWorkspaces();
  return isLocal ? own.data?.has(workspaceId) : false;
};
