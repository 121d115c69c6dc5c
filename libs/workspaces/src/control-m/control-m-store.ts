import type { ControlMNamingRule, HeldRole, Workspace } from '@guildhall/contracts';
import type { StoredFolder, Write } from '../workspace-store.ts';

/** A document as it was imported: its text, and the ids of the folders that were made of it, by their names in it. */
export interface StoredControlMDocument {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly source: string;
  readonly folders: Readonly<Record<string, string>>;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** All that a workspace has of Control-M. */
export interface StoredControlM {
  /** Null exactly for solo workspaces. */
  readonly communityId: string | null;
  readonly role: HeldRole;
  readonly namingRules: readonly ControlMNamingRule[];
  /** Newest first. */
  readonly folders: readonly StoredFolder[];
  readonly documents: readonly StoredControlMDocument[];
}

/** The naming rules of a workspace that is not deleted, with the workspace. */
export interface FoundNamingRules {
  readonly rules: readonly ControlMNamingRule[];
  readonly workspace: Workspace;
  readonly role: HeldRole;
}

/** The store of imported documents, naming rules, and of everything of Control-M in a workspace at once. */
export interface ControlMStore {
  /**
   * All folders with their definitions, and all documents. Undefined when the user may not see the workspace. Throws UNPROCESSABLE when
   * they are longer than `workspaceDefinitionBytesMax` together.
   */
  readAll(userId: string, workspaceId: string): Promise<StoredControlM | undefined>;
  /**
   * Stores a document, in place of the one of its name. False, having changed nothing, when the user does not hold the permission (any
   * more) or the workspace is gone. It has no event: the folders that are made of it have theirs.
   */
  saveDocument(document: StoredControlMDocument, write: Omit<Write, 'event'>): Promise<boolean>;
  /** Undefined when the user may not see the Control-M of the workspace, or it is deleted. */
  findNamingRules(userId: string, workspaceId: string): Promise<FoundNamingRules | undefined>;
  /** Stores naming rules with the version of `next` over the one before it: a compare-and-swap, as for every write of `WorkspaceStore`. */
  saveNamingRules(next: Workspace, rules: readonly ControlMNamingRule[], write: Write): Promise<boolean>;
}
