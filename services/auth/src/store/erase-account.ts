import { row, sql, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { erasedUserName } from '../core/messages.ts';
import { removeWaysIn } from './account-belongings.ts';
import { isOwnerLeftWithout } from './account-roles.ts';
import { users } from './tables.ts';

/** A row of `erased`: the new version of the account, and the address that it had. */
export const ErasedRow = row([users], { version: Type.Integer(), email: Type.String() });

/**
 * Empties an account and removes all that belongs to it, beside `lockedOwnersCte`; the id stays. Nothing happens where the condition does not hold, and to the
 * last active owner. `erased` holds the account then.
 */
export const erasureCtes = (userId: string, mayErase: Fragment, at: Date): Fragment => sql.fragment`
  before AS (
    SELECT id, email FROM auth.users WHERE id = ${userId} AND deleted_at IS NULL FOR UPDATE
  ), erased AS (
    UPDATE auth.users AS account
    SET email = concat(account.id, '@erased.invalid'), display_name = ${erasedUserName}, deleted_at = ${at.toISOString()},
        is_second_factor_active = false,
        version = account.version + 1, updated_at = ${at.toISOString()}
    FROM before
    WHERE account.id = before.id AND ${mayErase}
      AND ${isOwnerLeftWithout(sql.fragment`account.id`)}
    RETURNING account.id, account.version, before.email
  ), password AS (
    DELETE FROM auth.user_passwords WHERE user_id IN (SELECT erased.id FROM erased)
  ), assigned AS (
    DELETE FROM auth.user_roles WHERE user_id IN (SELECT erased.id FROM erased)
  ), ${removeWaysIn(sql.fragment`erased`)}, code AS (
    DELETE FROM auth.auth_codes
    WHERE email IN (SELECT erased.email FROM erased)
       OR id IN (SELECT change.auth_code_id FROM auth.email_changes AS change JOIN erased ON erased.id = change.user_id)
  )`;
