import { accountStatuses } from '@guildhall/contracts';
import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import { erasedUserName } from '../core/messages.ts';
import type { Account, UserStore } from '../core/user-store.ts';
import { accountRoles, isLiveSession, isOwnerLeftWithout, lockedOwnersCte } from './account-roles.ts';
import { beginLogIn } from './begin-log-in.ts';
import { users } from './tables.ts';

const accountFields = {
  id: Type.String(),
  email: Type.String(),
  isEmailVerified: Type.Boolean(),
  displayName: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
};
const accountExpressions = {
  isActive: Type.Boolean(),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String()),
};
const AccountRow = row([users], accountFields, accountExpressions);
const RenamedRow = row([users], accountFields, { ...accountExpressions, displayNameBefore: Type.String() });
const ErasedRow = row([users], { version: Type.Integer(), email: Type.String() });
const DeactivatedRow = row([users], { displayName: Type.String(), version: Type.Integer() });
const EmailRow = row([users], { email: Type.String() });
const AccessRow = row([users], { accessVersion: Type.Integer() }, { userId: Type.String() });
const ListedRow = row(
  [users],
  { displayName: Type.String(), version: Type.Integer() },
  { userId: Type.String(), status: Type.Enum([...accountStatuses]) },
);
const accountColumns = sql.fragment`
  account.id, account.email, account.is_email_verified, account.display_name,
  (account.status = 'active' AND account.deleted_at IS NULL) AS is_active,
  account.version, account.created_at, held.roles, held.permissions`;

const renameQuery = ({ userId, sessionId, displayName, version }: Parameters<UserStore['rename']>[0], now: Date) => sql.type(
  RenamedRow,
)`
  WITH before AS (
    SELECT id, display_name FROM auth.users WHERE id = ${userId} AND version = ${version} FOR UPDATE
  ), account AS (
    UPDATE auth.users AS changing
    SET display_name = ${displayName}, version = changing.version + 1, updated_at = ${now.toISOString()}
    FROM before
    WHERE changing.id = before.id AND changing.version = ${version} AND changing.status = 'active' AND changing.deleted_at IS NULL
      AND ${isLiveSession({ userId, sessionId }, now)}
    RETURNING changing.id, changing.email, changing.is_email_verified, changing.display_name, changing.status,
              changing.deleted_at, changing.version, changing.created_at, before.display_name AS display_name_before
  )
  SELECT ${accountColumns}, account.display_name_before FROM account CROSS JOIN ${accountRoles}`;

const eraseQuery = (caller: Parameters<UserStore['erase']>[0], at: Date) => sql.type(ErasedRow)`
  WITH ${lockedOwnersCte}, before AS (
    SELECT id, email FROM auth.users WHERE id = ${caller.userId} AND deleted_at IS NULL FOR UPDATE
  ), erased AS (
    UPDATE auth.users AS account
    SET email = concat(account.id, '@erased.invalid'), display_name = ${erasedUserName}, deleted_at = ${at.toISOString()},
        is_second_factor_active = false,
        version = account.version + 1, updated_at = ${at.toISOString()}
    FROM before
    WHERE account.id = before.id AND ${isLiveSession(caller, at)}
      AND ${isOwnerLeftWithout(sql.fragment`account.id`)}
    RETURNING account.id, account.version, before.email
  ), password AS (
    DELETE FROM auth.user_passwords WHERE user_id IN (SELECT erased.id FROM erased)
  ), assigned AS (
    DELETE FROM auth.user_roles WHERE user_id IN (SELECT erased.id FROM erased)
  ), connection AS (
    DELETE FROM auth.oauth_connections WHERE user_id IN (SELECT erased.id FROM erased)
  ), authenticator AS (
    DELETE FROM auth.totp_secrets WHERE user_id IN (SELECT erased.id FROM erased)
  ), recovery AS (
    DELETE FROM auth.recovery_codes WHERE user_id IN (SELECT erased.id FROM erased)
  ), passkey AS (
    DELETE FROM auth.passkeys WHERE user_id IN (SELECT erased.id FROM erased)
  ), token AS (
    DELETE FROM auth.personal_tokens WHERE user_id IN (SELECT erased.id FROM erased)
  ), code AS (
    DELETE FROM auth.auth_codes
    WHERE email IN (SELECT erased.email FROM erased)
       OR id IN (SELECT change.auth_code_id FROM auth.email_changes AS change JOIN erased ON erased.id = change.user_id)
  )
  SELECT version, email FROM erased`;

const deactivateQuery = (caller: Parameters<UserStore['deactivate']>[0], at: Date) => sql.type(DeactivatedRow)`
  WITH ${lockedOwnersCte}
  UPDATE auth.users AS account
  SET status = 'suspended', version = account.version + 1, updated_at = ${at.toISOString()}
  WHERE account.id = ${caller.userId} AND account.status = 'active' AND account.deleted_at IS NULL AND ${isLiveSession(caller, at)}
    AND ${isOwnerLeftWithout(sql.fragment`account.id`)}
  RETURNING account.display_name, account.version`;

const withoutBefore = ({ displayNameBefore, ...account }: Account & { displayNameBefore: string }) => ({
  account,
  displayNameBefore,
});

export const createUserStore = (connection: Connection): UserStore => ({
  beginLogIn: (email, attempt) => beginLogIn(connection, email, attempt),
  findBySession: (userId, sessionId, now) =>
    connection.maybeOne(sql.type(AccountRow)`
      SELECT ${accountColumns}
      FROM auth.users AS account CROSS JOIN ${accountRoles}
      WHERE account.id = ${userId} AND account.status = 'active' AND account.deleted_at IS NULL
        AND ${isLiveSession({ userId, sessionId }, now)}`),
  accessChangedSince: (since, max) =>
    connection.any(sql.type(AccessRow)`
      SELECT id AS user_id, access_version FROM auth.users WHERE access_changed_at >= ${since.toISOString()}
      ORDER BY access_changed_at DESC, id LIMIT ${max}`),
  findEmail: async (userId) =>
    (await connection.maybeOne(sql.type(EmailRow)`SELECT email FROM auth.users WHERE id = ${userId}`))?.email ?? null,
  listAnnounced: (after, limit) =>
    connection.any(sql.type(ListedRow)`
      SELECT account.id AS user_id, account.display_name, account.version,
             CASE WHEN account.deleted_at IS NULL THEN account.status ELSE 'erased' END AS status
      FROM auth.users AS account
      WHERE (account.is_email_verified OR account.deleted_at IS NOT NULL)
        AND ${after === null ? sql.fragment`true` : sql.fragment`account.id > ${after}`}
      ORDER BY account.id LIMIT ${limit}`),
  rename: async (change, now) => {
    const renamed = await connection.maybeOne(renameQuery(change, now));
    return renamed === null ? null : withoutBefore(renamed);
  },
  erase: (caller, now) => connection.maybeOne(eraseQuery(caller, now)),
  deactivate: (caller, now) => connection.maybeOne(deactivateQuery(caller, now)),
  changePassword: async ({ userId, sessionId, before, after }, now) => {
    const { rowCount } = await connection.query(sql.unsafe`
      UPDATE auth.user_passwords SET password_hash = ${after}, updated_at = ${now.toISOString()}
      WHERE user_id = ${userId} AND password_hash = ${before} AND ${isLiveSession({ userId, sessionId }, now)}`);
    return rowCount > 0;
  },
  replacePasswordHash: async (userId, before, after, now) => {
    await connection.query(sql.unsafe`
      UPDATE auth.user_passwords SET password_hash = ${after}, updated_at = ${now.toISOString()}
      WHERE user_id = ${userId} AND password_hash = ${before}`);
  },
});
