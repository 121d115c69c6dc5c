import {
  communityRolePermissions,
  communityRoles,
  communityRolesWith,
  includesRole,
  type CommunityRole,
} from '@guildhall/contracts';
import { sql, type Fragment } from '@guildhall/db';
import { membershipIncludes } from './access.ts';

/** The built-in roles that may invite to a built-in role: they hold the permission and include it. */
const inviters = (role: CommunityRole): readonly CommunityRole[] =>
  communityRolesWith('invite:create').filter((own) => includesRole(own, role));

/** The built-in roles with each role that they may invite to, as `role>invited role`. */
const invitingPairs = communityRoles.flatMap((invited) => inviters(invited).map((role) => `${role}>${invited}`));

/** The permissions of the built-in role in a column, as an array. */
const permissionsOfBuiltIn = (role: Fragment): Fragment => sql.fragment`CASE ${role}
  WHEN 'admin' THEN ${sql.array([...communityRolePermissions.admin], 'text')}
  WHEN 'moderator' THEN ${sql.array([...communityRolePermissions.moderator], 'text')}
  WHEN 'member' THEN ${sql.array([...communityRolePermissions.member], 'text')}
  ELSE ${sql.array([...communityRolePermissions.viewer], 'text')} END`;

const invitedRole = sql.fragment`invite.role`;

/** The permissions that the `invite` gives; null for an own role that was deleted. */
const invitedPermissions: Fragment = sql.fragment`
  CASE WHEN invite.own_role_id IS NULL THEN ${permissionsOfBuiltIn(invitedRole)} ELSE (
    SELECT given.permissions FROM team.own_roles AS given WHERE given.id = invite.own_role_id AND given.deleted_at IS NULL
  ) END`;

/**
 * The condition that the membership `inviter` may invite to the role of the `invite`: it includes the permission to invite, and
 * every permission that the invite gives. An invite's `role` is the rank of its own role, the lowest built-in role that includes it.
 */
const mayInvite: Fragment = sql.fragment`(
  ${membershipIncludes(sql.fragment`inviter`, 'invite:create')} AND CASE
    WHEN inviter.own_role_id IS NULL THEN concat(inviter.role, '>', invite.role) = ANY(${sql.array(invitingPairs, 'text')})
    ELSE COALESCE(${invitedPermissions} <@ (SELECT own.permissions FROM team.own_roles AS own WHERE own.id = inviter.own_role_id), false)
  END
  AND (invite.own_role_id IS NULL OR EXISTS (
    SELECT 1 FROM team.own_roles AS given WHERE given.id = invite.own_role_id AND given.deleted_at IS NULL
  )))`;

/** The condition that a user may invite to the role of the `invite` of the statement around it. */
export const userMayInvite = (user: Fragment): Fragment => sql.fragment`EXISTS (
  SELECT 1 FROM team.resource_memberships AS inviter
  WHERE inviter.resource_id = invite.community_id AND inviter.resource_type = 'community' AND inviter.user_id = ${user}
    AND inviter.deleted_at IS NULL AND ${mayInvite})`;

/** The condition that whoever made the `invite` of the statement around it may still invite to its role. */
export const inviterMayInvite: Fragment = userMayInvite(sql.fragment`invite.created_by`);

/**
 * The condition that the user was removed from the community after the `invite` of the statement around it was stored, and that
 * it is not to an address. Both times are the database's.
 */
export const wasRemovedAfterInvite = (userId: string): Fragment => sql.fragment`(invite.email IS NULL AND EXISTS (
  SELECT 1 FROM team.resource_memberships AS former
  WHERE former.resource_id = invite.community_id AND former.resource_type = 'community' AND former.user_id = ${userId}
    AND former.removed_at >= invite.stored_at))`;
