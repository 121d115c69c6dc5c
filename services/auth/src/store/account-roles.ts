import { sql, type Fragment } from '@guildhall/db';
import { lastHolderRole } from '../core/role-store.ts';

/** The roles and permissions of `account`, an alias of auth.users in the statement around it, as one row `held`. */
export const accountRoles: Fragment = sql.fragment`
  LATERAL (
    SELECT ARRAY(
             SELECT role.name FROM auth.user_roles AS assigned JOIN auth.roles AS role ON role.name = assigned.role
             WHERE assigned.user_id = account.id ORDER BY role.name
           ) AS roles,
           ARRAY(
             SELECT DISTINCT granted.permission
             FROM auth.user_roles AS assigned
             JOIN auth.roles AS role ON role.name = assigned.role
             CROSS JOIN LATERAL unnest(role.permissions) AS granted (permission)
             WHERE assigned.user_id = account.id ORDER BY granted.permission
           ) AS permissions
  ) AS held`;

/**
 * Marks the accounts of the CTE `changed (user_id)` as having other rights or another address: access tokens from before are refused. Returns
 * their ids.
 */
export const endAccessTokens = (at: string): Fragment => sql.fragment`
  UPDATE auth.users AS holder
  SET access_version = holder.access_version + 1, access_changed_at = ${at}, updated_at = ${at}
  FROM changed WHERE holder.id = changed.user_id
  RETURNING holder.id`;

/** The condition that the caller's own session is live. */
export const isLiveSession = ({ userId, sessionId }: { userId: string; sessionId: string }, now: Date): Fragment => sql.fragment`
  EXISTS (
    SELECT 1 FROM auth.sessions AS own
    WHERE own.id = ${sessionId} AND own.user_id = ${userId} AND own.revoked_at IS NULL AND own.expires_at > ${now.toISOString()}
  )`;

/** The global permissions of a user as one text array; empty without any role. */
export const permissionsOf = (userId: string): Fragment => sql.fragment`
  ARRAY(
    SELECT DISTINCT granted.permission
    FROM auth.user_roles AS assigned
    JOIN auth.roles AS role ON role.name = assigned.role
    CROSS JOIN LATERAL unnest(role.permissions) AS granted (permission)
    WHERE assigned.user_id = ${userId} ORDER BY granted.permission
  )`;

/** The CTE `access`: the caller's permissions; no row once their session has ended. */
export const accessCte = (caller: { userId: string; sessionId: string }, now: Date): Fragment => sql.fragment`
  access AS (SELECT ${permissionsOf(caller.userId)} AS permissions WHERE ${isLiveSession(caller, now)})`;

const activeOwners = sql.fragment`
  SELECT assigned.user_id
  FROM auth.user_roles AS assigned JOIN auth.users AS holder ON holder.id = assigned.user_id
  WHERE assigned.role = ${lastHolderRole} AND holder.status = 'active' AND holder.deleted_at IS NULL AND NOT holder.is_service`;

/**
 * The CTE `owners`: the active owners, locked with their accounts. Two statements that would take the seat from each other's owner wait at the
 * same rows: the second counts again and finds one left.
 */
export const lockedOwnersCte: Fragment = sql.fragment`owners AS (${activeOwners} ORDER BY assigned.user_id FOR UPDATE)`;

/** The condition, beside `lockedOwnersCte`, that an active owner is left without this user. */
export const isOwnerLeftWithout = (userId: Fragment): Fragment => sql.fragment`
  (
    (SELECT count(owners.user_id) FROM owners) > 1
    OR NOT EXISTS (SELECT 1 FROM owners WHERE owners.user_id = ${userId})
  )`;

/** The condition that a user is the only active owner, by a look without locks. */
export const isLastOwner = (userId: string): Fragment => sql.fragment`
  coalesce((SELECT array_agg(active.user_id) FROM (${activeOwners}) AS active) = ARRAY[${userId}]::text[], false)`;
