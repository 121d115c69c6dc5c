import { row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import type { SortedRequest } from '@guildhall/resources';
import { Type } from 'typebox';
import type { AccountChange, UserDirectory, UserFilter } from '../core/user-directory.ts';
import { updatePermission } from '../core/users.ts';
import { removeSecondFactors } from './account-belongings.ts';
import {
  accessCte,
  accountRoles,
  isLastOwner,
  isLiveSession,
  isOwnerLeftWithout,
  lockedOwnersCte,
  permissionsOf,
} from './account-roles.ts';
import { ErasedRow, erasureCtes } from './erase-account.ts';
import { DeviceRow, deviceColumns } from './sessions.ts';
import { sessions, users } from './tables.ts';
import { hasPasskey } from './ways-in.ts';

const UserRow = row(
  [users],
  {
    id: Type.String(),
    email: Type.String(),
    isEmailVerified: Type.Boolean(),
    displayName: Type.String(),
    status: Type.Enum(['active', 'suspended']),
    version: Type.Integer(),
    createdAt: Type.String(),
  },
  { roles: Type.Array(Type.String()) },
);
const FactsRow = uncheckedRow({
  isCallerLive: Type.Boolean(),
  callerPermissions: Type.Array(Type.String()),
  accountPermissions: Type.Array(Type.String()),
  isLastOwner: Type.Boolean(),
});
const HolderRow = row([users], { id: Type.String() });
const IdRow = row([sessions], { id: Type.String() });

const ownColumns = sql.fragment`
  account.id, account.email, account.is_email_verified, account.display_name, account.status, account.version, account.created_at`;

/** The accounts of a subquery with their roles: only those that are answered have theirs looked up. */
const withRoles = (accounts: Fragment): Fragment =>
  sql.fragment`SELECT ${ownColumns}, held.roles FROM (${accounts}) AS account CROSS JOIN ${accountRoles}`;

const isBehind = ({ sort, after }: SortedRequest): Fragment => {
  if (after === null) return sql.fragment`true`;
  return sort === 'name'
    ? sql.fragment`(lower(account.display_name), account.id) > (lower(${after.name}::text), ${after.id})`
    : sql.fragment`(account.created_at, account.id) < (${after.createdAt}::timestamptz, ${after.id})`;
};

const orderOf = ({ sort }: SortedRequest): Fragment =>
  sort === 'name'
    ? sql.fragment`lower(account.display_name), account.id`
    : sql.fragment`account.created_at DESC, account.id DESC`;

const unless = (value: string | undefined, condition: (given: string) => Fragment): Fragment =>
  value === undefined ? sql.fragment`true` : condition(value);

const listQuery = ({ page, q, role, status }: UserFilter) => {
  const named = unless(
    q,
    (text) => sql.fragment`
      (strpos(lower(account.display_name), lower(${text}::text)) > 0 OR strpos(lower(account.email), lower(${text}::text)) > 0)`,
  );
  const holding = unless(
    role,
    (name) => sql.fragment`
      EXISTS (SELECT 1 FROM auth.user_roles AS assigned WHERE assigned.user_id = account.id AND assigned.role = ${name})`,
  );
  const inStatus = unless(status, (name) => sql.fragment`account.status = ${name}`);
  return sql.type(UserRow)`
    ${withRoles(sql.fragment`
      SELECT ${ownColumns} FROM auth.users AS account
      WHERE account.deleted_at IS NULL AND NOT account.is_service AND ${named} AND ${holding} AND ${inStatus} AND ${isBehind(page)}
      ORDER BY ${orderOf(page)} LIMIT ${page.limit}`)}
    ORDER BY ${orderOf(page)}`;
};

const findQuery = (userId: string) => sql.type(UserRow)`
  SELECT ${ownColumns}, held.roles FROM auth.users AS account CROSS JOIN ${accountRoles}
  WHERE account.id = ${userId} AND account.deleted_at IS NULL`;

const factsQuery = ({ userId, caller }: AccountChange, now: Date) => sql.type(FactsRow)`
  SELECT ${isLiveSession(caller, now)} AS is_caller_live, ${permissionsOf(caller.userId)} AS caller_permissions,
         ${permissionsOf(userId)} AS account_permissions, ${isLastOwner(userId)} AS is_last_owner`;

/** The condition, beside `accessCte`, that the caller may change the account. */
export const mayChange = (userId: string): Fragment => sql.fragment`
  access.permissions @> ARRAY[${updatePermission}]::text[] AND access.permissions @> ${permissionsOf(userId)}`;

const setStatusQuery = ({ userId, caller, status, version }: Parameters<UserDirectory['setStatus']>[0], now: Date) => {
  const isSuspending = status === 'suspended';
  return sql.type(UserRow)`
    WITH ${accessCte(caller, now)}${isSuspending ? sql.fragment`, ${lockedOwnersCte}` : sql.fragment``}, changed AS (
      UPDATE auth.users AS account
      SET status = ${status}, version = account.version + 1, updated_at = ${now.toISOString()}
      FROM access
      WHERE account.id = ${userId} AND account.version = ${version} AND account.deleted_at IS NULL AND ${mayChange(userId)}
        AND ${isSuspending ? isOwnerLeftWithout(sql.fragment`account.id`) : sql.fragment`true`}
      RETURNING ${ownColumns}
    )
    ${withRoles(sql.fragment`SELECT ${ownColumns} FROM changed AS account`)}`;
};

const endSessionsQuery = ({ userId, caller }: AccountChange, now: Date) => sql.type(IdRow)`
  WITH ${accessCte(caller, now)}, begun AS (
    DELETE FROM auth.sign_in_challenges AS challenge USING access
    WHERE challenge.user_id = ${userId} AND ${mayChange(userId)}
  )
  UPDATE auth.sessions AS session SET revoked_at = ${now.toISOString()}, updated_at = ${now.toISOString()}
  FROM access
  WHERE session.user_id = ${userId} AND session.revoked_at IS NULL AND session.expires_at > ${now.toISOString()} AND ${mayChange(userId)}
  RETURNING session.id`;

const resetSecondFactorQuery = ({ userId, caller }: AccountChange, now: Date) => sql.type(HolderRow)`
  WITH ${accessCte(caller, now)}, holder AS (
    UPDATE auth.users AS account
    SET is_second_factor_active = false, updated_at = ${now.toISOString()}
    FROM access
    WHERE account.id = ${userId} AND account.deleted_at IS NULL AND ${mayChange(userId)}
      AND (account.is_second_factor_active OR ${hasPasskey})
    RETURNING account.id
  ), ${removeSecondFactors(sql.fragment`holder`)}
  SELECT id FROM holder`;

const eraseQuery = ({ userId, caller }: AccountChange, now: Date) => sql.type(ErasedRow)`
  WITH ${accessCte(caller, now)}, ${lockedOwnersCte},
       ${erasureCtes(userId, sql.fragment`EXISTS (SELECT 1 FROM access WHERE ${mayChange(userId)})`, now)}
  SELECT version, email FROM erased`;

export const createUserDirectory = (connection: Connection): UserDirectory => {
  const find: UserDirectory['find'] = (userId) => connection.maybeOne(findQuery(userId));
  return {
    list: (filter) => connection.any(listQuery(filter)),
    find,
    facts: async (change, now) => ({ ...(await connection.one(factsQuery(change, now))), account: await find(change.userId) }),
    setStatus: (change, now) => connection.maybeOne(setStatusQuery(change, now)),
    erase: (change, now) => connection.maybeOne(eraseQuery(change, now)),
    endSessions: async (change, now) => (await connection.any(endSessionsQuery(change, now))).map(({ id }) => id),
    resetSecondFactor: async (change, now) => (await connection.maybeOne(resetSecondFactorQuery(change, now))) !== null,
    listSessions: (userId, { limit, after }, now) =>
      connection.any(sql.type(DeviceRow)`
        SELECT ${deviceColumns} FROM auth.sessions
        WHERE user_id = ${userId} AND revoked_at IS NULL AND expires_at > ${now.toISOString()}
          AND ${after === null ? sql.fragment`true` : sql.fragment`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`}
        ORDER BY created_at DESC, id DESC LIMIT ${limit}`),
  };
};
