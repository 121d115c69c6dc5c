import type {
  AuditEventMessage,
  CommunityPermission,
  CommunityRole,
  ControlMFolderSummary,
  Script,
  ScriptSummary,
  ScriptVersion,
  ScriptVersionSummary,
  Workspace,
} from '@guildhall/contracts';

/** What a caller sees, where it lives and as what they see it. Solo: their own, as its owner. */
export interface Seen<T> {
  readonly item: T;
  /** Null exactly for what is solo. */
  readonly communityId: string | null;
  readonly role: CommunityRole;
}

export interface SeenWorkspace extends Seen<Workspace> {
  /** Deleted, and so hidden from every operation but bringing it back. */
  readonly isDeleted: boolean;
}

/** Where something is about to be created, and what an earlier use of the caller's key led to. */
export interface Place {
  readonly communityId: string | null;
  readonly role: CommunityRole;
  readonly earlier: EarlierAnswer | null;
}

export interface EarlierAnswer {
  readonly requestHash: string;
  readonly body: unknown;
}

/** How long an Idempotency-Key answers its first answer. */
export const keyLifetimeHours = 24;

/** What a create leaves behind under its Idempotency-Key, for `keyLifetimeHours`. */
export interface RememberedAnswer extends EarlierAnswer {
  readonly key: string;
}

/** The place of a row in a list that runs from the newest to the oldest. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** `limit` rows behind `after`; from the start when it is null. */
export interface PageRequest<P> {
  readonly limit: number;
  readonly after: P | null;
}

/** Who changes what, and with what right. */
export interface Write {
  readonly userId: string;
  /** Looked at again by the statement that writes: who lost it since is refused. */
  readonly permission: CommunityPermission;
  /** Stored with the change, or neither is. The solo store has no audit trail and leaves it out. */
  readonly event: AuditEventMessage;
}

/** A Control-M folder as it is kept: its definition is the JSON text that came, character by character. */
export type KeptFolder = ControlMFolderSummary & { readonly definition: string };

/** One kind of document that lies in workspaces. What holds for reads and writes of a `WorkspaceStore` holds for these. */
export interface DocumentStore<T, Summary> {
  find(userId: string, workspaceId: string, id: string): Promise<Seen<T> | undefined>;
  list(userId: string, workspaceId: string, page: PageRequest<Position>): Promise<readonly Summary[] | undefined>;
  /** Whether the user may see where a document is to be created. */
  findPlace(userId: string, workspaceId: string, key: string | undefined): Promise<Place | undefined>;
  insert(document: T, write: Write, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it. */
  save(next: T, write: Write): Promise<boolean>;
  /** Hides the document. `next` is what it says with the version that deleting it makes. */
  delete(next: T, write: Write): Promise<boolean>;
}

/**
 * Where workspaces and what lies in them are kept: the mode-aware provider. Two things implement it, and which of them answers
 * follows from the workspace alone: the gateway's SQLite file holds the solo ones, team-resources the shared ones.
 *
 * Reads are one statement, with the caller's membership in it; they answer undefined for what the caller may not see, just as
 * for what is not there. Lists run from the newest to the oldest; their pages neither repeat nor miss a row, whatever is
 * inserted meanwhile.
 *
 * Writes are one statement or one transaction: the row, its version, its event and its key are all stored, or nothing is. They
 * answer false, having changed nothing, when the user does not hold the permission (any more), when the row or what
 * it lies in is not there (any more), when a change got ahead of them or when the key was used. Of several changes to one
 * version at once exactly one answers true.
 */
export interface WorkspaceStore {
  findWorkspace(userId: string, workspaceId: string): Promise<SeenWorkspace | undefined>;
  /** Everything of this store that the user belongs to. */
  listWorkspaces(userId: string, page: PageRequest<Position>): Promise<readonly Workspace[]>;
  listCommunityWorkspaces(
    userId: string,
    communityId: string,
    page: PageRequest<Position>,
  ): Promise<readonly Workspace[] | undefined>;
  /** Whether the user may see where a workspace is to be created. `communityId` is null in the solo store. */
  findWorkspacePlace(userId: string, communityId: string | null, key: string | undefined): Promise<Place | undefined>;
  insertWorkspace(workspace: Workspace, write: Write, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it; as deleted when `isDeleted`, as there otherwise. */
  saveWorkspace(next: Workspace, isDeleted: boolean, write: Write): Promise<boolean>;

  /** Inserting and saving a script keep it among its versions, too; deleting it keeps them. */
  readonly scripts: DocumentStore<Script, ScriptSummary>;
  /** Inserting and saving throw CONFLICT when a live folder of the workspace has the name, also when two callers race. */
  readonly controlMFolders: DocumentStore<KeptFolder, ControlMFolderSummary>;

  /** Newest version first; `after` is the version that the page before ended with. */
  listScriptVersions(
    userId: string,
    workspaceId: string,
    scriptId: string,
    page: PageRequest<number>,
  ): Promise<readonly ScriptVersionSummary[] | undefined>;
  findScriptVersion(userId: string, workspaceId: string, scriptId: string, version: number): Promise<ScriptVersion | undefined>;

  /** Stores the event of an attempt that was refused. */
  recordDenial(event: AuditEventMessage): Promise<void>;
}
