import { communityRoles, type Community } from '@guildhall/contracts';
import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { CommunityStore, NewCommunity } from '../core/communities.ts';
import { communityAccess, membershipOf } from './access.ts';
import { afterPosition, claimKey, findEarlier, joinAppUser, outboxInsert, timestamp } from './fragments.ts';
import { communities, resourceMemberships } from './tables.ts';

const CommunityRow = row([communities, resourceMemberships], {
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  role: Type.Enum([...communityRoles]),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
const SavedRow = row([communities], { id: Type.String() });

const columns = sql.fragment`community.id, community.name, community.description, membership.role, community.version,
  community.created_at, community.updated_at`;

export const createCommunities = (connection: Connection): CommunityStore => ({
  async find(userId, communityId) {
    const found = await connection.maybeOne(sql.type(CommunityRow)`
      SELECT ${columns} FROM team.communities AS community ${membershipOf(userId)}
      WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL`);
    return found ?? undefined;
  },
  list: (userId, { limit, after }) =>
    connection.any(sql.type(CommunityRow)`
      WITH mine AS (
        SELECT ${columns} FROM team.communities AS community ${membershipOf(userId)} WHERE community.deleted_at IS NULL
      )
      SELECT id, name, description, role, version, created_at, updated_at FROM mine
      WHERE ${afterPosition(after)} ORDER BY created_at DESC, id DESC LIMIT ${limit}`),
  findEarlier: (userId, key) => findEarlier(connection, userId, key),
  insert: (created) => insertCommunity(connection, created),
  async save({ id, name, description, version, updatedAt }, isDeleted, { userId, permission, event }) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, id, permission)}),
      saved AS (
        UPDATE team.communities AS c
        SET name = ${name}, description = ${description}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)},
            deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
        FROM access
        WHERE c.id = access.community_id AND c.version = ${version - 1}::int8 AND c.deleted_at IS NULL
        RETURNING c.id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  },
});

const insertCommunity = async (
  connection: Connection,
  { community, settings, founder, event, remembered }: NewCommunity,
): Promise<boolean> => {
  const { id, name, description, createdAt }: Community = community;
  const { userId } = founder;
  const saved = await connection.maybeOne(sql.type(SavedRow)`
    WITH access AS (SELECT ${userId}::text AS user_id),
    claimed_key AS (${claimKey(userId, remembered)}),
    saved AS (
      INSERT INTO team.communities (id, name, description, settings, created_by, version, created_at, updated_at)
      SELECT ${id}::uuid, ${name}::text, ${description}::text, ${JSON.stringify(settings)}::jsonb, ${userId}::text, 1::int8,
             ${timestamp(createdAt)}, ${timestamp(createdAt)}
      FROM claimed_key
      RETURNING id
    ),
    known AS (${joinAppUser(founder)}),
    joined AS (
      INSERT INTO team.resource_memberships
        (resource_id, resource_type, user_id, role, joined_at, created_by, version, created_at, updated_at)
      SELECT saved.id, 'community', ${userId}::text, 'owner', ${timestamp(createdAt)}, ${userId}::text, 1::int8, ${timestamp(createdAt)},
             ${timestamp(createdAt)}
      FROM saved
      RETURNING user_id
    ),
    outbox AS (${outboxInsert(event)})
    SELECT id FROM saved`);
  return saved !== null;
};
