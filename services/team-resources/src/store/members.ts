import type { Member } from '@guildhall/contracts';
import { createOutboxStore, leftJoined, row, sql, type Connection, type Fragment, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import type { GivenRole } from '../core/given-role.ts';
import type { MemberFilter, MemberStore, MemberWrite } from '../core/members.ts';
import { communityAccess, heldRole, membershipOf } from './access.ts';
import { revokeFallenInvites } from './fallen-invites.ts';
import { containsText, recordEvents, schema, timestamp } from './fragments.ts';
import { activeMemberships, afterMember, lockCommunity } from './memberships.ts';
import { BuiltInRole, Role, toHeldOwnRole, type OwnRoleColumns } from './rows.ts';
import { appUsers, resourceMemberships } from './tables.ts';

/** Left-joined to the CTE `access`: one row without a member means that the page is empty. */
const ListedRow = row(
  [leftJoined(resourceMemberships), leftJoined(appUsers)],
  Type.Partial(
    Type.Object({
      userId: Type.String(),
      displayName: Type.String(),
      role: BuiltInRole,
      version: Type.Integer(),
      joinedAt: Type.String(),
      ownRoleId: Type.String(),
    }),
  ).properties,
  { ownRoleName: Type.Optional(Type.String()) },
);
const FoundRow = row(
  [leftJoined(resourceMemberships), leftJoined(appUsers)],
  {
    userId: Type.Optional(Type.String()),
    displayName: Type.Optional(Type.String()),
    role: Type.Optional(BuiltInRole),
    version: Type.Optional(Type.Integer()),
    joinedAt: Type.Optional(Type.String()),
    ownRoleId: Type.Optional(Type.String()),
  },
  {
    callerRole: Role,
    memberRole: Type.Optional(Role),
    ownRoleName: Type.Optional(Type.String()),
    hasOtherOwner: Type.Boolean(),
  },
);
const SavedRow = row([resourceMemberships], { userId: Type.String() });
const LeftRow = row([resourceMemberships], { resourceId: Type.String() });

const toMember = (found: Partial<Member> & OwnRoleColumns): Member | undefined => {
  const { userId, displayName, role, version, joinedAt } = found;
  if (userId === undefined || role === undefined || version === undefined || joinedAt === undefined) return undefined;
  return { userId, displayName: displayName ?? '', role, ownRole: toHeldOwnRole(found), version, joinedAt };
};

/** The condition for members `m` with the copy `app_user` of their user. */
const inFilter = (communityId: string, { q, role, notContributedForDays }: Omit<MemberFilter, 'page'>): Fragment => {
  const ofRole = role === undefined ? sql.fragment`true` : sql.fragment`m.role = ${role}`;
  const named = containsText(sql.fragment`app_user.display_name`, q);
  if (notContributedForDays === undefined) return sql.fragment`${ofRole} AND ${named}`;
  const since = sql.fragment`now() - ${notContributedForDays}::float8 * interval '1 day'`;
  return sql.fragment`${ofRole} AND ${named} AND m.joined_at <= ${since} AND NOT EXISTS (
    SELECT 1 FROM team.activities AS a
    WHERE a.community_id = ${communityId}::uuid AND a.user_id = m.user_id AND a.is_contribution AND a.occurred_at > ${since}
  )`;
};

const list =
  (connection: Connection): MemberStore['list'] =>
  async (userId, communityId, { page: { limit, after }, ...filter }) => {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'member:read')})
      SELECT listed.user_id, listed.display_name, listed.role, listed.version, listed.joined_at, listed.own_role_id,
             listed.own_role_name
      FROM access
      LEFT JOIN LATERAL (
        SELECT m.user_id, app_user.display_name, m.role, m.version, m.joined_at, m.own_role_id, own.name AS own_role_name
        FROM team.resource_memberships AS m
        JOIN team.app_users AS app_user ON app_user.id = m.user_id
        LEFT JOIN team.own_roles AS own ON own.id = m.own_role_id
        WHERE ${activeMemberships(sql.fragment`m`, communityId)} AND ${afterMember(after)}
          AND ${inFilter(communityId, filter)}
        ORDER BY m.joined_at, m.user_id LIMIT ${limit}
      ) AS listed ON true
      ORDER BY listed.joined_at, listed.user_id`);
    return rows.length === 0 ? undefined : rows.map(toMember).filter((member) => member !== undefined);
  };

const find =
  (connection: Connection): MemberStore['find'] =>
  async (userId, communityId, memberId) => {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      SELECT ${heldRole(sql.fragment`membership`)} AS caller_role, m.user_id, app_user.display_name, m.role, m.version, m.joined_at,
             m.own_role_id, own.name AS own_role_name, ${heldRole(sql.fragment`m`)} AS member_role,
             EXISTS (
               SELECT 1 FROM team.resource_memberships AS other
               WHERE ${activeMemberships(sql.fragment`other`, communityId)} AND other.role = 'owner' AND other.user_id <> ${memberId}
             ) AS has_other_owner
      FROM team.communities AS community
      ${membershipOf(userId)}
      LEFT JOIN team.resource_memberships AS m ON ${activeMemberships(sql.fragment`m`, communityId)} AND m.user_id = ${memberId}
      LEFT JOIN team.app_users AS app_user ON app_user.id = m.user_id
      LEFT JOIN team.own_roles AS own ON own.id = m.own_role_id
      WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL`);
    if (found === null) return undefined;
    const { callerRole, memberRole, hasOtherOwner, ...member } = found;
    return { role: callerRole, member: toMember(member), memberRole, hasOtherOwner };
  };

/** Removes the member from the community's councils, each with its event. */
const leaveCouncils = async (tx: Connection, { communityId, member, at, councilEvent }: MemberWrite): Promise<void> => {
  const left = await tx.any(sql.type(LeftRow)`
    UPDATE team.resource_memberships AS seat
    SET deleted_at = ${timestamp(at)}, version = seat.version + 1, updated_at = ${timestamp(at)}
    WHERE seat.resource_type = 'council' AND seat.user_id = ${member.userId} AND seat.deleted_at IS NULL
      AND seat.resource_id IN (SELECT council.id FROM team.councils AS council WHERE council.community_id = ${communityId}::uuid)
    RETURNING seat.resource_id`);
  await createOutboxStore(tx, schema).append(left.map(({ resourceId }) => councilEvent(resourceId)));
};

interface MemberChange {
  readonly needsOtherOwner: boolean;
  /** The role that is given to the member. */
  readonly given?: GivenRole;
  readonly isRemoved?: boolean;
}

/** The condition that the own role of the community is there with the permissions that the change was decided by; true for a built-in role. */
const isGiven = (communityId: string, given: GivenRole | undefined): Fragment =>
  given === undefined || given.ownRole === null
    ? sql.fragment`true`
    : sql.fragment`EXISTS (
        SELECT 1 FROM team.own_roles AS own
        WHERE own.id = ${given.ownRole.id}::uuid AND own.community_id = ${communityId}::uuid AND own.deleted_at IS NULL
          AND concat('own:', array_to_string(own.permissions, ' ')) = ${given.held}
      )`;

/**
 * Changes one membership if the member, the caller's role and the owners are as they were when the change was decided. A
 * statement of its own locks the community's row first: the next one then sees every earlier change, so that of several
 * owners who leave at once one stays.
 */
const change = (
  { inTransaction }: Pick<SharedDatabase, 'inTransaction'>,
  write: MemberWrite,
  set: Fragment,
  { needsOtherOwner, given, isRemoved = false }: MemberChange,
): Promise<boolean> =>
  inTransaction(async (tx) => {
    const { communityId, member, userId, role, at, event } = write;
    await lockCommunity(tx, communityId);
    const saved = await tx.maybeOne(sql.type(SavedRow)`
      WITH access AS (
        SELECT membership.role FROM team.communities AS community
        ${membershipOf(userId)}
        WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL
          AND ${heldRole(sql.fragment`membership`)} = ${role} AND ${isGiven(communityId, given)}
      ),
      saved AS (
        UPDATE team.resource_memberships AS m
        SET ${set}, version = m.version + 1, updated_at = ${timestamp(at)}
        FROM access
        WHERE ${activeMemberships(sql.fragment`m`, communityId)} AND m.user_id = ${member.userId} AND m.version = ${member.version}::int8
          AND (${!needsOtherOwner} OR EXISTS (
            SELECT 1 FROM team.resource_memberships AS other
            WHERE ${activeMemberships(sql.fragment`other`, communityId)} AND other.role = 'owner' AND other.user_id <> ${member.userId}
          ))
        RETURNING m.user_id
      ),
      ${recordEvents(event)}
      SELECT user_id FROM saved`);
    if (saved === null) return false;
    await revokeFallenInvites(tx, write, sql.fragment`invite.created_by = ${member.userId}`);
    if (isRemoved) await leaveCouncils(tx, write);
    return true;
  });

/** A removal by another member is remembered by the database's clock, which the times of invites are compared with. */
const removal = ({ member, userId, at }: MemberWrite): Fragment => sql.fragment`
  deleted_at = ${timestamp(at)}, removed_at = CASE WHEN ${member.userId === userId} THEN NULL ELSE now() END`;

export const createMembers = (database: Pick<SharedDatabase, 'connection' | 'inTransaction'>): MemberStore => ({
  list: list(database.connection),
  find: find(database.connection),
  changeRole: (write, given) =>
    change(database, write, sql.fragment`role = ${given.role}, own_role_id = ${given.ownRole?.id ?? null}::uuid`, {
      needsOtherOwner: write.member.role === 'owner' && given.role !== 'owner',
      given,
    }),
  remove: (write) => change(database, write, removal(write), { needsOtherOwner: write.member.role === 'owner', isRemoved: true }),
});
