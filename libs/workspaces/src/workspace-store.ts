import type {
  AuditEventMessage,
  CommunityPermission,
  HeldRole,
  ControlMFolderSummary,
  Script,
  ScriptSummary,
  ScriptVersion,
  ScriptVersionSummary,
  Workspace,
} from '@guildhall/contracts';
import type { EarlierAnswer, PageRequest, RememberedAnswer } from '@guildhall/resources';

/** A row with the caller's access to it. Solo: the caller's own row, as its owner. */
export interface WithAccess<T> {
  readonly item: T;
  /** Null exactly for solo rows. */
  readonly communityId: string | null;
  readonly role: HeldRole;
}

export interface WorkspaceWithAccess extends WithAccess<Workspace> {
  /** Soft-deleted: hidden from every operation except restoring it. */
  readonly isDeleted: boolean;
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

/** A Control-M folder as it is stored: its definition is the JSON text that was sent, character by character. */
export type StoredFolder = ControlMFolderSummary & { readonly definition: string };

/** The store of one kind of document in workspaces. Reads and writes guarantee what those of `WorkspaceStore` guarantee. */
export interface DocumentStore<T, Summary> {
  find(userId: string, workspaceId: string, id: string): Promise<WithAccess<T> | undefined>;
  list(userId: string, workspaceId: string, page: PageRequest): Promise<readonly Summary[] | undefined>;
  /** The workspace in which a document is to be created; undefined when the user may not see it. */
  findCreateTarget(userId: string, workspaceId: string, key: string | undefined): Promise<CreateTarget | undefined>;
  insert(document: T, write: Write, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it: a compare-and-swap on the version. */
  save(next: T, write: Write): Promise<boolean>;
  /** Soft delete: `next` is the document with the version that deleting it makes. */
  delete(next: T, write: Write): Promise<boolean>;
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
  listWorkspaces(userId: string, page: PageRequest): Promise<readonly Workspace[]>;
  listCommunityWorkspaces(userId: string, communityId: string, page: PageRequest): Promise<readonly Workspace[] | undefined>;
  /** The community in which a workspace is to be created, null in the solo store; undefined when the user may not see it. */
  findWorkspaceTarget(userId: string, communityId: string | null, key: string | undefined): Promise<CreateTarget | undefined>;
  insertWorkspace(workspace: Workspace, write: Write, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it, soft-deleted or not: a compare-and-swap on the version. */
  saveWorkspace(next: Workspace, isDeleted: boolean, write: Write): Promise<boolean>;

  /** Inserting and saving a script also store it among its versions; deleting a script keeps them. */
  readonly scripts: DocumentStore<Script, ScriptSummary>;
  /** Inserting and saving throw CONFLICT when another folder of the workspace has the name, also when two callers race. */
  readonly controlMFolders: DocumentStore<StoredFolder, ControlMFolderSummary>;

  /** Newest version first; `after` is the last version of the previous page. */
  listScriptVersions(
    userId: string,
    workspaceId: string,
    scriptId: string,
    page: PageRequest<number>,
  ): Promise<readonly ScriptVersionSummary[] | undefined>;
  findScriptVersion(userId: string, workspaceId: string, scriptId: string, version: number): Promise<ScriptVersion | undefined>;
}
