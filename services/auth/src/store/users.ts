import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { Account, Registration, UserStore } from '../core/user-store.ts';
import { accountRoles, isLiveSession } from './account-roles.ts';
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
const IdRow = row([users], { id: Type.String() });
const EmailRow = row([users], { email: Type.String() });
const accountColumns = sql.fragment`
  account.id, account.email, account.is_email_verified, account.display_name,
  (account.status = 'active' AND account.deleted_at IS NULL) AS is_active,
  account.version, account.created_at, held.roles, held.permissions`;

const registerQuery = ({ now, ...given }: Registration) => {
  const at = now.toISOString();
  return sql.type(IdRow)`
    WITH account AS (
      INSERT INTO auth.users AS known (id, email, display_name, created_at, updated_at)
      VALUES (${given.userId}, ${given.email}, ${given.displayName}, ${at}, ${at})
      ON CONFLICT (email) DO UPDATE
      SET display_name = excluded.display_name, version = known.version + 1, updated_at = excluded.updated_at
      WHERE NOT known.is_email_verified AND known.status = 'active' AND known.deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM auth.user_roles AS assigned WHERE assigned.user_id = known.id AND assigned.role <> 'member')
        AND (
          ${given.hasSetupToken}
          OR NOT EXISTS (SELECT 1 FROM auth.setup_tokens AS pending WHERE pending.candidate_id = known.id AND pending.outcome IS NULL)
        )
      RETURNING id
    ), secret AS (
      INSERT INTO auth.user_passwords (user_id, password_hash, created_at, updated_at)
      SELECT id, ${given.passwordHash}::text, ${at}::timestamptz, ${at}::timestamptz FROM account
      ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, updated_at = excluded.updated_at
    ), assigned AS (
      INSERT INTO auth.user_roles (user_id, role, created_at, updated_at)
      SELECT id, 'member', ${at}::timestamptz, ${at}::timestamptz FROM account
      ON CONFLICT (user_id, role) DO NOTHING
    ), code AS (
      INSERT INTO auth.auth_codes (id, email, code_hash, purpose, expires_at, created_at, updated_at)
      SELECT ${given.codeId}::uuid, ${given.email}::text, ${given.codeHash}::text, 'verify_email',
             ${given.codeExpiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      FROM account
    )
    SELECT id FROM account`;
};

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
  findEmail: async (userId) =>
    (await connection.maybeOne(sql.type(EmailRow)`SELECT email FROM auth.users WHERE id = ${userId}`))?.email ?? null,
  register: async (registration) => (await connection.maybeOne(registerQuery(registration)))?.id ?? null,
  rename: async (change, now) => {
    const renamed = await connection.maybeOne(renameQuery(change, now));
    return renamed === null ? null : withoutBefore(renamed);
  },
  replacePasswordHash: async (userId, before, after, now) => {
    await connection.query(sql.unsafe`
      UPDATE auth.user_passwords SET password_hash = ${after}, updated_at = ${now.toISOString()}
      WHERE user_id = ${userId} AND password_hash = ${before}`);
  },
});
