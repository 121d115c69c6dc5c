import { createHash } from 'node:crypto';
import type { SyncedDocument } from '@guildhall/contracts';
import {
  documentIdTaken,
  folderFields,
  importedFields,
  scriptFields,
  type Deletable,
  type DocumentId,
  type OwnVersion,
  type SavedText,
} from '@guildhall/workspaces';
import Sqlite from 'better-sqlite3';
import { folderStatements, folderVersionStatements } from './control-m-folders.ts';
import { importedDocumentStatements, importedDocumentVersionStatements } from './imported-documents.ts';
import { scriptStatements, scriptVersionStatements } from './scripts.ts';
import { syncedWorkspaceStatements } from './synced-workspaces.ts';

/** The versions of documents of copies that synchronisation stores: whole, whoever saved them. */

interface Head {
  readonly id: string;
  readonly workspaceId: string;
  readonly version: number;
  readonly createdBy: string;
  /** Not stored in the solo file. */
  readonly createdByName: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The statements on documents of a kind, and how a row is made of a document. */
interface Kind<Item extends Head> {
  readonly fieldsOf: (document: SyncedDocument) => Omit<Item, keyof Head>;
  readonly documents: {
    find(workspaceId: string, id: string): Deletable<Item> | undefined;
    insert(item: Item): void;
    save(next: Item): boolean;
    remove(next: Item): boolean;
    restore(next: Item): boolean;
  };
  readonly keep: (item: Item, saved: { readonly note: string; readonly restoredFrom: null; readonly userId: string }) => void;
}

/** The fields with the size and the digest of their text. */
const measured = <Fields extends object>(fields: Fields, textOf: (fields: Fields) => string) => {
  const text = textOf(fields);
  return { ...fields, sizeBytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') };
};

const insert = <Item extends Head>({ documents }: Kind<Item>, item: Item): void => {
  try {
    documents.insert(item);
  } catch (cause) {
    if (!(cause instanceof Sqlite.SqliteError) || cause.code !== 'SQLITE_CONSTRAINT_PRIMARYKEY') throw cause;
    throw documentIdTaken(cause);
  }
};

const putNext = <Item extends Head>(
  kind: Kind<Item>,
  found: Deletable<Item>,
  { document, at, note, savedBy, isPassing }: OwnVersion,
): boolean => {
  const { item, isDeleted } = found;
  const edited = { ...item, version: item.version + 1, updatedAt: at };
  if (document === null) return isDeleted || kind.documents.remove(edited);
  const next = { ...edited, ...kind.fieldsOf(document) };
  // The name of another document may be taken for a moment: the id stands in its place until the next version comes.
  const written = isPassing === true ? { ...next, name: next.id } : next;
  if (!(isDeleted ? kind.documents.restore(written) : kind.documents.save(written))) return false;
  kind.keep(next, { note, restoredFrom: null, userId: savedBy });
  return true;
};

const putFirst = <Item extends Head>(kind: Kind<Item>, { id, workspaceId }: DocumentId, version: OwnVersion): boolean => {
  const { document, savedBy, at, note } = version;
  if (document === null) return false;
  const head: Head = { id, workspaceId, version: 1, createdBy: savedBy, createdByName: '', createdAt: at, updatedAt: at };
  const made = { ...head, ...kind.fieldsOf(document) } as Item;
  insert(kind, made);
  kind.keep(made, { note, restoredFrom: null, userId: savedBy });
  return true;
};

const put = <Item extends Head>(kind: Kind<Item>, path: DocumentId, version: OwnVersion): number | undefined => {
  const found = kind.documents.find(path.workspaceId, path.id);
  if ((found?.item.version ?? null) !== version.ifVersion) return undefined;
  if (found === undefined) return putFirst(kind, path, version) ? 1 : undefined;
  if (version.document === null && found.isDeleted) return found.item.version;
  return putNext(kind, found, version) ? found.item.version + 1 : undefined;
};

/** The statements that store and find versions of documents, each prepared once. */
export const syncedVersionStatements = (sqlite: Sqlite.Database) => {
  const scriptVersions = scriptVersionStatements(sqlite);
  const folderVersions = folderVersionStatements(sqlite);
  const documentVersions = importedDocumentVersionStatements(sqlite);
  const workspaces = syncedWorkspaceStatements(sqlite);
  const scripts = {
    documents: scriptStatements(sqlite),
    keep: scriptVersions.keep,
    fieldsOf: (document: SyncedDocument) => measured(scriptFields(document), ({ content }) => content),
  };
  const folders = {
    documents: folderStatements(sqlite),
    keep: folderVersions.keep,
    fieldsOf: (document: SyncedDocument) => measured(folderFields(document), ({ definition }) => definition),
  };
  const imported = {
    documents: importedDocumentStatements(sqlite),
    keep: documentVersions.keep,
    fieldsOf: (document: SyncedDocument) => measured(importedFields(document), ({ source }) => source),
  };
  const puts = {
    script: (path: DocumentId, version: OwnVersion) => put(scripts, path, version),
    'control-m-folder': (path: DocumentId, version: OwnVersion) => put(folders, path, version),
    'control-m-document': (path: DocumentId, version: OwnVersion) => put(imported, path, version),
  };
  const saved = {
    script: (id: string, version: number): SavedText | undefined => {
      const found = scriptVersions.find(id, version);
      return found && { name: found.name, language: found.language, text: found.content, folders: null, note: found.note };
    },
    'control-m-folder': (id: string, version: number): SavedText | undefined => {
      const found = folderVersions.find(id, version);
      return found && { name: found.name, language: null, text: found.definition, folders: null, note: found.note };
    },
    'control-m-document': (id: string, version: number): SavedText | undefined => {
      const found = documentVersions.find(id, version);
      return found && { name: found.name, language: null, text: found.source, folders: found.folders, note: found.note };
    },
  };
  const freeName = sqlite.prepare<[DocumentId]>(
    'UPDATE control_m_folders SET name = id WHERE id = @id AND workspace_id = @workspaceId',
  );
  return {
    freeNames: (paths: readonly DocumentId[]): void => {
      for (const path of paths) if (path.kind === 'control-m-folder') freeName.run(path);
    },
    put: (path: DocumentId, version: OwnVersion): number | undefined =>
      path.kind === 'workspace' ? workspaces.put(path.id, version) : puts[path.kind](path, version),
    find: ({ kind, id }: DocumentId, version: number): SavedText | undefined =>
      kind === 'workspace' ? undefined : saved[kind](id, version),
  };
};
