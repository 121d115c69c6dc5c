import type { CouncilMember } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import type { Candidate, CouncilMemberStore, CouncilMemberWrite } from '../core/council-members.ts';
import { communityAccess } from './access.ts';
import { recordEvents, timestamp } from './fragments.ts';
import { activeMemberships, afterMember, lockCommunity } from './memberships.ts';
import { appUsers, councils, resourceMemberships } from './tables.ts';

/** Left-joined to the council: one row without a member means that it has none. */
const ListedRow = row([leftJoined(resourceMemberships), leftJoined(appUsers)], {
  userId: Type.Optional(Type.String()),
  displayName: Type.Optional(Type.String()),
  joinedAt: Type.Optional(Type.String()),
});
const CandidateRow = row([councils, leftJoined(appUsers), leftJoined(resourceMemberships)], {
  id: Type.String(),
  displayName: Type.Optional(Type.String()),
  joinedAt: Type.Optional(Type.String()),
});
const SavedRow = row([resourceMemberships], { userId: Type.String() });

const seatsOf = (alias: Fragment, councilId: Fragment): Fragment => sql.fragment`
  ${alias}.resource_id = ${councilId} AND ${alias}.resource_type = 'council' AND ${alias}.deleted_at IS NULL`;

const list =
  (connection: Connection): CouncilMemberStore['list'] =>
  async (userId, { communityId, councilId }, { limit, after }) => {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'council:read')})
      SELECT listed.user_id, listed.display_name, listed.joined_at
      FROM access
      JOIN team.councils AS council
        ON council.id = ${councilId}::uuid AND council.community_id = access.community_id AND council.deleted_at IS NULL
      LEFT JOIN LATERAL (
        SELECT m.user_id, app_user.display_name, m.joined_at
        FROM team.resource_memberships AS m
        JOIN team.app_users AS app_user ON app_user.id = m.user_id
        WHERE ${seatsOf(sql.fragment`m`, sql.fragment`council.id`)} AND ${afterMember(after)}
        ORDER BY m.joined_at, m.user_id LIMIT ${limit}
      ) AS listed ON true
      ORDER BY listed.joined_at, listed.user_id`);
    if (rows.length === 0) return undefined;
    return rows.flatMap(({ userId: memberId, displayName = '', joinedAt }) =>
      memberId === undefined || joinedAt === undefined ? [] : [{ userId: memberId, displayName, joinedAt }],
    );
  };

const memberOf = (memberId: string, displayName: string, joinedAt: string | undefined): CouncilMember | undefined =>
  joinedAt === undefined ? undefined : { userId: memberId, displayName, joinedAt };

const findCandidate =
  (connection: Connection): CouncilMemberStore['findCandidate'] =>
  async ({ communityId, councilId, memberId }): Promise<Candidate> => {
    const found = await connection.maybeOne(sql.type(CandidateRow)`
      SELECT council.id, app_user.display_name, seat.joined_at
      FROM team.councils AS council
      LEFT JOIN team.resource_memberships AS m ON ${activeMemberships(sql.fragment`m`, communityId)} AND m.user_id = ${memberId}
      LEFT JOIN team.app_users AS app_user ON app_user.id = m.user_id
      LEFT JOIN team.resource_memberships AS seat
        ON ${seatsOf(sql.fragment`seat`, sql.fragment`council.id`)} AND seat.user_id = m.user_id
      WHERE council.id = ${councilId}::uuid AND council.community_id = ${communityId}::uuid`);
    const displayName = found?.displayName;
    return { displayName, member: memberOf(memberId, displayName ?? '', found?.joinedAt) };
  };

/** The live council, if the user holds the permission in its community. */
const councilAccess = (
  { userId, communityId, councilId }: CouncilMemberWrite,
  permission: Parameters<typeof communityAccess>[2],
) =>
  sql.fragment`
    SELECT council.id FROM (${communityAccess(userId, communityId, permission)}) AS allowed
    JOIN team.councils AS council
      ON council.id = ${councilId}::uuid AND council.community_id = allowed.community_id AND council.deleted_at IS NULL`;

/** A former member of the council joins again in the same row. */
const add = ({ inTransaction }: Pick<SharedDatabase, 'inTransaction'>, write: CouncilMemberWrite): Promise<boolean> =>
  inTransaction(async (tx) => {
    const { communityId, memberId, userId, at, event } = write;
    await lockCommunity(tx, communityId);
    const saved = await tx.maybeOne(sql.type(SavedRow)`
      WITH access AS (${councilAccess(write, 'council-member:add')}),
      saved AS (
        INSERT INTO team.resource_memberships AS seat
          (resource_id, resource_type, user_id, role, joined_at, created_by, version, created_at, updated_at)
        SELECT access.id, 'council', m.user_id, 'member', ${timestamp(at)}, ${userId}::text, 1::int8, ${timestamp(at)}, ${timestamp(at)}
        FROM access
        JOIN team.resource_memberships AS m ON ${activeMemberships(sql.fragment`m`, communityId)} AND m.user_id = ${memberId}
        ON CONFLICT (resource_id, resource_type, user_id) DO UPDATE
        SET joined_at = excluded.joined_at, version = seat.version + 1, updated_at = excluded.updated_at, deleted_at = NULL
        WHERE seat.deleted_at IS NOT NULL
        RETURNING seat.user_id
      ),
      ${recordEvents(event)}
      SELECT user_id FROM saved`);
    return saved !== null;
  });

const remove = async (connection: Connection, write: CouncilMemberWrite): Promise<boolean> => {
  const { memberId, userId, at, event } = write;
  const saved = await connection.maybeOne(sql.type(SavedRow)`
    WITH access AS (${councilAccess(write, memberId === userId ? 'council:read' : 'council-member:remove')}),
    saved AS (
      UPDATE team.resource_memberships AS seat
      SET deleted_at = ${timestamp(at)}, version = seat.version + 1, updated_at = ${timestamp(at)}
      FROM access
      WHERE ${seatsOf(sql.fragment`seat`, sql.fragment`access.id`)} AND seat.user_id = ${memberId}
      RETURNING seat.user_id
    ),
    ${recordEvents(event)}
    SELECT user_id FROM saved`);
  return saved !== null;
};

export const createCouncilMembers = (database: Pick<SharedDatabase, 'connection' | 'inTransaction'>): CouncilMemberStore => ({
  list: list(database.connection),
  findCandidate: findCandidate(database.connection),
  add: (write) => add(database, write),
  remove: (write) => remove(database.connection, write),
});
