import type { ControlMNamingRule, HeldRole, Workspace } from '@guildhall/contracts';
import type { StoredFolder, Write } from '../workspace-store.ts';

/** An imported document as analyses read it. */
export interface StoredControlMDocument {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  /** The ids of the folders that were made of it, by their names in it. */
  readonly folders: Readonly<Record<string, string>>;
  readonly version: number;
  /** ISO 8601 in UTC. */
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

/** The store of naming rules, and of everything of Control-M in a workspace at once. */
export interface ControlMStore {
  /**
   * All folders with their definitions, and all documents, none of them deleted. Undefined when the user may not see the workspace. Throws UNPROCESSABLE when
   * they are longer than `workspaceDefinitionBytesMax` together.
   */
  readAll(userId: string, workspaceId: string): Promise<StoredControlM | undefined>;
  /** Undefined when the user may not see the Control-M of the workspace, or it is deleted. */
  findNamingRules(userId: string, workspaceId: string): Promise<FoundNamingRules | undefined>;
  /** Stores naming rules, and `next` over the version before it: a compare-and-swap, as for every write of `WorkspaceStore`. */
  saveNamingRules(next: Workspace, rules: readonly ControlMNamingRule[], write: Write): Promise<boolean>;
}
