import { sql, type Fragment } from '@guildhall/db';

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

/** The condition that the caller's own session is live. */
export const isLiveSession = ({ userId, sessionId }: { userId: string; sessionId: string }, now: Date): Fragment => sql.fragment`
  EXISTS (
    SELECT 1 FROM auth.sessions AS own
    WHERE own.id = ${sessionId} AND own.user_id = ${userId} AND own.revoked_at IS NULL AND own.expires_at > ${now.toISOString()}
  )`;
