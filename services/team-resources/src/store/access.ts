import { communityRolesWith, type CommunityPermission } from '@guildhall/contracts';
import { sql, type Fragment } from '@guildhall/db';

/**
 * Pieces that bring the caller's membership into the very statement that reads or writes: who was removed is refused
 * on the next request, whatever anybody else remembers of them.
 */

/** A membership in force of the joined `community`. */
export const membershipOf = (userId: string): Fragment => sql.fragment`
  JOIN team.resource_memberships AS membership
    ON membership.resource_id = community.id AND membership.resource_type = 'community'
   AND membership.user_id = ${userId} AND membership.deleted_at IS NULL`;

/** A membership in force of a community that is there. Joined on `column`, the community's id. */
export const membershipJoin = (column: Fragment, userId: string): Fragment => sql.fragment`
  JOIN team.communities AS community ON community.id = ${column} AND community.deleted_at IS NULL
  ${membershipOf(userId)}`;

/** True where the joined membership's role holds the permission. */
export const holds = (permission: CommunityPermission): Fragment =>
  sql.fragment`membership.role = ANY(${sql.array([...communityRolesWith(permission)], 'text')})`;

/** `community_id` and `role` where the user holds the permission in the community; no row otherwise. */
export const communityAccess = (userId: string, communityId: string, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT community.id AS community_id, membership.role
  FROM team.communities AS community
  ${membershipOf(userId)}
  WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${holds(permission)}`;

/** `community_id` and `role` where the user holds the permission in a workspace that is there; no row otherwise. */
export const workspaceAccess = (userId: string, workspaceId: string, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT workspace.community_id, membership.role
  FROM team.workspaces AS workspace
  ${membershipJoin(sql.fragment`workspace.community_id`, userId)}
  WHERE workspace.id = ${workspaceId}::uuid AND workspace.deleted_at IS NULL AND ${holds(permission)}`;
