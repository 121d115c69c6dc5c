import { communityRolesWith, type CommunityPermission } from '@guildhall/contracts';
import { sql, type Fragment } from '@guildhall/db';

/**
 * Row-level authorization: SQL fragments that put the caller's membership into the statement that reads or writes. A removed
 * member is refused on the next request, whatever caches still say.
 */

/** Joins the user's membership in the `community` of the statement around it. */
export const membershipOf = (userId: string): Fragment => sql.fragment`
  JOIN team.resource_memberships AS membership
    ON membership.resource_id = community.id AND membership.resource_type = 'community'
   AND membership.user_id = ${userId} AND membership.deleted_at IS NULL`;

/** Joins the community whose id is in `column`, unless it is soft-deleted, and the user's membership in it. */
export const membershipJoin = (column: Fragment, userId: string): Fragment => sql.fragment`
  JOIN team.communities AS community ON community.id = ${column} AND community.deleted_at IS NULL
  ${membershipOf(userId)}`;

/** The condition that the role of the joined membership includes the permission. */
export const roleIncludes = (permission: CommunityPermission): Fragment =>
  sql.fragment`membership.role = ANY(${sql.array([...communityRolesWith(permission)], 'text')})`;

/** The condition that the role in the CTE `access` includes the permission. */
export const accessIncludes = (permission: CommunityPermission): Fragment =>
  sql.fragment`access.role = ANY(${sql.array([...communityRolesWith(permission)], 'text')})`;

/** Selects `community_id` and `role` if the user holds the permission in the community; no row otherwise. */
export const communityAccess = (userId: string, communityId: string, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT community.id AS community_id, membership.role
  FROM team.communities AS community
  ${membershipOf(userId)}
  WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${roleIncludes(permission)}`;

/** Selects `community_id` and `role` if the user holds the permission in the workspace, unless it is soft-deleted; no row otherwise. */
export const workspaceAccess = (userId: string, workspaceId: string, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT workspace.community_id, membership.role
  FROM team.workspaces AS workspace
  ${membershipJoin(sql.fragment`workspace.community_id`, userId)}
  WHERE workspace.id = ${workspaceId}::uuid AND workspace.deleted_at IS NULL AND ${roleIncludes(permission)}`;
