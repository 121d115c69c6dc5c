import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { useRead, useWhole } from '../api/reading.ts';
import { navigate } from '../router/router.ts';
import { workspaceAddress } from '../workspace/frame.tsx';
import type { Command } from './command.ts';

/** The most workspaces whose scripts and folders are looked through: the one at hand first. */
const workspacesMax = 8;
const limit = 5;
const charactersMin = 2;

/** The workspaces of the person, solo and shared. */
export const useWorkspaceCommands = (): readonly (Command & { readonly workspaceId: string })[] => {
  const read = useWhole(['listWorkspaces'], (page) => call('listWorkspaces', { query: page }));
  return (
    read.data?.map(({ id, name }) => ({
      id: `workspace-${id}`,
      workspaceId: id,
      label: name,
      run: () => navigate(workspaceAddress(id)),
    })) ?? []
  );
};

export const useCommunityCommands = (isOn: boolean): readonly Command[] => {
  const read = useWhole(['listCommunities'], (page) => call('listCommunities', { query: page }), isOn);
  return (
    read.data?.map(({ id, name }) => ({
      id: `community-${id}`,
      label: name,
      run: () => navigate(`/app/communities/${id}`),
    })) ?? []
  );
};

/** The accounts whose name or address has the text. */
export const usePeopleCommands = (text: string, isOn: boolean): readonly Command[] => {
  const read = useRead('listUsers', { query: { q: text, limit } }, { isOn: isOn && text.length >= charactersMin });
  return (
    read.data?.items.map(({ id, displayName, email }) => ({
      id: `user-${id}`,
      label: displayName,
      note: email,
      run: () => navigate(`/app/admin/users/${id}`),
    })) ?? []
  );
};

interface Sought {
  readonly workspaceId: string;
  readonly label: string;
}

const itemsOf = async <Item>(read: Promise<{ readonly items: readonly Item[] }>): Promise<readonly Item[]> => {
  // A workspace that cannot be looked through now has nothing to show: the others go on.
  const { items } = await read.catch(() => ({ items: [] }));
  return items;
};

const documentsOf = async ({ workspaceId, label: note }: Sought, q: string) => {
  const request = { params: { workspaceId }, query: { q, limit } };
  const [scripts, folders] = await Promise.all([
    itemsOf(call('listScripts', request)),
    itemsOf(call('listControlMFolders', request)),
  ]);
  const commandOf =
    (kind: string, path: string) =>
    (item: { readonly id: string; readonly name: string }): Command => ({
      id: `${kind}-${item.id}`,
      label: item.name,
      note,
      run: () => navigate(workspaceAddress(workspaceId, `${path}/${item.id}`)),
    });
  return {
    scripts: scripts.map(commandOf('script', 'scripts')),
    folders: folders.map(commandOf('folder', 'control-m/folders')),
  };
};

const none = { scripts: [], folders: [] };

/** The scripts and Control-M folders whose name or text has the text. */
export const useDocumentCommands = (text: string, workspaces: readonly Sought[]) => {
  const sought = workspaces.slice(0, workspacesMax);
  const read = useQuery({
    queryKey: ['palette', text, sought.map(({ workspaceId }) => workspaceId)],
    queryFn: async () => {
      const found = await Promise.all(sought.map((workspace) => documentsOf(workspace, text)));
      return {
        scripts: found.flatMap(({ scripts }) => scripts),
        folders: found.flatMap(({ folders }) => folders),
      };
    },
    enabled: text.length >= charactersMin && sought.length > 0,
  });
  return read.data ?? none;
};
