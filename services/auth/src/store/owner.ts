import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { OwnerStore, Recovery } from '../core/owner-store.ts';
import { removeWaysIn } from './account-belongings.ts';
import { users } from './tables.ts';
import { hasPasskey } from './ways-in.ts';

const RecoveredRow = row(
  [users],
  { id: Type.String(), displayName: Type.String(), version: Type.Integer() },
  {
    isNew: Type.Boolean(),
    wasOwner: Type.Boolean(),
    wasVerified: Type.Boolean(),
    wasSuspended: Type.Boolean(),
    hadSecondFactor: Type.Boolean(),
    hadOtherWaysIn: Type.Boolean(),
  },
);

const recoverQuery = ({ newUserId, email, displayName, passwordHash }: Recovery, at: string) => sql.type(RecoveredRow)`
  WITH before AS (
    SELECT account.id, account.is_email_verified, account.status = 'suspended' AS is_suspended,
           account.is_second_factor_active,
           ${hasPasskey} OR EXISTS (
             SELECT 1 FROM auth.oauth_connections AS connected WHERE connected.user_id = account.id
           ) OR EXISTS (
             SELECT 1 FROM auth.personal_tokens AS given WHERE given.user_id = account.id
           ) AS has_other_ways_in,
           EXISTS (
             SELECT 1 FROM auth.user_roles AS assigned WHERE assigned.user_id = account.id AND assigned.role = 'owner'
           ) AS is_owner
    FROM auth.users AS account WHERE account.email = ${email}
  ), account AS (
    INSERT INTO auth.users AS known (id, email, display_name, is_email_verified, created_at, updated_at)
    VALUES (${newUserId}, ${email}, ${displayName}, true, ${at}, ${at})
    ON CONFLICT (email) DO UPDATE
    SET is_email_verified = true, status = 'active', is_second_factor_active = false, version = known.version + 1, updated_at = excluded.updated_at
    WHERE known.deleted_at IS NULL
    RETURNING id, display_name, version
  ), secret AS (
    INSERT INTO auth.user_passwords (user_id, password_hash, created_at, updated_at)
    SELECT id, ${passwordHash}::text, ${at}::timestamptz, ${at}::timestamptz FROM account
    ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, updated_at = excluded.updated_at
  ), ${removeWaysIn(sql.fragment`account`)}, assigned AS (
    INSERT INTO auth.user_roles (user_id, role, created_at, updated_at)
    SELECT account.id, given.role, ${at}::timestamptz, ${at}::timestamptz
    FROM account CROSS JOIN unnest(ARRAY['member', 'owner']) AS given (role)
    ON CONFLICT (user_id, role) DO NOTHING
  )
  SELECT account.id, account.display_name, account.version, account.id = ${newUserId} AS is_new,
         coalesce((SELECT is_owner FROM before), false) AS was_owner,
         coalesce((SELECT is_email_verified FROM before), false) AS was_verified,
         coalesce((SELECT is_suspended FROM before), false) AS was_suspended,
         coalesce((SELECT is_second_factor_active FROM before), false) AS had_second_factor,
         coalesce((SELECT has_other_ways_in FROM before), false) AS had_other_ways_in
  FROM account`;

export const createOwnerStore = (connection: Connection): OwnerStore => ({
  recover: (recovery, now) => connection.maybeOne(recoverQuery(recovery, now.toISOString())),
});
