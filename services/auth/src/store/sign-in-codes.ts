import { row, sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { SignInCodeStore } from '../core/sign-in-code-store.ts';
import { accountRoles } from './account-roles.ts';
import { spendCode } from './spend-code.ts';
import { hasPasskey } from './ways-in.ts';
import { authCodes } from './tables.ts';

const AskedRow = row(
  [authCodes],
  { email: Type.String(), expiresAt: Type.String() },
  { askedAt: Type.String(), ipAddress: Type.String(), deviceLabel: Type.String() },
);
const IssuedRow = uncheckedRow({ userId: Type.Union([Type.String(), Type.Null()]) });
const TriedRow = uncheckedRow({
  isRight: Type.Boolean(),
  userId: Type.Union([Type.String(), Type.Null()]),
  hasSecondFactor: Type.Boolean(),
  hasPasskey: Type.Boolean(),
  roles: Type.Array(Type.String()),
});

const maySignIn = sql.fragment`account.is_email_verified AND account.status = 'active' AND account.deleted_at IS NULL AND NOT account.is_service`;

const issueQuery = ([code, mail, now]: Parameters<SignInCodeStore['issue']>) => {
  const at = now.toISOString();
  return sql.type(IssuedRow)`
    WITH issued AS (
      INSERT INTO auth.auth_codes
        (id, email, purpose, secret_hash, code_hash, asker_ip_address, asker_device_label, expires_at, created_at, updated_at)
      VALUES (${code.id}, ${code.email}, ${code.purpose}, ${code.secretHash}, ${code.codeHash}, ${code.asker.ipAddress},
              ${code.asker.deviceLabel}, ${code.expiresAt.toISOString()}, ${at}, ${at})
      RETURNING email
    ), owner AS (
      SELECT account.id FROM issued JOIN auth.users AS account ON account.email = issued.email WHERE ${maySignIn}
    ), mailed AS (
      INSERT INTO auth.outgoing_mails (id, sealed_mail, available_at, expires_at, created_at, updated_at)
      SELECT ${mail.id}::uuid, ${mail.sealedMail}::text, ${at}::timestamptz, ${mail.expiresAt.toISOString()}::timestamptz,
             ${at}::timestamptz, ${at}::timestamptz
      FROM owner
    )
    SELECT (SELECT owner.id FROM owner) AS user_id FROM issued`;
};

const findQuery = ([id, codeHash, now]: Parameters<SignInCodeStore['find']>) => sql.type(AskedRow)`
  SELECT code.email, code.expires_at, code.created_at AS asked_at,
         coalesce(code.asker_ip_address, '') AS ip_address, coalesce(code.asker_device_label, '') AS device_label
  FROM auth.auth_codes AS code JOIN auth.users AS account ON account.email = code.email
  WHERE code.id = ${id} AND code.code_hash = ${codeHash} AND code.purpose = 'magic_link' AND code.used_at IS NULL
    AND code.expires_at > ${now.toISOString()} AND ${maySignIn}`;

const spendQuery = ([{ email, purpose, ...attempt }, now]: Parameters<SignInCodeStore['spend']>) => sql.type(TriedRow)`
  WITH tried AS (${spendCode(purpose, attempt, now.toISOString(), sql.fragment`code.email = ${email}`)})
  SELECT tried.is_right, account.id AS user_id, coalesce(account.is_second_factor_active, false) AS has_second_factor,
         ${hasPasskey} AS has_passkey, held.roles
  FROM tried LEFT JOIN auth.users AS account ON account.email = tried.email AND ${maySignIn}
  CROSS JOIN ${accountRoles}`;

export const createSignInCodeStore = (connection: Connection): SignInCodeStore => ({
  issue: async (...given) => (await connection.one(issueQuery(given))).userId,
  find: (...given) => connection.maybeOne(findQuery(given)),
  spend: (...given) => connection.maybeOne(spendQuery(given)),
});
