import { row, sql, translateConstraints, uncheckedRow, type Connection } from '@guildhall/db';
import { AppError } from '@guildhall/errors';
import { Type } from 'typebox';
import type { CodeStore } from '../core/code-store.ts';
import { isLiveSession } from './account-roles.ts';
import { spendCode } from './spend-code.ts';
import { authCodes, users } from './tables.ts';

const IdRow = row([authCodes], { id: Type.String() });
const ChangedRow = row([users], { displayName: Type.String(), version: Type.Integer() }, { emailBefore: Type.String() });
const IssuedRow = uncheckedRow({ userId: Type.Union([Type.String(), Type.Null()]) });
const ResetRow = row([users], { id: Type.String(), displayName: Type.String() });

/** A code of a clock that was set back keeps nobody waiting. */
const renewQuery = ([code, { askedSince, expiresBefore, expiresAfter }, now]: Parameters<CodeStore['renew']>) => {
  const at = now.toISOString();
  const expiresAt = code.expiresAt.toISOString();
  return sql.type(IdRow)`
    UPDATE auth.auth_codes AS code
    SET code_hash = ${code.codeHash}, attempts = 0, expires_at = ${expiresAt}, updated_at = ${at}
    WHERE code.id = ${code.id} AND code.secret_hash = ${code.secretHash} AND code.email = ${code.email}
      AND code.purpose = ${code.purpose} AND code.used_at IS NULL
      AND EXISTS (SELECT 1 FROM auth.registrations AS waiting WHERE waiting.auth_code_id = code.id)
      AND code.created_at > ${askedSince.toISOString()}
      AND (code.expires_at <= ${expiresBefore.toISOString()} OR code.expires_at > ${expiresAfter.toISOString()})
    RETURNING code.id`;
};

const issueResetQuery = ([code, mail, now]: Parameters<CodeStore['issueReset']>) => {
  const at = now.toISOString();
  return sql.type(IssuedRow)`
    WITH issued AS (
      INSERT INTO auth.auth_codes (id, email, purpose, secret_hash, code_hash, expires_at, created_at, updated_at)
      VALUES (${code.id}, ${code.email}, ${code.purpose}, ${code.secretHash}, ${code.codeHash}, ${code.expiresAt.toISOString()}, ${at}, ${at})
      RETURNING email
    ), owner AS (
      SELECT account.id FROM issued JOIN auth.users AS account ON account.email = issued.email
      WHERE account.is_email_verified AND account.status = 'active' AND account.deleted_at IS NULL AND NOT account.is_service
    ), mailed AS (
      INSERT INTO auth.outgoing_mails (id, sealed_mail, available_at, expires_at, created_at, updated_at)
      SELECT ${mail.id}::uuid, ${mail.sealedMail}::text, ${at}::timestamptz, ${mail.expiresAt.toISOString()}::timestamptz,
             ${at}::timestamptz, ${at}::timestamptz
      FROM owner
    )
    SELECT (SELECT owner.id FROM owner) AS user_id FROM issued`;
};

const resetQuery = ([attempt, passwordHash, now]: Parameters<CodeStore['resetPassword']>) => {
  const at = now.toISOString();
  return sql.type(ResetRow)`
    WITH tried AS (${spendCode('reset_password', attempt, at)}), account AS (
      SELECT known.id, known.display_name
      FROM tried JOIN auth.users AS known ON known.email = tried.email
      WHERE tried.is_right AND known.is_email_verified AND known.status = 'active' AND known.deleted_at IS NULL AND NOT known.is_service
    ), secret AS (
      INSERT INTO auth.user_passwords (user_id, password_hash, created_at, updated_at)
      SELECT id, ${passwordHash}::text, ${at}::timestamptz, ${at}::timestamptz FROM account
      ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, updated_at = excluded.updated_at
    )
    SELECT id, display_name FROM account`;
};

/** The address of a change is free when its mail is queued; whether it still is when the code comes back, its unique index decides. */
const issueEmailChangeQuery = ([code, caller, mail, now]: Parameters<CodeStore['issueEmailChange']>) => {
  const at = now.toISOString();
  return sql.unsafe`
    WITH issued AS (
      INSERT INTO auth.auth_codes (id, email, purpose, secret_hash, code_hash, expires_at, created_at, updated_at)
      SELECT ${code.id}::uuid, ${code.email}::text, ${code.purpose}::text, ${code.secretHash}::text, ${code.codeHash}::text,
             ${code.expiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      WHERE ${isLiveSession(caller, now)}
      RETURNING id, email
    ), changing AS (
      INSERT INTO auth.email_changes (auth_code_id, user_id, created_at, updated_at)
      SELECT id, ${caller.userId}::text, ${at}::timestamptz, ${at}::timestamptz FROM issued
    )
    INSERT INTO auth.outgoing_mails (id, sealed_mail, available_at, expires_at, created_at, updated_at)
    SELECT ${mail.id}::uuid, ${mail.sealedMail}::text, ${at}::timestamptz, ${mail.expiresAt.toISOString()}::timestamptz,
           ${at}::timestamptz, ${at}::timestamptz
    FROM issued
    WHERE NOT EXISTS (SELECT 1 FROM auth.users AS known WHERE known.email = issued.email)`;
};

const changeEmailQuery = ([attempt, caller, now]: Parameters<CodeStore['changeEmail']>) => {
  const at = now.toISOString();
  return sql.type(ChangedRow)`
    WITH tried AS (${spendCode('verify_email', attempt, at)}), before AS (
      SELECT account.id, account.email, tried.email AS next_email
      FROM tried
      JOIN auth.email_changes AS change ON change.auth_code_id = tried.id
      JOIN auth.users AS account ON account.id = change.user_id
      WHERE tried.is_right AND account.id = ${caller.userId} AND account.status = 'active' AND account.deleted_at IS NULL
        AND ${isLiveSession(caller, now)}
    ), changed AS (
      UPDATE auth.users AS account
      SET email = before.next_email, is_email_verified = true, version = account.version + 1,
          access_version = account.access_version + 1, access_changed_at = ${at}, updated_at = ${at}
      FROM before WHERE account.id = before.id
      RETURNING account.id, account.display_name, account.version
    )
    SELECT changed.display_name, changed.version, before.email AS email_before
    FROM changed JOIN before ON before.id = changed.id`;
};

const translated = translateConstraints({
  uq_users_email: (cause) => new AppError('CONFLICT', 'This address has an account of its own.', { cause }),
});

export const createCodeStore = (connection: Connection): CodeStore => ({
  renew: async (...given) => (await connection.maybeOne(renewQuery(given))) !== null,
  issueReset: async (...given) => (await connection.one(issueResetQuery(given))).userId,
  issueEmailChange: async (...given) => void (await connection.query(issueEmailChangeQuery(given))),
  changeEmail: (...given) => translated(connection.maybeOne(changeEmailQuery(given))),
  resetPassword: (...given) => connection.maybeOne(resetQuery(given)),
});
