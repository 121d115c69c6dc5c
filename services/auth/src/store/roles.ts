import { row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { assignPermission, lastHolderRole, type RoleChange, type RoleStore } from '../core/role-store.ts';
import { isLiveSession } from './account-roles.ts';
import { roles, userRoles } from './tables.ts';

const RoleRow = row([roles], { name: Type.String(), permissions: Type.Array(Type.String()) });
const IdRow = row([userRoles], { userId: Type.String() });
const FactsRow = uncheckedRow({
  isCallerLive: Type.Boolean(),
  callerPermissions: Type.Array(Type.String()),
  isUserThere: Type.Boolean(),
  rolePermissions: Type.Union([Type.Array(Type.String()), Type.Null()]),
  isHeld: Type.Boolean(),
  holders: Type.Integer(),
});

/** The global permissions of a user as one text array; empty without any role. */
const permissionsOf = (userId: string): Fragment => sql.fragment`
  ARRAY(
    SELECT DISTINCT granted.permission
    FROM auth.user_roles AS assigned
    JOIN auth.roles AS role ON role.name = assigned.role
    CROSS JOIN LATERAL unnest(role.permissions) AS granted (permission)
    WHERE assigned.user_id = ${userId} ORDER BY granted.permission
  )`;

/** The CTE `access`: the caller's permissions; no row once their session has ended. */
const accessCte = ({ caller }: RoleChange, now: Date): Fragment => sql.fragment`
  access AS (SELECT ${permissionsOf(caller.userId)} AS permissions WHERE ${isLiveSession(caller, now)})`;

const assignQuery = (change: RoleChange, now: Date) => {
  const at = now.toISOString();
  return sql.type(IdRow)`
    WITH ${accessCte(change, now)}
    INSERT INTO auth.user_roles (user_id, role, created_by, created_at, updated_at)
    SELECT account.id, role.name, ${change.caller.userId}::text, ${at}::timestamptz, ${at}::timestamptz
    FROM auth.users AS account CROSS JOIN auth.roles AS role CROSS JOIN access
    WHERE account.id = ${change.userId} AND account.deleted_at IS NULL AND role.name = ${change.role}
      AND access.permissions @> ARRAY[${assignPermission}]::text[] AND access.permissions @> role.permissions
    ON CONFLICT (user_id, role) DO NOTHING
    RETURNING user_id`;
};

/** Two owners who remove each other wait at the same rows: the second counts again and finds one left. */
const removeQuery = (change: RoleChange, now: Date) => sql.type(IdRow)`
  WITH ${accessCte(change, now)}, owners AS (
    SELECT user_id FROM auth.user_roles
    WHERE role = ${lastHolderRole} AND role = ${change.role}
    ORDER BY user_id FOR UPDATE
  )
  DELETE FROM auth.user_roles AS assigned
  USING auth.roles AS role, access
  WHERE assigned.user_id = ${change.userId} AND assigned.role = ${change.role} AND role.name = assigned.role
    AND access.permissions @> ARRAY[${assignPermission}]::text[] AND access.permissions @> role.permissions
    AND (role.name <> ${lastHolderRole} OR (SELECT count(owners.user_id) FROM owners) > 1)
  RETURNING assigned.user_id`;

const factsQuery = ({ userId, role, caller }: RoleChange, now: Date) => sql.type(FactsRow)`
  SELECT ${isLiveSession(caller, now)} AS is_caller_live,
         ${permissionsOf(caller.userId)} AS caller_permissions,
         EXISTS (SELECT 1 FROM auth.users WHERE id = ${userId} AND deleted_at IS NULL) AS is_user_there,
         (SELECT permissions FROM auth.roles WHERE name = ${role}) AS role_permissions,
         EXISTS (SELECT 1 FROM auth.user_roles WHERE user_id = ${userId} AND role = ${role}) AS is_held,
         (SELECT count(user_id) FROM auth.user_roles WHERE role = ${role}) AS holders`;

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
