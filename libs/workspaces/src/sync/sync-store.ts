import type { DocumentPush, SharedDocument, SyncedDocument, SyncedKind } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';
import type { SyncAction, SyncBase, SyncReason, SyncSide } from './plan-row.ts';
import type { SavedText, Telling } from './synced-documents.ts';

/** The interfaces by which synchronisation reaches the file with the copy, and the shared workspace. */

/** The versions at which both sides were last equal. A base whose own version was never stored is a deleted document. */
export interface StoredBase extends Telling {
  readonly ownVersion: number;
  readonly sharedVersion: number;
}

/** A document of a copy, with its base; deleted ones and those that have a base alone included. */
export interface CopiedDocument {
  readonly id: string;
  readonly kind: SyncedKind;
  readonly name: string;
  readonly mine: SyncSide;
  readonly base: SyncBase | null;
}

/** A document of a copy, whole. */
export interface OwnDocument extends CopiedDocument {
  /** Null: deleted, or not there. */
  readonly document: SyncedDocument | null;
  readonly storedBase: StoredBase | null;
}

export interface DocumentId {
  readonly workspaceId: string;
  readonly id: string;
  readonly kind: SyncedKind;
}

/** The state of a row: `sent` and `undoing` wait for the answer to their push. */
export type SyncRowState = 'sent' | 'done' | 'refused' | 'undoing' | 'undone' | 'kept';

/** The answer of a synchronisation for one document. */
export interface SyncRow {
  readonly id: string;
  readonly syncId: string;
  readonly documentId: string;
  readonly kind: SyncedKind;
  readonly name: string;
  readonly action: SyncAction | 'merge';
  readonly reason: SyncReason;
  readonly state: SyncRowState;
  /** The base as it was before. */
  readonly baseBefore: StoredBase | null;
  readonly ownVersionBefore: number | null;
  /** The versions that it left behind; null where the document is not there, or the version is not known. */
  readonly ownVersion: number | null;
  readonly sharedVersion: number | null;
  /** The push whose answer is not known; null otherwise. */
  readonly push: DocumentPush | null;
  readonly conflictId: string | null;
  /** The reason for a refusal, or for which an undo keeps it; null otherwise. */
  readonly code: string | null;
  readonly detail: string | null;
}

export type SyncState = 'running' | 'finished' | 'undoing' | 'undone';

export interface StoredSync {
  readonly id: string;
  readonly workspaceId: string;
  readonly state: SyncState;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/** The way in which a conflict was closed. `withdrawn`: the sides no longer differ so, or its synchronisation was undone. */
export type Resolution = 'mine' | 'theirs' | 'merged' | 'withdrawn';

/** A document that both sides changed differently; null in place of a text: it is deleted there, or was not there. */
export interface StoredConflict {
  readonly id: string;
  readonly workspaceId: string;
  readonly documentId: string;
  readonly kind: SyncedKind;
  readonly name: string;
  readonly reason: SyncReason;
  readonly base: SyncedDocument | null;
  readonly mine: SyncedDocument | null;
  readonly theirs: SyncedDocument | null;
  readonly ownVersion: number | null;
  readonly sharedVersion: number | null;
  /** The properties that a merge by job could not unite, as JSON Pointers. */
  readonly pointers: readonly string[];
  readonly resolution: Resolution | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A conflict without its texts. */
export type ConflictSummary = Omit<StoredConflict, 'base' | 'mine' | 'theirs'>;

export interface ConflictListRequest extends PageRequest {
  readonly isOpen: boolean;
}

/** A version of a document that is stored in the copy. */
export interface OwnVersion {
  /** Null deletes the document. */
  readonly document: SyncedDocument | null;
  /** The version that it follows; null: nothing is there. */
  readonly ifVersion: number | null;
  readonly note: string;
  readonly savedBy: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** True where another version follows in the same transaction: this one takes no name. */
  readonly isPassing?: true;
}

/** The writes of one transaction. */
export interface SyncTransaction {
  /**
   * Stores the next version of a document, which is restored or created where it is not there, and returns its number; undefined when
   * another version is there. Throws CONFLICT when another folder has the name, INVALID or TOO_LARGE for a definition that is none.
   */
  putDocument(path: DocumentId, version: OwnVersion): number | undefined;
  /** Frees the names of folders, each of which is stored with its next name in this transaction. */
  freeNames(paths: readonly DocumentId[]): void;
  /** Null forgets the base. */
  putBase(path: DocumentId, base: StoredBase | null, at: string): void;
  putSync(sync: StoredSync, at: string): void;
  putRow(row: SyncRow, at: string): void;
  dropRow(rowId: string): void;
  putConflict(conflict: StoredConflict): void;
}

/** The file with the copies. Reads see what is stored at this moment. */
export interface SyncStore {
  /** True if the workspace is here, not deleted, and a copy of a shared one. */
  isLiveCopy(workspaceId: string): boolean;
  listDocuments(workspaceId: string): readonly CopiedDocument[];
  /** A document that is not here is found as a deleted one, without a base. */
  findDocument(path: DocumentId): OwnDocument;
  /** A version of a document that was saved; undefined for one that deleted it, and for the workspace itself, which has none. */
  findVersion(path: DocumentId, version: number): SavedText | undefined;
  findSync(workspaceId: string, syncId: string): StoredSync | undefined;
  /** The synchronisation, or the undo of one, that is not at its end. */
  findOpenSync(workspaceId: string): StoredSync | undefined;
  /** In the order in which they were stored. */
  listRows(syncId: string): readonly SyncRow[];
  findConflict(workspaceId: string, conflictId: string): StoredConflict | undefined;
  findOpenConflict(workspaceId: string, documentId: string): StoredConflict | undefined;
  /** Newest first, without texts. */
  listConflicts(workspaceId: string, request: ConflictListRequest): readonly ConflictSummary[];
  /** One transaction: everything is stored, or nothing when `change` returns false or throws. */
  write(change: (transaction: SyncTransaction) => boolean): boolean;
}

/** A document of the shared workspace without its text. */
export interface SharedHead {
  readonly id: string;
  readonly kind: SyncedKind;
  readonly name: string;
  readonly side: SyncSide;
}

/** A version of a folder on its way into the shared workspace. */
export interface FolderPush {
  readonly id: string;
  readonly push: DocumentPush;
}

/** The documents of a shared workspace that are not deleted. */
export interface SharedHeads {
  readonly documents: readonly SharedHead[];
  /** The kinds that the caller may read: nothing is known of the others. */
  readonly kinds: ReadonlySet<SyncedKind>;
}

/** The shared workspace, in the name of the user who synchronises. Its operations throw what team-resources answers. */
export interface SharedWorkspace {
  readonly userId: string;
  /** Throws NOT_FOUND for a workspace that is deleted, or that the user may not see. */
  listHeads(workspaceId: string): Promise<SharedHeads>;
  /** Null for a document that is deleted, or not there. Throws NOT_FOUND where the user may not see that. */
  find(path: DocumentId): Promise<SharedDocument | null>;
  /** Stores a version once, and returns its number. */
  push(path: DocumentId, push: DocumentPush): Promise<number>;
  /** Stores versions of folders that exchange their names once, all of them or none, and returns their numbers. */
  exchange(workspaceId: string, pushes: readonly FolderPush[]): Promise<readonly number[]>;
}

export interface SyncParts {
  readonly store: SyncStore;
  readonly shared: SharedWorkspace;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly sha256: (text: string) => string;
}
