import type { PageRequest } from '@guildhall/resources';
import {
  applyWrite,
  type Deletable,
  type DocumentStore,
  type DocumentTypes,
  type EarlierVersion,
  type FolderTypes,
  type ImportedDocumentTypes,
  type SaveWrite,
  type ScriptTypes,
  type WorkspaceStore,
} from '@guildhall/workspaces';
import type { SoloDatabase } from '../solo/open.ts';
import { createSoloControlM } from './control-m-documents.ts';
import { folderStatements, folderVersionStatements } from './control-m-folders.ts';
import { addSha256 } from './document-versions.ts';
import { createSoloKeys } from './idempotency-keys.ts';
import { importedDocumentStatements, importedDocumentVersionStatements } from './imported-documents.ts';
import { scriptStatements, scriptVersionStatements } from './scripts.ts';
import { workspaceStatements } from './workspace-statements.ts';
import { createWriteAtOnce } from '../solo/write.ts';

export interface SoloWorkspaces extends WorkspaceStore {
  /** Whether the workspace, deleted or not, is in this store. */
  holds(workspaceId: string): boolean;
  /** The workspaces that are not copies of shared ones. */
  readonly own: Pick<WorkspaceStore, 'listWorkspaces'>;
}

/** The statements on the documents of a kind. */
interface DocumentStatements<D extends DocumentTypes> {
  find(workspaceId: string, id: string): Deletable<D['item']> | undefined;
  insert(document: D['item']): void;
  save(next: D['item']): boolean;
  remove(next: D['item']): boolean;
  restore(next: D['item']): boolean;
}

/** The statements on the versions of documents of a kind. */
interface HistoryStatements<D extends DocumentTypes> {
  keep(document: D['item'], saved: Pick<SaveWrite, 'note' | 'restoredFrom' | 'userId' | 'versionId'>): void;
  list(id: string, page: PageRequest<number>): readonly D['versionSummary'][];
  find(id: string, version: number): D['version'] | undefined;
  /** The number of the last version; 0 if there is none. */
  newest(id: string): number;
}

type Statements = ReturnType<typeof statementsOn>;

const statementsOn = (sqlite: SoloDatabase['sqlite']) => ({
  keys: createSoloKeys(sqlite),
  workspaces: workspaceStatements(sqlite),
  scripts: scriptStatements(sqlite),
  scriptVersions: scriptVersionStatements(sqlite),
  folders: folderStatements(sqlite),
  folderVersions: folderVersionStatements(sqlite),
  documents: importedDocumentStatements(sqlite),
  documentVersions: importedDocumentVersionStatements(sqlite),
  writeAtOnce: createWriteAtOnce(sqlite),
});

/**
 * The workspaces of this machine's user, in SQLite. There is one user, who owns everything: user ids and permissions are not
 * checked. Writes are serialized: each is one transaction that takes the write lock first.
 */
export const createSoloWorkspaces = ({ sqlite }: SoloDatabase): SoloWorkspaces => {
  addSha256(sqlite);
  const statements = statementsOn(sqlite);
  const { keys, workspaces, writeAtOnce } = statements;
  return {
    holds: workspaces.holds,
    own: { listWorkspaces: async (_userId, request) => workspaces.listOwn(request) },
    findWorkspace: async (_userId, id) => workspaces.find(id),
    listWorkspaces: async (_userId, request) => workspaces.list(request),
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
    scripts: {
      ...documentStore<ScriptTypes>(statements, statements.scripts, statements.scriptVersions),
      list: async (_userId, id, request) => (workspaces.isLive(id) ? statements.scripts.list(id, request) : undefined),
    },
    controlMFolders: {
      ...documentStore<FolderTypes>(statements, statements.folders, statements.folderVersions),
      list: async (_userId, id, request) => (workspaces.isLive(id) ? statements.folders.list(id, request) : undefined),
    },
    controlMDocuments: {
      ...documentStore<ImportedDocumentTypes>(statements, statements.documents, statements.documentVersions),
      list: async (_userId, id, request) => (workspaces.isLive(id) ? statements.documents.list(id, request) : undefined),
    },
    controlM: createSoloControlM(sqlite, { ...workspaces, writeAtOnce }),
    saveAll: createSaveAll(statements),
  };
};

const createTarget = ({ keys }: Statements, userId: string, key: string | undefined) => ({
  communityId: null,
  role: 'owner' as const,
  earlier: key === undefined ? null : keys.find(userId, key),
});

/** The writes of a kind of document, for a transaction that holds the write lock. */
const documentWrites = <D extends DocumentTypes>(
  { workspaces }: Pick<Statements, 'workspaces'>,
  documents: DocumentStatements<D>,
  versions: HistoryStatements<D>,
) => ({
  insert: (document: D['item'], write: SaveWrite, earlier: readonly EarlierVersion<D>[] = []): boolean => {
    if (!workspaces.isLive(document.workspaceId)) return false;
    documents.insert(document);
    for (const { item, note, restoredFrom } of earlier) versions.keep(item, { note, restoredFrom, userId: write.userId });
    versions.keep(document, write);
    return true;
  },
  save: (next: D['item'], write: SaveWrite): boolean => {
    if (!documents.save(next)) return false;
    versions.keep(next, write);
    return true;
  },
});

/** Thrown to take back what a transaction has saved. */
const lost = new Error('A concurrent change came before one of several writes.');

/** Makes writes on the documents of all kinds, all of them or none. */
const createSaveAll = (statements: Statements): WorkspaceStore['saveAll'] => {
  const { scripts, scriptVersions, folders, folderVersions, documents, documentVersions, writeAtOnce } = statements;
  const stores = {
    scripts: documentWrites<ScriptTypes>(statements, scripts, scriptVersions),
    controlMFolders: documentWrites<FolderTypes>(statements, folders, folderVersions),
    controlMDocuments: documentWrites<ImportedDocumentTypes>(statements, documents, documentVersions),
  };
  return async (writes) => {
    try {
      return writeAtOnce(() => {
        if (!writes.every((write) => applyWrite(stores, write))) throw lost;
        return true;
      });
    } catch (error) {
      if (error === lost) return false;
      throw error;
    }
  };
};

/** The store of a kind of document. */
const documentStore = <D extends DocumentTypes>(
  statements: Statements,
  documents: DocumentStatements<D>,
  versions: HistoryStatements<D>,
): DocumentStore<D> => {
  const { keys, workspaces, writeAtOnce } = statements;
  const writes = documentWrites(statements, documents, versions);
  const ifFound = <T>(workspaceId: string, id: string, read: () => T): T | undefined =>
    documents.find(workspaceId, id)?.isDeleted === false ? read() : undefined;
  return {
    find: async (_userId, workspaceId, id) => documents.find(workspaceId, id),
    findCreateTarget: async (userId, workspaceId, key) =>
      workspaces.isLive(workspaceId) ? createTarget(statements, userId, key) : undefined,
    insert: async (document, write, remembered, earlier) =>
      writeAtOnce(() => {
        if (!workspaces.isLive(document.workspaceId) || !keys.claim(write.userId, remembered)) return false;
        return writes.insert(document, write, earlier);
      }),
    save: async (next, write) => writeAtOnce(() => writes.save(next, write)),
    delete: async (next) => writeAtOnce(() => documents.remove(next)),
    restore: async (next, write) =>
      writeAtOnce(() => {
        if (!documents.restore(next)) return false;
        versions.keep(next, write);
        return true;
      }),
    listVersions: async (_userId, workspaceId, id, page) => ifFound(workspaceId, id, () => versions.list(id, page)),
    findVersion: async (_userId, workspaceId, id, version) => ifFound(workspaceId, id, () => versions.find(id, version)),
    findVersionPair: async (_userId, workspaceId, id, { from, to }) => {
      const find = () => [...new Set([from, to ?? versions.newest(id)])].map((version) => versions.find(id, version));
      return (ifFound(workspaceId, id, find) ?? []).filter((found) => found !== undefined);
    },
  };
};
