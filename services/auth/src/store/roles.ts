import { row, sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import { assignPermission, lastHolderRole, type RoleChange, type RoleStore } from '../core/role-store.ts';
import {
  accessCte,
  endAccessTokens,
  isLastOwner,
  isLiveSession,
  isOwnerLeftWithout,
  lockedOwnersCte,
  permissionsOf,
} from './account-roles.ts';
import { roles, users } from './tables.ts';

const RoleRow = row([roles], { name: Type.String(), permissions: Type.Array(Type.String()) });
const IdRow = row([users], { id: Type.String() });
const FactsRow = uncheckedRow({
  isCallerLive: Type.Boolean(),
  callerPermissions: Type.Array(Type.String()),
  isUserThere: Type.Boolean(),
  rolePermissions: Type.Union([Type.Array(Type.String()), Type.Null()]),
  isHeld: Type.Boolean(),
  isLastOwner: Type.Boolean(),
});

const assignQuery = (change: RoleChange, now: Date) => {
  const at = now.toISOString();
  return sql.type(IdRow)`
    WITH ${accessCte(change.caller, now)}, changed AS (
      INSERT INTO auth.user_roles (user_id, role, created_by, created_at, updated_at)
      SELECT account.id, role.name, ${change.caller.userId}::text, ${at}::timestamptz, ${at}::timestamptz
      FROM auth.users AS account CROSS JOIN auth.roles AS role CROSS JOIN access
      WHERE account.id = ${change.userId} AND account.deleted_at IS NULL AND role.name = ${change.role}
        AND access.permissions @> ARRAY[${assignPermission}]::text[] AND access.permissions @> role.permissions
      ON CONFLICT (user_id, role) DO NOTHING
      RETURNING user_id
    )
    ${endAccessTokens(at)}`;
};

/** Only the role of owners locks them: any other is taken without. */
const removeQuery = (change: RoleChange, now: Date) => {
  const locks = change.role === lastHolderRole;
  return sql.type(IdRow)`
    WITH ${accessCte(change.caller, now)}${locks ? sql.fragment`, ${lockedOwnersCte}` : sql.fragment``}, changed AS (
      DELETE FROM auth.user_roles AS assigned
      USING auth.roles AS role, access
      WHERE assigned.user_id = ${change.userId} AND assigned.role = ${change.role} AND role.name = assigned.role
        AND access.permissions @> ARRAY[${assignPermission}]::text[] AND access.permissions @> role.permissions
        AND ${locks ? isOwnerLeftWithout(sql.fragment`assigned.user_id`) : sql.fragment`true`}
      RETURNING assigned.user_id
    )
    ${endAccessTokens(now.toISOString())}`;
};

const factsQuery = ({ userId, role, caller }: RoleChange, now: Date) => sql.type(FactsRow)`
  SELECT ${isLiveSession(caller, now)} AS is_caller_live,
         ${permissionsOf(caller.userId)} AS caller_permissions,
         EXISTS (SELECT 1 FROM auth.users WHERE id = ${userId} AND deleted_at IS NULL) AS is_user_there,
         (SELECT permissions FROM auth.roles WHERE name = ${role}) AS role_permissions,
         EXISTS (SELECT 1 FROM auth.user_roles WHERE user_id = ${userId} AND role = ${role}) AS is_held,
         ${isLastOwner(userId)} AS is_last_owner`;

export const createRoleStore = (connection: Connection): RoleStore => ({
  list: ({ limit, after }) =>
    connection.any(sql.type(RoleRow)`
      SELECT name, permissions FROM auth.roles
      WHERE ${after === null ? sql.fragment`true` : sql.fragment`name > ${after}`}
      ORDER BY name LIMIT ${limit}`),
  facts: (change, now) => connection.one(factsQuery(change, now)),
  assign: async (change, now) => (await connection.maybeOne(assignQuery(change, now))) !== null,
  remove: async (change, now) => (await connection.maybeOne(removeQuery(change, now))) !== null,
});
