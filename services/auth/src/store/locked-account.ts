import { sql, type Fragment } from '@guildhall/db';

interface Opening {
  readonly userId: string;
  /** Null for a sign-in without a password. */
  readonly passwordHash: string | null;
}

/**
 * The CTEs `account`, an active account, and `secret`, its password, both locked in this order until the end of the transaction; and the
 * condition that the password is the one that was compared. Without one its row is locked all the same.
 */
export const lockedAccountCtes = (
  { userId, passwordHash }: Opening,
  condition: Fragment = sql.fragment`true`,
): { readonly ctes: Fragment; readonly isUnchanged: Fragment } => ({
  ctes: sql.fragment`
    account AS (
      SELECT known.id
      FROM auth.users AS known
      WHERE known.id = ${userId} AND known.status = 'active' AND known.deleted_at IS NULL AND NOT known.is_service AND ${condition}
      FOR UPDATE
    ), secret AS (
      SELECT stored.password_hash
      FROM auth.user_passwords AS stored
      WHERE stored.user_id IN (SELECT account.id FROM account)
      FOR UPDATE
    )`,
  isUnchanged:
    passwordHash === null
      ? sql.fragment`(SELECT count(*) FROM secret) < 2`
      : sql.fragment`EXISTS (SELECT 1 FROM secret WHERE secret.password_hash = ${passwordHash})`,
});
