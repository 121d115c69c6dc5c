import { communityRoles, communityRolesWith, ranksAtLeast, type CommunityRole } from '@guildhall/contracts';
import { sql, type Fragment } from '@guildhall/db';

/** The roles that may invite to a role: they hold the permission and stand at or above it. */
export const inviters = (role: CommunityRole): readonly CommunityRole[] =>
  communityRolesWith('invite:create').filter((own) => ranksAtLeast(own, role));

/** The roles with each role that they may invite to, as `role>invited role`. */
const invitingPairs = communityRoles.flatMap((invited) => inviters(invited).map((role) => `${role}>${invited}`));

/** The condition that the role in the CTE `access` may invite to the role of the `invite` of the statement around it. */
export const accessMayInvite: Fragment = sql.fragment`concat(access.role, '>', invite.role) = ANY(${sql.array(invitingPairs, 'text')})`;

/** The condition that whoever made the `invite` of the statement around it may still invite to its role. */
export const inviterMayInvite: Fragment = sql.fragment`EXISTS (
  SELECT 1 FROM team.resource_memberships AS inviter
  WHERE inviter.resource_id = invite.community_id AND inviter.resource_type = 'community' AND inviter.user_id = invite.created_by
    AND inviter.deleted_at IS NULL AND concat(inviter.role, '>', invite.role) = ANY(${sql.array(invitingPairs, 'text')}))`;

/**
 * The condition that the user was removed from the community after the `invite` of the statement around it was stored, and that
 * it is not to an address. Both times are the database's.
 */
export const wasRemovedAfterInvite = (userId: string): Fragment => sql.fragment`(invite.email IS NULL AND EXISTS (
  SELECT 1 FROM team.resource_memberships AS former
  WHERE former.resource_id = invite.community_id AND former.resource_type = 'community' AND former.user_id = ${userId}
    AND former.removed_at >= invite.stored_at))`;
