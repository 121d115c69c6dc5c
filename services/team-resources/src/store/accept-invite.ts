import type { AuditEventMessage } from '@guildhall/contracts';
import { row, sql, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import { joinAppUser, recordEvents, timestamp } from './fragments.ts';
import { inviterMayInvite, wasRemovedAfterInvite } from './inviters.ts';
import { resourceMemberships } from './tables.ts';

const JoinedRow = row([resourceMemberships], { userId: Type.String() });

/** Rolls back the spent use when the user is a member already. */
class NotJoined extends Error {}

/**
 * Spends one use and makes the user a member, or does neither. The use is spent by compare-and-swap: of several callers for
 * the last use exactly one gets it. A removed member joins again in the same row. An own role is locked, so that it does not change
 * until its new holder is one of those that change with it.
 */
export const acceptInvite = async (
  { inTransaction }: Pick<SharedDatabase, 'inTransaction'>,
  inviteId: string,
  user: { readonly userId: string; readonly displayName: string },
  at: string,
  event: AuditEventMessage,
): Promise<boolean> => {
  const { userId } = user;
  try {
    return await inTransaction(async (tx) => {
      const joined = await tx.maybeOne(sql.type(JoinedRow)`
        WITH saved AS (
          UPDATE team.invites AS invite SET uses_left = invite.uses_left - 1, updated_at = ${timestamp(at)}
          FROM team.communities AS community
          WHERE invite.id = ${inviteId}::uuid AND community.id = invite.community_id AND community.deleted_at IS NULL
            AND invite.uses_left > 0 AND invite.revoked_at IS NULL AND invite.declined_at IS NULL
            AND invite.expires_at > ${timestamp(at)} AND ${inviterMayInvite} AND NOT ${wasRemovedAfterInvite(userId)}
          RETURNING invite.community_id, invite.role, invite.own_role_id
        ),
        given AS (
          SELECT own.id, own.rank FROM team.own_roles AS own
          WHERE own.id = (SELECT saved.own_role_id FROM saved) AND own.deleted_at IS NULL FOR SHARE
        ),
        known AS (${joinAppUser(user, sql.fragment`EXISTS (SELECT 1 FROM saved)`)}),
        joined AS (
          INSERT INTO team.resource_memberships AS m
            (resource_id, resource_type, user_id, role, own_role_id, joined_at, created_by, version, created_at, updated_at)
          SELECT saved.community_id, 'community', ${userId}::text, COALESCE(given.rank, saved.role), given.id, ${timestamp(at)}, ${userId}::text, 1::int8, ${timestamp(at)},
                 ${timestamp(at)}
          FROM saved CROSS JOIN known LEFT JOIN given ON given.id = saved.own_role_id
          WHERE saved.own_role_id IS NULL OR given.id IS NOT NULL
          ON CONFLICT (resource_id, resource_type, user_id) DO UPDATE
          SET role = excluded.role, own_role_id = excluded.own_role_id, joined_at = excluded.joined_at, version = m.version + 1, updated_at = excluded.updated_at,
              deleted_at = NULL, removed_at = NULL
          WHERE m.deleted_at IS NOT NULL
          RETURNING m.user_id
        ),
        ${recordEvents(event)}
        SELECT user_id FROM joined`);
      if (joined === null) throw new NotJoined();
      return true;
    });
  } catch (error) {
    if (error instanceof NotJoined) return false;
    throw error;
  }
};
