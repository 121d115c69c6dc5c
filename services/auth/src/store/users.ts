import { accountStatuses } from '@guildhall/contracts';
import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { OwnAccount, UserStore } from '../core/user-store.ts';
import { accountRoles, isLiveSession, isOwnerLeftWithout, lockedOwnersCte } from './account-roles.ts';
import { beginLogIn } from './begin-log-in.ts';
import { erasureCtes, ErasedRow } from './erase-account.ts';
import { users } from './tables.ts';
import { hasPassword } from './ways-in.ts';

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
const ownExpressions = {
  ...accountExpressions,
  hasPassword: Type.Boolean(),
  passkeys: Type.Integer(),
  connections: Type.Integer(),
  hasAuthenticator: Type.Boolean(),
  signedInAt: Type.String(),
};
const OwnRow = row([users], accountFields, ownExpressions);
const RenamedRow = row([users], accountFields, { ...ownExpressions, displayNameBefore: Type.String() });
const DeactivatedRow = row([users], { displayName: Type.String(), version: Type.Integer() });
const IdRow = row([users], { id: Type.String() });
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

/** The account with its ways in, as the session that asks sees it. */
const ownColumns = (sessionId: string) => sql.fragment`
  ${accountColumns}, ${hasPassword} AS has_password, account.is_second_factor_active AS has_authenticator,
  (SELECT count(*) FROM auth.passkeys AS passkey WHERE passkey.user_id = account.id) AS passkeys,
  (SELECT count(*) FROM auth.oauth_connections AS connected WHERE connected.user_id = account.id) AS connections,
  (SELECT own.created_at FROM auth.sessions AS own WHERE own.id = ${sessionId} AND own.user_id = account.id) AS signed_in_at`;

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
              changing.deleted_at, changing.version, changing.created_at, changing.is_second_factor_active,
              before.display_name AS display_name_before
  )
  SELECT ${ownColumns(sessionId)}, account.display_name_before FROM account CROSS JOIN ${accountRoles}`;

const eraseQuery = (caller: Parameters<UserStore['erase']>[0], at: Date) => sql.type(ErasedRow)`
  WITH ${lockedOwnersCte}, ${erasureCtes(caller.userId, isLiveSession(caller, at), at)}
  SELECT version, email FROM erased`;

const deactivateQuery = (caller: Parameters<UserStore['deactivate']>[0], at: Date) => sql.type(DeactivatedRow)`
  WITH ${lockedOwnersCte}
  UPDATE auth.users AS account
  SET status = 'suspended', version = account.version + 1, updated_at = ${at.toISOString()}
  WHERE account.id = ${caller.userId} AND account.status = 'active' AND account.deleted_at IS NULL AND ${isLiveSession(caller, at)}
    AND ${isOwnerLeftWithout(sql.fragment`account.id`)}
  RETURNING account.display_name, account.version`;

const withoutBefore = ({ displayNameBefore, ...account }: OwnAccount & { displayNameBefore: string }) => ({
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
  findOwn: (userId, sessionId, now) =>
    connection.maybeOne(sql.type(OwnRow)`
      SELECT ${ownColumns(sessionId)}
      FROM auth.users AS account CROSS JOIN ${accountRoles}
      WHERE account.id = ${userId} AND account.status = 'active' AND account.deleted_at IS NULL
        AND ${isLiveSession({ userId, sessionId }, now)}`),
  accessChangedSince: (since, max) =>
    connection.any(sql.type(AccessRow)`
      SELECT id AS user_id, access_version FROM auth.users WHERE access_changed_at >= ${since.toISOString()}
      ORDER BY access_changed_at DESC, id LIMIT ${max}`),
  findEmail: async (userId) =>
    (await connection.maybeOne(sql.type(EmailRow)`SELECT email FROM auth.users WHERE id = ${userId}`))?.email ?? null,
  findIdByEmail: async (email) =>
    (await connection.maybeOne(sql.type(IdRow)`SELECT id FROM auth.users WHERE email = ${email}`))?.id ?? null,
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
