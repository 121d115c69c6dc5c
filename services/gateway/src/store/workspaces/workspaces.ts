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
  /** Whether the workspace, deleted or not, is in this store. */
  holds(workspaceId: string): boolean;
}

interface DocumentStatements<T, S> {
  find(workspaceId: string, id: string): WithAccess<T> | undefined;
  list(workspaceId: string, page: PageRequest): readonly S[];
  remove(next: T): boolean;
}

type Statements = ReturnType<typeof statementsOn>;

const statementsOn = (sqlite: SoloDatabase['sqlite']) => ({
  keys: createSoloKeys(sqlite),
  workspaces: workspaceStatements(sqlite),
  scripts: scriptStatements(sqlite),
  versions: versionStatements(sqlite),
  folders: folderStatements(sqlite),
  writeAtOnce: createWriteAtOnce(sqlite),
});

/**
 * The workspaces of this machine's user, in SQLite. There is one user, who owns everything: user ids and permissions are not
 * checked. Writes are serialized: each is one transaction that takes the write lock first.
 */
export const createSoloWorkspaces = ({ sqlite }: SoloDatabase): SoloWorkspaces => {
  const statements = statementsOn(sqlite);
  const { keys, workspaces, scripts, versions, writeAtOnce } = statements;
  return {
    holds: workspaces.holds,
    findWorkspace: async (_userId, id) => workspaces.find(id),
    listWorkspaces: async (_userId, page) => workspaces.list(page),
    listCommunityWorkspaces: async () => undefined,
    findWorkspaceTarget: async (userId, communityId, key) =>
      communityId === null ? createTarget(statements, userId, key) : undefined,
    insertWorkspace: async (workspace, { userId }, remembered) =>
      writeAtOnce(() => {
        if (!keys.claim(userId, remembered)) return false;
        workspaces.insert(workspace);
        return true;
      }),
    saveWorkspace: async (next, isDeleted) => writeAtOnce(() => workspaces.save(next, isDeleted)),
    scripts: scriptStore(statements),
    controlMFolders: folderStore(statements),
    listScriptVersions: async (_userId, workspaceId, scriptId, page) =>
      scripts.find(workspaceId, scriptId) === undefined ? undefined : versions.list(scriptId, page),
    findScriptVersion: async (_userId, workspaceId, scriptId, version) =>
      scripts.find(workspaceId, scriptId) === undefined ? undefined : versions.find(scriptId, version),
  };
};

const createTarget = ({ keys }: Statements, userId: string, key: string | undefined) => ({
  communityId: null,
  role: 'owner' as const,
  earlier: key === undefined ? null : keys.find(userId, key),
});

/** The operations that every kind of document shares. */
const documentStore = <T, S>(
  statements: Statements,
  documents: DocumentStatements<T, S>,
): Pick<DocumentStore<T, S>, 'find' | 'list' | 'findCreateTarget' | 'delete'> => {
  const { workspaces, writeAtOnce } = statements;
  return {
    find: async (_userId, workspaceId, id) => documents.find(workspaceId, id),
    list: async (_userId, workspaceId, page) => (workspaces.isLive(workspaceId) ? documents.list(workspaceId, page) : undefined),
    findCreateTarget: async (userId, workspaceId, key) =>
      workspaces.isLive(workspaceId) ? createTarget(statements, userId, key) : undefined,
    delete: async (next) => writeAtOnce(() => documents.remove(next)),
  };
};

const scriptStore = (statements: Statements): SoloWorkspaces['scripts'] => {
  const { keys, workspaces, scripts, versions, writeAtOnce } = statements;
  return {
    ...documentStore(statements, scripts),
    insert: async (script, { userId }, remembered) =>
      writeAtOnce(() => {
        if (!workspaces.isLive(script.workspaceId) || !keys.claim(userId, remembered)) return false;
        scripts.insert(script);
        versions.keep(script, userId);
        return true;
      }),
    save: async (next, { userId }) =>
      writeAtOnce(() => {
        if (!scripts.save(next)) return false;
        versions.keep(next, userId);
        return true;
      }),
  };
};

const folderStore = (statements: Statements): SoloWorkspaces['controlMFolders'] => {
  const { keys, workspaces, folders, writeAtOnce } = statements;
  return {
    ...documentStore(statements, folders),
    insert: async (folder, { userId }, remembered) =>
      writeAtOnce(() => {
        if (!workspaces.isLive(folder.workspaceId) || !keys.claim(userId, remembered)) return false;
        folders.insert(folder);
        return true;
      }),
    save: async (next) => writeAtOnce(() => folders.save(next)),
  };
};
