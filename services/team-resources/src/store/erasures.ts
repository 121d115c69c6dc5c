import type { AuditEventMessage } from '@guildhall/contracts';
import { createOutboxStore, row, sql, uncheckedRow, type Connection, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import { erasedUserName, heirRoles, type Erasure, type ErasureStore, type Heir } from '../core/erase-user.ts';
import { revokeFallenInvites } from './fallen-invites.ts';
import { schema, timestamp } from './fragments.ts';
import { activeMemberships, lockCommunity } from './memberships.ts';
import { BuiltInRole } from './rows.ts';
import { appUsers, councils, invites, resourceMemberships } from './tables.ts';

const PlaceRow = row([resourceMemberships], { resourceId: Type.String() });
const EndedRow = row([resourceMemberships], { role: BuiltInRole }, { hasOtherOwner: Type.Boolean() });
const HeirRow = row([resourceMemberships, appUsers], { userId: Type.String(), displayName: Type.String() });
const SeatRow = row([councils], { id: Type.String(), communityId: Type.String() });
const InviteRow = row([invites], { id: Type.String(), communityId: Type.String() }, { isRevoked: Type.Boolean() });
const UserRow = uncheckedRow({ userId: Type.String() });

/** Leaves the id, the erased name and the time; whoever joins a community at this moment waits for this row. */
const eraseName = async (tx: Connection, { userId, version, at, eventId }: Erasure): Promise<void> => {
  await tx.query(sql.unsafe`
    INSERT INTO team.app_users AS known (id, display_name, version, erased_at)
    VALUES (${userId}, ${erasedUserName}, ${version}, ${timestamp(at)})
    ON CONFLICT (id) DO UPDATE
    SET display_name = excluded.display_name, version = greatest(known.version, excluded.version),
        erased_at = COALESCE(known.erased_at, excluded.erased_at), updated_at = now()`);
  if (eventId === null) return;
  await tx.query(sql.unsafe`
    INSERT INTO team.inbox_events (id, kind) VALUES (${eventId}, 'user-changed') ON CONFLICT (id) DO NOTHING`);
};

/** Removes the name from activities. Every membership has ended before, so that no change that names them is still to be committed. */
const forgetName = async (tx: Connection, { userId }: Erasure): Promise<void> => {
  await tx.query(sql.unsafe`
    UPDATE team.activities SET resource_name = NULL
    WHERE resource_type IN ('member', 'council-member') AND resource_id = ${userId} AND resource_name IS NOT NULL`);
};

/** The member of a community who is next in rank, and of those of one rank the first who joined; undefined where only viewers are left. */
const findHeir = async (tx: Connection, communityId: string): Promise<Heir | undefined> => {
  for (const role of heirRoles) {
    const found = await tx.maybeOne(sql.type(HeirRow)`
      SELECT m.user_id, app_user.display_name
      FROM team.resource_memberships AS m JOIN team.app_users AS app_user ON app_user.id = m.user_id
      WHERE ${activeMemberships(sql.fragment`m`, communityId)} AND m.role = ${role}
      ORDER BY m.joined_at, m.user_id LIMIT 1`);
    if (found !== null) return { ...found, role };
  }
  return undefined;
};

const inherit = async (tx: Connection, communityId: string, erasure: Erasure): Promise<readonly AuditEventMessage[]> => {
  const heir = await findHeir(tx, communityId);
  if (heir === undefined) return [];
  await tx.query(sql.unsafe`
    UPDATE team.resource_memberships AS m
    SET role = 'owner', own_role_id = NULL, version = m.version + 1, updated_at = ${timestamp(erasure.at)}
    WHERE ${activeMemberships(sql.fragment`m`, communityId)} AND m.user_id = ${heir.userId}`);
  return [erasure.ownerInherited(communityId, heir)];
};

/** Ends one membership. The community's row is locked first, as for every change of its members. */
const leaveCommunity = async (tx: Connection, communityId: string, erasure: Erasure): Promise<readonly AuditEventMessage[]> => {
  const { userId, at, memberRemoved, inviteRevoked } = erasure;
  await lockCommunity(tx, communityId);
  const ended = await tx.maybeOne(sql.type(EndedRow)`
    UPDATE team.resource_memberships AS m
    SET deleted_at = ${timestamp(at)}, version = m.version + 1, updated_at = ${timestamp(at)}
    WHERE ${activeMemberships(sql.fragment`m`, communityId)} AND m.user_id = ${userId}
    RETURNING m.role, EXISTS (
      SELECT 1 FROM team.resource_memberships AS other
      WHERE ${activeMemberships(sql.fragment`other`, communityId)} AND other.role = 'owner' AND other.user_id <> ${userId}
    ) AS has_other_owner`);
  if (ended === null) return [];
  const isOrphaned = ended.role === 'owner' && !ended.hasOtherOwner;
  const inherited = isOrphaned ? await inherit(tx, communityId, erasure) : [];
  const revokedEvent = (inviteId: string) => inviteRevoked(communityId, inviteId);
  await revokeFallenInvites(tx, { communityId, at, revokedEvent }, sql.fragment`invite.created_by = ${userId}`);
  return [memberRemoved(communityId, ended.role), ...inherited];
};

const leaveCouncils = async (tx: Connection, { userId, at, councilLeft }: Erasure): Promise<readonly AuditEventMessage[]> => {
  const left = await tx.any(sql.type(SeatRow)`
    UPDATE team.resource_memberships AS seat
    SET deleted_at = ${timestamp(at)}, version = seat.version + 1, updated_at = ${timestamp(at)}
    FROM team.councils AS council
    WHERE council.id = seat.resource_id AND seat.resource_type = 'council' AND seat.user_id = ${userId} AND seat.deleted_at IS NULL
    RETURNING council.id, council.community_id`);
  return left.map(({ id, communityId }) => councilLeft(communityId, id));
};

/** Removes the address from every invite to it. One that is open would let anyone in without, so it is revoked. */
const forgetAddress = async (tx: Connection, { email, at, inviteRevoked }: Erasure): Promise<readonly AuditEventMessage[]> => {
  if (email === null) return [];
  const found = await tx.any(sql.type(InviteRow)`
    WITH addressed AS (
      SELECT invite.id, invite.revoked_at IS NULL AND invite.declined_at IS NULL AND invite.uses_left > 0 AS is_revoked
      FROM team.invites AS invite WHERE invite.email = ${email} FOR UPDATE
    )
    UPDATE team.invites AS invite
    SET email = NULL, updated_at = ${timestamp(at)},
        revoked_at = CASE WHEN addressed.is_revoked THEN ${timestamp(at)} ELSE invite.revoked_at END
    FROM addressed
    WHERE invite.id = addressed.id
    RETURNING invite.id, invite.community_id, addressed.is_revoked`);
  return found.filter(({ isRevoked }) => isRevoked).map(({ id, communityId }) => inviteRevoked(communityId, id));
};

const erase = async (tx: Connection, erasure: Erasure): Promise<void> => {
  await eraseName(tx, erasure);
  const events = [...(await leaveCouncils(tx, erasure))];
  // In the order of their ids, so that two erasures at once do not wait for each other.
  const places = await tx.any(sql.type(PlaceRow)`
    SELECT resource_id FROM team.resource_memberships
    WHERE user_id = ${erasure.userId} AND resource_type = 'community' AND deleted_at IS NULL ORDER BY resource_id`);
  for (const { resourceId } of places) events.push(...(await leaveCommunity(tx, resourceId, erasure)));
  await forgetName(tx, erasure);
  events.push(...(await forgetAddress(tx, erasure)));
  await createOutboxStore(tx, schema).append(events);
};

export const createErasures = ({
  connection,
  inTransaction,
}: Pick<SharedDatabase, 'connection' | 'inTransaction'>): ErasureStore => ({
  erase: (erasure) => inTransaction((tx) => erase(tx, erasure)),
  async findUnerased(userIds) {
    const found = await connection.any(sql.type(UserRow)`
      SELECT given.user_id FROM unnest(${sql.array([...userIds], 'text')}) AS given (user_id)
      WHERE NOT EXISTS (SELECT 1 FROM team.app_users AS known WHERE known.id = given.user_id AND known.erased_at IS NOT NULL)`);
    return found.map(({ userId }) => userId);
  },
});
