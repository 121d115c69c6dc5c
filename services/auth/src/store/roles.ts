import { row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { assignPermission, lastHolderRole, type RoleChange, type RoleStore, type RoleWrite } from '../core/role-store.ts';
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

const RoleRow = row([roles], { name: Type.String(), permissions: Type.Array(Type.String()), version: Type.Integer() });
const NameRow = row([roles], { name: Type.String() });
const OwnFactsRow = uncheckedRow({
  isCallerLive: Type.Boolean(),
  callerPermissions: Type.Array(Type.String()),
  isHeld: Type.Boolean(),
  total: Type.Integer(),
});
const roleColumns = sql.fragment`name, permissions, version`;
const IdRow = row([users], { id: Type.String() });
const FactsRow = uncheckedRow({
  isCallerLive: Type.Boolean(),
  callerPermissions: Type.Array(Type.String()),
  isUserThere: Type.Boolean(),
  rolePermissions: Type.Union([Type.Array(Type.String()), Type.Null()]),
  isHeld: Type.Boolean(),
  isLastOwner: Type.Boolean(),
});

/** Locks the role, so that a change of its permissions comes before, and is seen, or after, and ends the new holder's access tokens. */
const assignQuery = (change: RoleChange, now: Date) => {
  const at = now.toISOString();
  return sql.type(IdRow)`
    WITH ${accessCte(change.caller, now)}, role AS (
      SELECT name, permissions FROM auth.roles WHERE name = ${change.role} FOR UPDATE
    ), changed AS (
      INSERT INTO auth.user_roles (user_id, role, created_by, created_at, updated_at)
      SELECT account.id, role.name, ${change.caller.userId}::text, ${at}::timestamptz, ${at}::timestamptz
      FROM auth.users AS account CROSS JOIN role CROSS JOIN access
      WHERE account.id = ${change.userId} AND account.deleted_at IS NULL
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

/** The condition, beside `accessCte`, that the caller holds these permissions, and may assign roles. */
const holds = (permissions: Fragment): Fragment => sql.fragment`
  access.permissions @> ARRAY[${assignPermission}]::text[] AND access.permissions @> ${permissions}`;

const ownFactsQuery = ({ name, caller }: RoleWrite, now: Date) => sql.type(OwnFactsRow)`
  SELECT ${isLiveSession(caller, now)} AS is_caller_live,
         ${permissionsOf(caller.userId)} AS caller_permissions,
         EXISTS (SELECT 1 FROM auth.user_roles WHERE role = ${name}) AS is_held,
         (SELECT count(id) FROM auth.roles) AS total`;

const createQuery = (role: Parameters<RoleStore['create']>[0], max: number, now: Date) => {
  const at = now.toISOString();
  const permissions = sql.fragment`${sql.array([...role.permissions], 'text')}`;
  return sql.type(RoleRow)`
    WITH ${accessCte(role.caller, now)}
    INSERT INTO auth.roles (name, permissions, created_by, created_at, updated_at)
    SELECT ${role.name}::text, ${permissions}, ${role.caller.userId}::text, ${at}::timestamptz, ${at}::timestamptz
    FROM access
    WHERE ${holds(permissions)} AND (SELECT count(id) FROM auth.roles) < ${max}
    ON CONFLICT (name) DO NOTHING
    RETURNING ${roleColumns}`;
};

/** Holders are locked in the order of their ids: two changes of roles with common holders wait for each other once. */
const updateQuery = (change: Parameters<RoleStore['update']>[0], now: Date) => {
  const at = now.toISOString();
  const permissions = sql.fragment`${sql.array([...change.permissions], 'text')}`;
  return sql.type(RoleRow)`
    WITH ${accessCte(change.caller, now)}, written AS (
      UPDATE auth.roles AS role
      SET permissions = ${permissions}, version = role.version + 1, updated_at = ${at}
      FROM access
      WHERE role.name = ${change.name} AND role.version = ${change.version}
        AND ${holds(sql.fragment`role.permissions`)} AND access.permissions @> ${permissions}
      RETURNING role.name, role.permissions, role.version
    ), changed AS (
      SELECT account.id AS user_id FROM auth.users AS account
      WHERE account.id IN (SELECT assigned.user_id FROM auth.user_roles AS assigned JOIN written ON written.name = assigned.role)
      ORDER BY account.id FOR UPDATE
    ), ended AS (${endAccessTokens(at)})
    SELECT ${roleColumns} FROM written`;
};

const deleteQuery = ({ name, version, caller }: Parameters<RoleStore['delete']>[0], now: Date) => sql.type(NameRow)`
  WITH ${accessCte(caller, now)}
  DELETE FROM auth.roles AS role USING access
  WHERE role.name = ${name} AND role.version = ${version} AND ${holds(sql.fragment`role.permissions`)}
    AND NOT EXISTS (SELECT 1 FROM auth.user_roles AS assigned WHERE assigned.role = role.name)
  RETURNING role.name`;

export const createRoleStore = (connection: Connection): RoleStore => {
  const find: RoleStore['find'] = (name) =>
    connection.maybeOne(sql.type(RoleRow)`SELECT ${roleColumns} FROM auth.roles WHERE name = ${name}`);
  return {
    list: ({ limit, after }) =>
      connection.any(sql.type(RoleRow)`
        SELECT ${roleColumns} FROM auth.roles
        WHERE ${after === null ? sql.fragment`true` : sql.fragment`name > ${after}`}
        ORDER BY name LIMIT ${limit}`),
    facts: (change, now) => connection.one(factsQuery(change, now)),
    assign: async (change, now) => (await connection.maybeOne(assignQuery(change, now))) !== null,
    remove: async (change, now) => (await connection.maybeOne(removeQuery(change, now))) !== null,
    find,
    ownFacts: async (role, now) => ({ ...(await connection.one(ownFactsQuery(role, now))), role: await find(role.name) }),
    create: (role, max, now) => connection.maybeOne(createQuery(role, max, now)),
    lock: async (name) => {
      await connection.maybeOne(sql.type(NameRow)`SELECT name FROM auth.roles WHERE name = ${name} FOR UPDATE`);
    },
    update: (change, now) => connection.maybeOne(updateQuery(change, now)),
    delete: async (target, now) => (await connection.maybeOne(deleteQuery(target, now))) !== null,
  };
};
