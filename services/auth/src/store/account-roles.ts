import { sql, type Fragment } from '@guildhall/db';

/** The roles and permissions of `account`, an alias of auth.users in the statement around it, as one row `held`. */
export const accountRoles: Fragment = sql.fragment`
  LATERAL (
    SELECT coalesce(array_agg(DISTINCT role.name ORDER BY role.name), ARRAY[]::text[]) AS roles,
           coalesce(
             array_agg(DISTINCT granted.permission ORDER BY granted.permission) FILTER (WHERE granted.permission IS NOT NULL),
             ARRAY[]::text[]
           ) AS permissions
    FROM auth.user_roles AS assigned
    JOIN auth.roles AS role ON role.name = assigned.role
    LEFT JOIN LATERAL unnest(role.permissions) AS granted (permission) ON true
    WHERE assigned.user_id = account.id
  ) AS held`;

/** The condition that the caller's own session is live. */
export const isLiveSession = ({ userId, sessionId }: { userId: string; sessionId: string }, now: Date): Fragment => sql.fragment`
  EXISTS (
    SELECT 1 FROM auth.sessions AS own
    WHERE own.id = ${sessionId} AND own.user_id = ${userId} AND own.revoked_at IS NULL AND own.expires_at > ${now.toISOString()}
  )`;
