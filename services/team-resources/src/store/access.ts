import { communityRolesWith, type CommunityPermission } from '@guildhall/contracts';
import { sql, type Fragment } from '@guildhall/db';
import type { Value } from './gathered-rows.ts';

/**
 * Row-level authorization: SQL fragments that put the caller's membership into the statement that reads or writes. A removed
 * member is refused on the next request, whatever caches still say.
 *
 * A list that is joined to the CTE `access` names its community by the value and not by the column of the CTE: of a value the planner
 * knows whether the community is a large one, whose rows are to be read in the order of an index.
 */

/** Joins the user's membership in the `community` of the statement around it. */
export const membershipOf = (userId: Value): Fragment => sql.fragment`
  JOIN team.resource_memberships AS membership
    ON membership.resource_id = community.id AND membership.resource_type = 'community'
   AND membership.user_id = ${userId} AND membership.deleted_at IS NULL`;

/** Joins the community whose id is in `column`, unless it is soft-deleted, and the user's membership in it. */
export const membershipJoin = (column: Fragment, userId: Value): Fragment => sql.fragment`
  JOIN team.communities AS community ON community.id = ${column} AND community.deleted_at IS NULL
  ${membershipOf(userId)}`;

/** The table of own roles, in whose place a statement may put a CTE. */
export const storedOwnRoles = sql.fragment`team.own_roles`;

/**
 * The role of a membership as it is held (`HeldRole`): the name of a built-in one, or the permissions of the own role. A deleted own
 * role has none.
 */
export const heldRole = (membership: Fragment, ownRoles = storedOwnRoles): Fragment => sql.fragment`
  CASE WHEN ${membership}.own_role_id IS NULL THEN ${membership}.role ELSE (
    SELECT concat('own:', CASE WHEN own.deleted_at IS NULL THEN array_to_string(own.permissions, ' ') END)
    FROM ${ownRoles} AS own WHERE own.id = ${membership}.own_role_id
  ) END`;

/** The condition that a role as it is held includes the permission. */
const heldRoleIncludes = (role: Fragment, permission: CommunityPermission): Fragment => sql.fragment`
  (${role} = ANY(${sql.array([...communityRolesWith(permission)], 'text')})
   OR (${role} LIKE 'own:%' AND ${permission}::text = ANY(string_to_array(substr(${role}, 5), ' '))))`;

/**
 * The condition that the role of a membership includes the permission. `role` is the lowest built-in one that includes an own role:
 * the own role is read only where that one would do.
 */
export const membershipIncludes = (
  membership: Fragment,
  permission: CommunityPermission,
  ownRoles = storedOwnRoles,
): Fragment => sql.fragment`
  (${membership}.role = ANY(${sql.array([...communityRolesWith(permission)], 'text')}) AND (
    ${membership}.own_role_id IS NULL OR EXISTS (
      SELECT 1 FROM ${ownRoles} AS own
      WHERE own.id = ${membership}.own_role_id AND own.deleted_at IS NULL AND ${permission}::text = ANY(own.permissions)
    )
  ))`;

const membership = sql.fragment`membership`;

/** The role of the joined membership, as it is held. */
export const callerRole: Fragment = sql.fragment`${heldRole(membership)} AS role`;

/** The condition that the role of the joined membership includes the permission. */
export const roleIncludes = (permission: CommunityPermission): Fragment => membershipIncludes(membership, permission);

/** The condition that the role in the CTE `access` includes the permission. */
export const accessIncludes = (permission: CommunityPermission): Fragment =>
  heldRoleIncludes(sql.fragment`access.role`, permission);

/** Selects `community_id` and `role` if the user holds the permission in the community; no row otherwise. */
export const communityAccess = (userId: string, communityId: string, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT community.id AS community_id, ${callerRole}
  FROM team.communities AS community
  ${membershipOf(userId)}
  WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${roleIncludes(permission)}`;

/** Selects `community_id` and `role` if the user holds the permission in the workspace, unless it is soft-deleted; no row otherwise. */
export const workspaceAccess = (userId: Value, workspaceId: Value, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT workspace.community_id, ${callerRole}
  FROM team.workspaces AS workspace
  ${membershipJoin(sql.fragment`workspace.community_id`, userId)}
  WHERE workspace.id = ${workspaceId}::uuid AND workspace.deleted_at IS NULL AND ${roleIncludes(permission)}`;
