import { leftJoined, row, sql, type Connection, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import type { InviteStore, NewInviteWrite } from '../core/invite-store.ts';
import { communityAccess, membershipOf } from './access.ts';
import { acceptInvite } from './accept-invite.ts';
import { toTarget } from './create-target.ts';
import { afterPosition, claimKey, earlierJoin, recordEvents, timestamp } from './fragments.ts';
import { FoundInviteRow, inviteColumns, inviteFields, InviteStatus, seenInvite, toInvite } from './invite-rows.ts';
import { userMayInvite, wasRemovedAfterInvite } from './inviters.ts';
import { earlierColumns, nullable, Role, toHeldOwnRole } from './rows.ts';
import { communities, idempotencyKeys, invites, resourceMemberships } from './tables.ts';

const ByTokenRow = row(
  [invites, communities],
  { ...inviteFields, communityId: Type.String(), name: Type.String() },
  {
    status: InviteStatus,
    ownRoleName: nullable(Type.String()),
    createdByName: Type.String(),
    isMember: Type.Boolean(),
    isBarred: Type.Boolean(),
  },
);
const CreateTargetRow = row(
  [resourceMemberships, leftJoined(idempotencyKeys)],
  { role: Role, ...earlierColumns },
  { communityName: Type.String() },
);
const SavedRow = row([invites], { id: Type.String() });

type Reads = 'list' | 'find' | 'findCreateTarget' | 'findByToken';

const reads = (connection: Connection): Pick<InviteStore, Reads> => ({
  async list(userId, communityId, { limit, after }, at) {
    const rows = await connection.any(sql.type(FoundInviteRow)`
      WITH access AS (${communityAccess(userId, communityId, 'community:read')})
      SELECT access.role AS caller_role, ${seenInvite}
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${inviteColumns(at)} FROM team.invites AS invite
        WHERE invite.community_id = ${communityId}::uuid AND ${afterPosition(after)}
        ORDER BY invite.created_at DESC, invite.id DESC LIMIT ${limit}
      ) AS seen ON true
      ORDER BY seen.created_at DESC, seen.id DESC`);
    const [first] = rows;
    if (first === undefined) return undefined;
    const found = rows.map(({ callerRole: _role, ...invite }) => toInvite(invite)).filter((invite) => invite !== undefined);
    return { role: first.callerRole, invites: found };
  },
  async find(userId, communityId, inviteId, at) {
    const found = await connection.maybeOne(sql.type(FoundInviteRow)`
      WITH access AS (${communityAccess(userId, communityId, 'community:read')}),
      seen AS (
        SELECT ${inviteColumns(at)} FROM team.invites AS invite
        WHERE invite.id = ${inviteId}::uuid AND invite.community_id = ${communityId}::uuid
      )
      SELECT access.role AS caller_role, ${seenInvite} FROM access LEFT JOIN seen ON true`);
    if (found === null) return undefined;
    const { callerRole, ...invite } = found;
    return { role: callerRole, invite: toInvite(invite) };
  },
  findCreateTarget: async (userId, communityId, key) =>
    toTarget(
      await connection.maybeOne(sql.type(CreateTargetRow)`
        WITH access AS (${communityAccess(userId, communityId, 'community:read')})
        SELECT access.role, community.name AS community_name, earlier.request_hash, earlier.answer
        FROM access JOIN team.communities AS community ON community.id = access.community_id ${earlierJoin(userId, key)}`),
    ),
  async findByToken(tokenHash, userId, at) {
    const found = await connection.maybeOne(sql.type(ByTokenRow)`
      SELECT ${inviteColumns(at)}, membership.user_id IS NOT NULL AS is_member,
             ${wasRemovedAfterInvite(userId)} AS is_barred, community.id AS community_id, community.name
      FROM team.invites AS invite
      JOIN team.communities AS community ON community.id = invite.community_id AND community.deleted_at IS NULL
      LEFT ${membershipOf(userId)}
      WHERE invite.token_hash = ${tokenHash}`);
    if (found === null) return undefined;
    const { communityId, name, isMember, isBarred, ownRoleId, ownRoleName, ...invite } = found;
    const ownRole = toHeldOwnRole({ ownRoleId, ownRoleName });
    return { invite: { ...invite, ownRole }, isMember, isBarred, community: { id: communityId, name } };
  },
});

const insert = async (
  connection: Connection,
  { communityId, userId, invite, tokenHash, event, mail, remembered }: NewInviteWrite,
): Promise<boolean> => {
  const { id, role, ownRole, email, usesLeft, createdAt, expiresAt, delivery } = invite;
  const ownRoleId = ownRole?.id ?? null;
  const events = mail === null ? [event] : [event, mail];
  const saved = await connection.maybeOne(sql.type(SavedRow)`
    WITH member AS (${communityAccess(userId, communityId, 'invite:create')}),
    access AS (
      SELECT invite.community_id
      FROM (SELECT member.community_id, ${role}::text AS role, ${ownRoleId}::uuid AS own_role_id FROM member) AS invite
      WHERE ${userMayInvite(sql.fragment`${userId}`)}
    ),
    claimed_key AS (${claimKey(userId, remembered)}),
    saved AS (
      INSERT INTO team.invites
        (id, community_id, token_hash, role, own_role_id, email, uses_left, expires_at, created_by, created_at, updated_at,
         delivery, mail_request_id, mails_requested)
      SELECT ${id}::uuid, access.community_id, ${tokenHash}::text, ${role}::text, ${ownRoleId}::uuid, ${email}::text,
             ${usesLeft}::int8, ${timestamp(expiresAt)}, ${userId}::text, ${timestamp(createdAt)}, ${timestamp(createdAt)},
             ${delivery}::text, ${mail?.id ?? null}::uuid, ${events.length - 1}::int8
      FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
      RETURNING id
    ),
    ${recordEvents(...events)}
    SELECT id FROM saved`);
  return saved !== null;
};

export const createInvites = (database: Pick<SharedDatabase, 'connection' | 'inTransaction'>): InviteStore => ({
  ...reads(database.connection),
  insert: (write) => insert(database.connection, write),
  async revoke(userId, communityId, inviteId, at, event) {
    const saved = await database.connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'invite:revoke')}),
      saved AS (
        UPDATE team.invites AS invite SET revoked_at = ${timestamp(at)}, updated_at = ${timestamp(at)}
        FROM access
        WHERE invite.id = ${inviteId}::uuid AND invite.community_id = access.community_id AND invite.revoked_at IS NULL
        RETURNING invite.id
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  },
  accept: (inviteId, user, at, event) => acceptInvite(database, inviteId, user, at, event),
  async decline(inviteId, at, event) {
    const saved = await database.connection.maybeOne(sql.type(SavedRow)`
      WITH saved AS (
        UPDATE team.invites SET declined_at = ${timestamp(at)}, updated_at = ${timestamp(at)}
        WHERE id = ${inviteId}::uuid AND declined_at IS NULL AND revoked_at IS NULL AND uses_left > 0
          AND expires_at > ${timestamp(at)}
        RETURNING id
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  },
});
