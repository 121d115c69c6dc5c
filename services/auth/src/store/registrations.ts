import { row, sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { NewRegistration, RegistrationStore } from '../core/registration-store.ts';
import { spendCode } from './spend-code.ts';
import { users } from './tables.ts';

const AddedRow = uncheckedRow({ isTaken: Type.Boolean(), isAdded: Type.Boolean() });
const VerifiedRow = row([users], { id: Type.String(), displayName: Type.String(), version: Type.Integer() });

/** An unverified account, of a version that created accounts at once, does not take its address. */
const addQuery = ({ code, displayName, passwordHash, requiredInviteId }: NewRegistration, at: string) => sql.type(AddedRow)`
  WITH facts AS (
    SELECT EXISTS (
             SELECT 1 FROM auth.users AS known
             WHERE known.email = ${code.email}
               AND (known.is_email_verified OR known.status <> 'active' OR known.deleted_at IS NOT NULL)
           ) AS is_taken,
           ${requiredInviteId}::text IS NULL OR EXISTS (
             SELECT 1 FROM auth.invited_addresses AS invited WHERE invited.id = ${requiredInviteId} AND invited.expires_at > ${at}
           ) AS is_allowed
  ), code AS (
    INSERT INTO auth.auth_codes (id, email, purpose, secret_hash, code_hash, expires_at, created_at, updated_at)
    SELECT ${code.id}::uuid, ${code.email}::text, ${code.purpose}::text, ${code.secretHash}::text, ${code.codeHash}::text,
           ${code.expiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
    FROM facts WHERE is_allowed AND NOT is_taken
    RETURNING id
  ), added AS (
    INSERT INTO auth.registrations (auth_code_id, display_name, password_hash, created_at, updated_at)
    SELECT id, ${displayName}::text, ${passwordHash}::text, ${at}::timestamptz, ${at}::timestamptz FROM code
    RETURNING auth_code_id
  )
  SELECT facts.is_taken, EXISTS (SELECT 1 FROM added) AS is_added FROM facts`;

const verifyQuery = (attempt: Parameters<RegistrationStore['verify']>[0], at: string) => sql.type(VerifiedRow)`
  WITH tried AS (${spendCode('verify_email', attempt, at)}), confirmed AS (
    SELECT tried.id::text AS id, tried.email, registration.display_name, registration.password_hash
    FROM tried JOIN auth.registrations AS registration ON registration.auth_code_id = tried.id
    WHERE tried.is_right
  ), account AS (
    INSERT INTO auth.users AS known (id, email, display_name, is_email_verified, created_at, updated_at)
    SELECT id, email, display_name, true, ${at}::timestamptz, ${at}::timestamptz FROM confirmed
    ON CONFLICT (email) DO UPDATE
    SET display_name = excluded.display_name, is_email_verified = true, version = known.version + 1,
        updated_at = excluded.updated_at
    WHERE NOT known.is_email_verified AND known.status = 'active' AND known.deleted_at IS NULL
    RETURNING id, display_name, version
  ), secret AS (
    INSERT INTO auth.user_passwords (user_id, password_hash, created_at, updated_at)
    SELECT account.id, confirmed.password_hash, ${at}::timestamptz, ${at}::timestamptz FROM account CROSS JOIN confirmed
    ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, updated_at = excluded.updated_at
  ), assigned AS (
    INSERT INTO auth.user_roles (user_id, role, created_at, updated_at)
    SELECT id, 'member', ${at}::timestamptz, ${at}::timestamptz FROM account
    ON CONFLICT (user_id, role) DO NOTHING
  )
  SELECT id, display_name, version FROM account`;

export const createRegistrationStore = (connection: Connection): RegistrationStore => ({
  add: async (registration, now) => {
    const { isTaken, isAdded } = await connection.one(addQuery(registration, now.toISOString()));
    if (isAdded) return 'pending';
    return isTaken ? 'taken' : 'uninvited';
  },
  verify: (attempt, now) => connection.maybeOne(verifyQuery(attempt, now.toISOString())),
  remove: async (codeId) =>
    void (await connection.query(sql.unsafe`DELETE FROM auth.registrations WHERE auth_code_id = ${codeId}`)),
  invite: async ({ id, expiresAt }, now) => {
    const at = now.toISOString();
    await connection.query(sql.unsafe`
      INSERT INTO auth.invited_addresses AS known (id, expires_at, created_at, updated_at)
      VALUES (${id}, ${expiresAt.toISOString()}, ${at}, ${at})
      ON CONFLICT (id) DO UPDATE SET expires_at = greatest(known.expires_at, excluded.expires_at), updated_at = excluded.updated_at`);
  },
});
