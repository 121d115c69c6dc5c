import type { HeldRole } from '@guildhall/contracts';

/** A user's role in a community; null for a user who does not belong to it. */
export interface Access {
  readonly communityId: string;
  readonly role: HeldRole | null;
}

/** Reads of one statement. Undefined when there is no such community or workspace, or the community is soft-deleted. */
export interface AccessStore {
  inCommunity(userId: string, communityId: string): Promise<Access | undefined>;
  /** Finds a soft-deleted workspace, too: restoring it needs the access. */
  ofWorkspace(userId: string, workspaceId: string): Promise<Access | undefined>;
}
