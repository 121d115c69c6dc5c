import { sql, type Fragment } from '@guildhall/db';

/** The CTEs that remove the authenticator, with its recovery codes, of the account of a CTE `account`, which has an `id`. */
export const removeAuthenticator = (account: Fragment): Fragment => sql.fragment`
  authenticator AS (
    DELETE FROM auth.totp_secrets WHERE user_id IN (SELECT id FROM ${account})
  ), recovery AS (
    DELETE FROM auth.recovery_codes WHERE user_id IN (SELECT id FROM ${account})
  )`;

/** The CTEs that remove its second factors: authenticator and passkeys. */
export const removeSecondFactors = (account: Fragment): Fragment => sql.fragment`
  ${removeAuthenticator(account)}, passkey AS (
    DELETE FROM auth.passkeys WHERE user_id IN (SELECT id FROM ${account})
  )`;

/** The CTEs that remove all that lets somebody in or acts for the account, but for its password, and its sessions, which end by themselves: second factors, connections, personal tokens. */
export const removeWaysIn = (account: Fragment): Fragment => sql.fragment`
  ${removeSecondFactors(account)}, connection AS (
    DELETE FROM auth.oauth_connections WHERE user_id IN (SELECT id FROM ${account})
  ), token AS (
    DELETE FROM auth.personal_tokens WHERE user_id IN (SELECT id FROM ${account})
  )`;
