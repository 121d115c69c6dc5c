import type {
  AuditEventMessage,
  CommunityPermission,
  ControlMDocumentSummary,
  ControlMDocumentVersionSummary,
  HeldRole,
  ControlMFolderSummary,
  ControlMFolderVersionSummary,
  Script,
  ScriptSummary,
  ScriptVersion,
  ScriptVersionSummary,
  Workspace,
} from '@guildhall/contracts';
import type { ControlMStore } from './control-m/control-m-store.ts';
import type { EarlierAnswer, PageRequest, RememberedAnswer } from '@guildhall/resources';

/** A row with the caller's access to it. Solo: the caller's own row, as its owner. */
export interface WithAccess<T> {
  readonly item: T;
  /** Null exactly for solo rows. */
  readonly communityId: string | null;
  readonly role: HeldRole;
}

/** A row that can be deleted softly. */
export interface Deletable<T> extends WithAccess<T> {
  /** Soft-deleted: hidden from every operation except restoring it. */
  readonly isDeleted: boolean;
}
export type WorkspaceWithAccess = Deletable<Workspace>;

/** A page of a list: of what is there, or of what is deleted and the user may restore. */
export interface ListRequest {
  readonly page: PageRequest;
  readonly state: 'deleted' | null;
}

/** The parent in which something is to be created, with the caller's access, and the earlier answer under the caller's key. */
export interface CreateTarget {
  readonly communityId: string | null;
  readonly role: HeldRole;
  readonly earlier: EarlierAnswer | null;
}

/** The caller of a write, the permission it needs and its audit event. */
export interface Write {
  readonly userId: string;
  /** Checked again by the statement that writes, so that a caller who lost it since is refused. */
  readonly permission: CommunityPermission;
  /** Stored together with the change, or neither is. The solo store has no audit trail and ignores it. */
  readonly event: AuditEventMessage;
}

/** A write that saves a version. */
export interface SaveWrite extends Write {
  /** Why it is saved; empty where nothing was said. */
  readonly note: string;
  /** The version that is saved again; null for any other save. */
  readonly restoredFrom: number | null;
  /** The id of the version that is stored; a new one where it is not given. */
  readonly versionId?: string | undefined;
}

/** A Control-M folder as it is stored: its definition is the JSON text that was sent, character by character. */
export type StoredFolder = ControlMFolderSummary & { readonly definition: string };
export type StoredFolderVersion = ControlMFolderVersionSummary & { readonly definition: string };

/** The fields that every kind of document has. */
export type DocumentHead = Readonly<
  Record<'id' | 'workspaceId' | 'createdBy' | 'createdByName' | 'createdAt' | 'updatedAt' | 'sha256', string> &
    Record<'version' | 'sizeBytes', number>
>;

/** The types of a kind of document, a named and versioned text in a workspace. */
export interface DocumentTypes {
  readonly item: DocumentHead & { readonly name: string };
  readonly version: { readonly version: number };
  /** The version without its text. */
  readonly versionSummary: { readonly version: number };
}
export interface ScriptTypes {
  readonly item: Script;
  readonly version: ScriptVersion;
  readonly versionSummary: ScriptVersionSummary;
}
export interface FolderTypes {
  readonly item: StoredFolder;
  readonly version: StoredFolderVersion;
  readonly versionSummary: ControlMFolderVersionSummary;
}

/** The text of an imported document, and the folders that were made of it, as JSON: their ids by their names in it. */
interface ImportedText {
  readonly source: string;
  readonly folders: string;
}
export type StoredDocument = Omit<ControlMDocumentSummary, 'foldersSha256'> & ImportedText;
export type StoredDocumentVersion = ControlMDocumentVersionSummary & ImportedText;
export interface ImportedDocumentTypes {
  readonly item: StoredDocument;
  readonly version: StoredDocumentVersion;
  readonly versionSummary: ControlMDocumentVersionSummary;
}

/** A version that a document had before it came here: the document as it was. */
export interface EarlierVersion<D extends DocumentTypes> extends Pick<SaveWrite, 'note' | 'restoredFrom'> {
  readonly item: D['item'];
}

/** The stores of documents by their names in `WorkspaceStore`, with the types of their documents. */
interface DocumentStoreTypes {
  readonly scripts: ScriptTypes;
  readonly controlMFolders: FolderTypes;
  readonly controlMDocuments: ImportedDocumentTypes;
}

/** A write that is made together with others: an insert without a key, or a save. */
interface WriteIn<Name extends keyof DocumentStoreTypes> {
  readonly store: Name;
  readonly kind: 'insert' | 'save';
  readonly document: DocumentStoreTypes[Name]['item'];
  readonly write: SaveWrite;
  readonly earlier?: readonly EarlierVersion<DocumentStoreTypes[Name]>[] | undefined;
}
export type DocumentWrite = { readonly [Name in keyof DocumentStoreTypes]: WriteIn<Name> }[keyof DocumentStoreTypes];

/** Two versions of a document, by their numbers; null for the last one that was saved. */
export interface VersionPair {
  readonly from: number;
  readonly to: number | null;
}

/**
 * The store of one kind of document in workspaces. Reads and writes guarantee what those of `WorkspaceStore` guarantee. Inserting and
 * saving a document also store it among its versions; deleting it keeps them.
 */
export interface DocumentStore<D extends DocumentTypes> {
  find(userId: string, workspaceId: string, id: string): Promise<Deletable<D['item']> | undefined>;
  /** The workspace in which a document is to be created; undefined when the user may not see it. */
  findCreateTarget(userId: string, workspaceId: string, key: string | undefined): Promise<CreateTarget | undefined>;
  /** `earlier` has every version before that of `document`. */
  insert(
    document: D['item'],
    write: SaveWrite,
    remembered: RememberedAnswer | null,
    earlier?: readonly EarlierVersion<D>[],
  ): Promise<boolean>;
  /** Stores `next` over the version before it: a compare-and-swap on the version. */
  save(next: D['item'], write: SaveWrite): Promise<boolean>;
  /** Soft delete: `next` is the document with the version that deleting it makes. */
  delete(next: D['item'], write: Write): Promise<boolean>;
  /** Undoes a soft delete: `next` is the document, with what may have been edited, and the version that restoring it makes and stores. */
  restore(next: D['item'], write: SaveWrite): Promise<boolean>;
  /** Newest version first; `after` is the last version of the previous page. */
  listVersions(
    userId: string,
    workspaceId: string,
    id: string,
    page: PageRequest<number>,
  ): Promise<readonly D['versionSummary'][] | undefined>;
  findVersion(userId: string, workspaceId: string, id: string, version: number): Promise<D['version'] | undefined>;
  /** Finds two versions, the last saved one in place of null: as many of them as there are, and one where they are the same. */
  findVersionPair(userId: string, workspaceId: string, id: string, pair: VersionPair): Promise<readonly D['version'][]>;
}

export interface FolderStore extends DocumentStore<FolderTypes> {
  list(userId: string, workspaceId: string, request: ListRequest): Promise<readonly ControlMFolderSummary[] | undefined>;
}

export interface ImportedDocumentStore extends DocumentStore<ImportedDocumentTypes> {
  list(userId: string, workspaceId: string, request: ListRequest): Promise<readonly ControlMDocumentSummary[] | undefined>;
}

/** The scripts that a list is asked for; null for any. */
export interface ScriptFilters {
  /** Contained in name or text, in any case. */
  readonly q: string | null;
  readonly language: string | null;
  readonly tag: string | null;
  /** ISO 8601 in UTC with milliseconds. */
  readonly changedSince: string | null;
  /** Who saved the last version. */
  readonly changedBy: string | null;
}

/** The position of a script: its time or name, by the order of the list, and its id. */
export interface ScriptPosition {
  readonly key: string;
  readonly id: string;
}

export interface ScriptListRequest {
  readonly filters: ScriptFilters;
  readonly sort: 'newest' | 'name' | 'changed';
  readonly page: PageRequest<ScriptPosition>;
  readonly state: 'deleted' | null;
}

/** One page of a list of scripts, as a store found it. */
export interface ScriptScan {
  readonly rows: readonly ScriptSummary[];
  /** The last script that a search read before it came to its bound; null if it read all that the page could hold. */
  readonly stoppedAt: ScriptSummary | null;
}

export interface ScriptStore extends DocumentStore<ScriptTypes> {
  /**
   * With `q`, reads at most `scriptsPerSearchPageMax` scripts and, beyond the first of them, `bytesPerSearchPageMax` of their texts.
   */
  list(userId: string, workspaceId: string, request: ScriptListRequest): Promise<ScriptScan | undefined>;
}

/**
 * The mode-aware provider: the store of workspaces and of the documents in them. Two stores implement it, and the workspace
 * alone decides which one answers: the gateway's SQLite file has the solo ones, team-resources the shared ones.
 *
 * Reads are one statement with the caller's membership in it. They return undefined for a row that the caller may not see,
 * exactly as for one that does not exist. Lists run from the newest to the oldest, by keyset pagination: their pages neither
 * repeat nor miss a row, whatever is inserted in the meantime.
 *
 * Writes are one statement or one transaction: the row, its version, its event and its key are all stored, or nothing is. They
 * return false, having changed nothing, when the user does not hold the permission (any more), when the row or its parent does
 * not exist (any more), when a concurrent change won or when the key was used. Of several changes to one version at once
 * exactly one returns true.
 */
export interface WorkspaceStore {
  findWorkspace(userId: string, workspaceId: string): Promise<WorkspaceWithAccess | undefined>;
  /** The workspaces of this store that the user belongs to. */
  listWorkspaces(userId: string, request: ListRequest): Promise<readonly Workspace[]>;
  listCommunityWorkspaces(userId: string, communityId: string, request: ListRequest): Promise<readonly Workspace[] | undefined>;
  /** The community in which a workspace is to be created, null in the solo store; undefined when the user may not see it. */
  findWorkspaceTarget(userId: string, communityId: string | null, key: string | undefined): Promise<CreateTarget | undefined>;
  insertWorkspace(workspace: Workspace, write: Write, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it, soft-deleted or not: a compare-and-swap on the version. */
  saveWorkspace(next: Workspace, isDeleted: boolean, write: Write): Promise<boolean>;

  readonly scripts: ScriptStore;
  /** Inserting, saving and restoring throw CONFLICT when another folder of the workspace has the name, also when two callers race. */
  readonly controlMFolders: FolderStore;
  /** Inserting, saving and restoring throw CONFLICT when another document of the workspace has the name, also when two callers race. */
  readonly controlMDocuments: ImportedDocumentStore;
  readonly controlM: ControlMStore;
  /** Makes writes in their order, all of them or none. Throws what each would throw. */
  saveAll(writes: readonly DocumentWrite[]): Promise<boolean>;
}
