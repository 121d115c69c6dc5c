import { rankOfPermissions, type OwnRole } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import type { OwnRoleStore, OwnRoleWrite } from '../core/own-roles.ts';
import { communityAccess } from './access.ts';
import { toTarget } from './create-target.ts';
import { revokeFallenInvites } from './fallen-invites.ts';
import {
  afterSorted,
  containsText,
  createdByName,
  creatorJoin,
  earlierJoin,
  isInState,
  sortedBy,
  timestamp,
  visibleRows,
} from './fragments.ts';
import { lockCommunity } from './memberships.ts';
import { earlierColumns, namedColumns, partial, Role } from './rows.ts';
import { idempotencyKeys, ownRoles, resourceMemberships } from './tables.ts';
import { compareAndSwap, insertOnce } from './writes.ts';

const columns = { ...namedColumns, permissions: Type.Unsafe<OwnRole['permissions']>(Type.Array(Type.String())) };
const computed = { createdByName: Type.String() };
/** Left-joined to the CTE `access`: one row without an own role means that the list is empty. */
const ListedRow = row([leftJoined(ownRoles)], partial(columns), partial(computed));
const FoundRow = row(
  [ownRoles, resourceMemberships],
  { ...columns, role: Role },
  { ...computed, isDeleted: Type.Boolean(), isInUse: Type.Boolean() },
);
const TargetRow = row(
  [resourceMemberships, leftJoined(idempotencyKeys)],
  { role: Role, ...earlierColumns },
  { ownRoleCount: Type.Integer(), isNameTaken: Type.Boolean() },
);
const TakenRow = row([ownRoles], { id: Type.String() });

const table = sql.fragment`own`;
const listed = sql.fragment`listed`;

const ownColumns = sql.fragment`
  own.id, own.community_id, own.name, own.description, own.permissions, own.created_by, own.version, own.created_at, own.updated_at,
  ${createdByName}`;

/** The condition that a member holds the own role `own`, or an open invite gives it. */
const isInUse = sql.fragment`(
  EXISTS (
    SELECT 1 FROM team.resource_memberships AS holder WHERE holder.own_role_id = own.id AND holder.deleted_at IS NULL
  ) OR EXISTS (
    SELECT 1 FROM team.invites AS invite
    WHERE invite.own_role_id = own.id AND invite.revoked_at IS NULL AND invite.declined_at IS NULL AND invite.uses_left > 0
      AND invite.expires_at > now()
  ))`;

/** Selects the own role of a community that has a name, in any case, other than the one with this id. */
const named = ({ id, communityId, name }: Pick<OwnRole, 'id' | 'communityId' | 'name'>): Fragment => sql.fragment`
  SELECT other.id FROM team.own_roles AS other
  WHERE other.community_id = ${communityId}::uuid AND lower(other.name) = lower(${name}::text) AND other.deleted_at IS NULL
    AND other.id <> ${id}::uuid`;

/** No own role has it. */
const noId = '00000000-0000-0000-0000-000000000000';

const reads = (connection: Connection): Pick<OwnRoleStore, 'list' | 'find' | 'findCreateTarget' | 'isNameTaken'> => ({
  async list(userId, communityId, { page, q, state }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'own-role:read')})
      SELECT listed.id, listed.community_id, listed.name, listed.description, listed.permissions, listed.created_by, listed.version,
             listed.created_at, listed.updated_at, listed.created_by_name
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${ownColumns} FROM team.own_roles AS own ${creatorJoin(table)}
        WHERE own.community_id = ${communityId}::uuid AND ${isInState(table, state, 'own-role:delete')}
          AND ${containsText(sql.fragment`own.name`, q)} AND ${afterSorted(table, page)}
        ORDER BY ${sortedBy(table, page)} LIMIT ${page.limit}
      ) AS listed ON true
      ORDER BY ${sortedBy(listed, page)}`);
    return visibleRows<OwnRole>(rows);
  },
  async find(userId, { communityId, ownRoleId }) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${communityAccess(userId, communityId, 'own-role:read')})
      SELECT ${ownColumns}, own.deleted_at IS NOT NULL AS is_deleted, ${isInUse} AS is_in_use, access.role
      FROM access
      JOIN team.own_roles AS own ON own.community_id = access.community_id AND own.id = ${ownRoleId}::uuid
      ${creatorJoin(table)}`);
    if (found === null) return undefined;
    const { role, isDeleted, isInUse: inUse, ...item } = found;
    return { item, isDeleted, isInUse: inUse, role };
  },
  findCreateTarget: async (userId, communityId, name, key) =>
    toTarget(
      await connection.maybeOne(sql.type(TargetRow)`
        WITH access AS (${communityAccess(userId, communityId, 'own-role:read')})
        SELECT access.role, earlier.request_hash, earlier.answer, EXISTS (${named({ id: noId, communityId, name })}) AS is_name_taken,
               (
                 SELECT count(*) FROM team.own_roles AS own WHERE own.community_id = access.community_id AND own.deleted_at IS NULL
               ) AS own_role_count
        FROM access ${earlierJoin(userId, key)}`),
    ),
  isNameTaken: async (own) => (await connection.maybeOne(sql.type(TakenRow)`${named(own)}`)) !== null,
});

/** Gives the holders of an own role its rank, and revokes the invites that they may not make any more. */
const changeHolders = async (tx: Connection, next: OwnRole, write: OwnRoleWrite): Promise<void> => {
  const rank = rankOfPermissions(next.permissions);
  const changed = sql.fragment`role = ${rank}, updated_at = ${timestamp(next.updatedAt)}`;
  await tx.query(sql.unsafe`
    UPDATE team.resource_memberships SET ${changed}, version = version + 1 WHERE own_role_id = ${next.id}::uuid AND role <> ${rank}`);
  await tx.query(sql.unsafe`UPDATE team.invites SET ${changed} WHERE own_role_id = ${next.id}::uuid AND role <> ${rank}`);
  await revokeFallenInvites(
    tx,
    { communityId: next.communityId, at: next.updatedAt, revokedEvent: write.revokedEvent },
    sql.fragment`
    invite.created_by IN (SELECT holder.user_id FROM team.resource_memberships AS holder WHERE holder.own_role_id = ${next.id}::uuid)`,
  );
};

export const createOwnRoles = ({
  connection,
  inTransaction,
}: Pick<SharedDatabase, 'connection' | 'inTransaction'>): OwnRoleStore => ({
  ...reads(connection),
  insert: (own, write, remembered) =>
    inTransaction(async (tx) => {
      const { id, communityId, name, description, permissions, createdAt } = own;
      await lockCommunity(tx, communityId);
      return insertOnce(tx, write, remembered, {
        access: communityAccess(write.userId, communityId, write.permission),
        condition: sql.fragment`NOT EXISTS (${named(own)})`,
        insert: sql.fragment`
          INSERT INTO team.own_roles
            (id, community_id, name, description, permissions, rank, created_by, version, created_at, updated_at)
          SELECT ${id}::uuid, access.community_id, ${name}::text, ${description}::text, ${sql.array(permissions, 'text')},
                 ${rankOfPermissions(permissions)}::text, ${write.userId}::text, 1::int8, ${timestamp(createdAt)},
                 ${timestamp(createdAt)}
          FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
          RETURNING id`,
      });
    }),
  save: (next, isDeleted, write) =>
    inTransaction(async (tx) => {
      const { id, communityId, name, description, permissions, version, updatedAt } = next;
      await lockCommunity(tx, communityId);
      const isSaved = await compareAndSwap(tx, write, {
        access: communityAccess(write.userId, communityId, write.permission),
        update: sql.fragment`
          UPDATE team.own_roles AS own
          SET name = ${name}, description = ${description}, permissions = ${sql.array(permissions, 'text')},
              rank = ${rankOfPermissions(permissions)}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)},
              deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
          FROM access
          WHERE own.id = ${id}::uuid AND own.community_id = access.community_id AND own.version = ${version - 1}::int8
            AND CASE WHEN ${isDeleted} THEN NOT ${isInUse} ELSE NOT EXISTS (${named(next)}) END
          RETURNING own.id`,
      });
      if (isSaved) await changeHolders(tx, next, write);
      return isSaved;
    }),
});
