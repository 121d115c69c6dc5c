import { sql, type Fragment } from '@guildhall/db';

/** The condition that an account has a way in beside mails without a connection or a passkey of this id. */
export const hasOtherWayIn = (userId: string, id: string): Fragment => sql.fragment`
  (
    EXISTS (SELECT 1 FROM auth.user_passwords AS secret WHERE secret.user_id = ${userId})
    OR EXISTS (SELECT 1 FROM auth.oauth_connections AS other WHERE other.user_id = ${userId} AND other.id <> ${id})
    OR EXISTS (SELECT 1 FROM auth.passkeys AS other WHERE other.user_id = ${userId} AND other.id <> ${id})
  )`;

/** The condition that `account`, an alias of auth.users in the statement around it, has a passkey. */
export const hasPasskey: Fragment = sql.fragment`
  EXISTS (SELECT 1 FROM auth.passkeys AS passkey WHERE passkey.user_id = account.id)`;

/** The condition that `account` has a password. */
export const hasPassword: Fragment = sql.fragment`
  EXISTS (SELECT 1 FROM auth.user_passwords AS secret WHERE secret.user_id = account.id)`;
