import type { CommunityRole } from '@guildhall/contracts';

/** What a user is in a community; `role` is null for who does not belong. */
export interface Access {
  readonly communityId: string;
  readonly role: CommunityRole | null;
}

/** One statement each; undefined when there is no such community or workspace, or the community was deleted. */
export interface AccessStore {
  inCommunity(userId: string, communityId: string): Promise<Access | undefined>;
  /** Answers for a deleted workspace too: bringing it back is asked for by its id. */
  ofWorkspace(userId: string, workspaceId: string): Promise<Access | undefined>;
}
