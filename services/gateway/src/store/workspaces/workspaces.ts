import type { PageRequest } from '@guildhall/resources';
import type { DocumentStore, WithAccess, WorkspaceStore } from '@guildhall/workspaces';
import type { SoloDatabase } from '../solo/open.ts';
import { folderStatements } from './control-m-folders.ts';
import { createSoloKeys } from './idempotency-keys.ts';
import { scriptStatements } from './scripts.ts';
import { versionStatements } from './script-versions.ts';
import { workspaceStatements } from './workspace-statements.ts';
import { createWriteAtOnce } from '../solo/write.ts';

export interface SoloWorkspaces extends WorkspaceStore {
  /** Whether a workspace, deleted or not, lies here. */
  holds(workspaceId: string): boolean;
}

interface DocumentStatements<T, S> {
  find(workspaceId: string, id: string): WithAccess<T> | undefined;
  list(workspaceId: string, page: PageRequest): readonly S[];
  remove(next: T): boolean;
}

/**
 * The workspaces of this machine's user. There is one user, who owns all of it: user ids and permissions are not looked
 * at. SQLite runs one write at a time, so a write here is one transaction that nothing gets between.
 */
export const createSoloWorkspaces = ({ sqlite }: SoloDatabase): SoloWorkspaces => {
  const keys = createSoloKeys(sqlite);
  const workspaces = workspaceStatements(sqlite);
  const scripts = scriptStatements(sqlite);
  const versions = versionStatements(sqlite);
  const folders = folderStatements(sqlite);
  const atOnce = createWriteAtOnce(sqlite);
  const place = (userId: string, key: string | undefined) => ({
    communityId: null,
    role: 'owner' as const,
    earlier: key === undefined ? null : keys.find(userId, key),
  });
  /** What is the same for every kind of document. */
  const documents = <T, S>(
    of: DocumentStatements<T, S>,
  ): Pick<DocumentStore<T, S>, 'find' | 'list' | 'findCreateTarget' | 'delete'> => ({
    find: async (_userId, workspaceId, id) => of.find(workspaceId, id),
    list: async (_userId, workspaceId, page) => (workspaces.isLive(workspaceId) ? of.list(workspaceId, page) : undefined),
    findCreateTarget: async (userId, workspaceId, key) => (workspaces.isLive(workspaceId) ? place(userId, key) : undefined),
    delete: async (next) => atOnce(() => of.remove(next)),
  });

  return {
    holds: workspaces.holds,
    findWorkspace: async (_userId, id) => workspaces.find(id),
    listWorkspaces: async (_userId, page) => workspaces.list(page),
    listCommunityWorkspaces: async () => undefined,
    findWorkspaceTarget: async (userId, communityId, key) => (communityId === null ? place(userId, key) : undefined),
    insertWorkspace: async (workspace, { userId }, remembered) =>
      atOnce(() => {
        if (!keys.claim(userId, remembered)) return false;
        workspaces.insert(workspace);
        return true;
      }),
    saveWorkspace: async (next, isDeleted) => atOnce(() => workspaces.save(next, isDeleted)),

    scripts: {
      ...documents(scripts),
      insert: async (script, { userId }, remembered) =>
        atOnce(() => {
          if (!workspaces.isLive(script.workspaceId) || !keys.claim(userId, remembered)) return false;
          scripts.insert(script);
          versions.keep(script, userId);
          return true;
        }),
      save: async (next, { userId }) =>
        atOnce(() => {
          if (!scripts.save(next)) return false;
          versions.keep(next, userId);
          return true;
        }),
    },
    controlMFolders: {
      ...documents(folders),
      insert: async (folder, { userId }, remembered) =>
        atOnce(() => {
          if (!workspaces.isLive(folder.workspaceId) || !keys.claim(userId, remembered)) return false;
          folders.insert(folder);
          return true;
        }),
      save: async (next) => atOnce(() => folders.save(next)),
    },

    listScriptVersions: async (_userId, workspaceId, scriptId, page) =>
      scripts.find(workspaceId, scriptId) === undefined ? undefined : versions.list(scriptId, page),
    findScriptVersion: async (_userId, workspaceId, scriptId, version) =>
      scripts.find(workspaceId, scriptId) === undefined ? undefined : versions.find(scriptId, version),
  };
};
