import { row, sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import { totpStepsSetBack } from '../core/limits.ts';
import type { SecondFactorStore } from '../core/second-factor-store.ts';
import { removeAuthenticator } from './account-belongings.ts';
import { accountRoles, isLiveSession } from './account-roles.ts';
import { recoveryCodes, totpSecrets, users } from './tables.ts';

const StoredRow = row([totpSecrets], { sealedSecret: Type.String() }, { isActive: Type.Boolean() });
const UserRow = row([totpSecrets], { userId: Type.String() });
const ChangedRow = row([users], { email: Type.String(), displayName: Type.String() });
const LeftRow = row([recoveryCodes], {}, { left: Type.Integer() });
const StateRow = uncheckedRow({
  isActive: Type.Boolean(),
  activatedAt: Type.Union([Type.String(), Type.Null()]),
  recoveryCodesLeft: Type.Integer(),
  roles: Type.Array(Type.String()),
});

const stateQuery = ([caller, now]: Parameters<SecondFactorStore['state']>) => sql.type(StateRow)`
  SELECT account.is_second_factor_active AS is_active,
         CASE WHEN account.is_second_factor_active THEN authenticator.activated_at END AS activated_at,
         CASE WHEN account.is_second_factor_active THEN coalesce(cardinality(recovery.code_hashes)::int8, 0) ELSE 0 END AS recovery_codes_left,
         held.roles
  FROM auth.users AS account
  LEFT JOIN auth.totp_secrets AS authenticator ON authenticator.user_id = account.id
  LEFT JOIN auth.recovery_codes AS recovery ON recovery.user_id = account.id
  CROSS JOIN ${accountRoles}
  WHERE account.id = ${caller.userId} AND account.status = 'active' AND account.deleted_at IS NULL AND ${isLiveSession(caller, now)}`;

const beginQuery = ([{ userId, sealedSecret, recoveryHashes }, now]: Parameters<SecondFactorStore['begin']>) => {
  const at = now.toISOString();
  return sql.type(UserRow)`
    WITH account AS (
      SELECT id FROM auth.users
      WHERE id = ${userId} AND status = 'active' AND deleted_at IS NULL AND NOT is_second_factor_active
      FOR UPDATE
    ), recovery AS (
      INSERT INTO auth.recovery_codes (user_id, code_hashes, created_at, updated_at)
      SELECT id, ${sql.array([...recoveryHashes], 'text')}, ${at}::timestamptz, ${at}::timestamptz FROM account
      ON CONFLICT (user_id) DO UPDATE SET code_hashes = excluded.code_hashes, updated_at = excluded.updated_at
    )
    INSERT INTO auth.totp_secrets (user_id, sealed_secret, created_at, updated_at)
    SELECT id, ${sealedSecret}::text, ${at}::timestamptz, ${at}::timestamptz FROM account
    ON CONFLICT (user_id) DO UPDATE
    SET sealed_secret = excluded.sealed_secret, last_used_step = NULL, activated_at = NULL, updated_at = excluded.updated_at
    RETURNING user_id`;
};

const activateQuery = ([{ userId, sealedSecret, step, recoveryHash }, now]: Parameters<SecondFactorStore['activate']>) => {
  const at = now.toISOString();
  return sql.type(ChangedRow)`
    WITH account AS (
      SELECT id FROM auth.users
      WHERE id = ${userId} AND status = 'active' AND deleted_at IS NULL AND NOT is_second_factor_active
      FOR UPDATE
    ), authenticator AS (
      UPDATE auth.totp_secrets AS waiting
      SET activated_at = ${at}, last_used_step = ${step}, updated_at = ${at}
      FROM account
      WHERE waiting.user_id = account.id AND waiting.sealed_secret = ${sealedSecret} AND waiting.activated_at IS NULL
        AND EXISTS (
          SELECT 1 FROM auth.recovery_codes AS recovery
          WHERE recovery.user_id = account.id AND ${recoveryHash} = ANY (recovery.code_hashes)
        )
      RETURNING waiting.user_id
    )
    UPDATE auth.users AS holder
    SET is_second_factor_active = true, updated_at = ${at}
    FROM authenticator WHERE holder.id = authenticator.user_id AND NOT holder.is_second_factor_active
    RETURNING holder.email, holder.display_name`;
};

const useStepQuery = ([userId, step, now]: Parameters<SecondFactorStore['useStep']>) => sql.type(UserRow)`
  UPDATE auth.totp_secrets
  SET last_used_step = ${step}, updated_at = ${now.toISOString()}
  WHERE user_id = ${userId} AND activated_at IS NOT NULL
    AND (last_used_step IS NULL OR last_used_step < ${step} OR last_used_step > ${step + totpStepsSetBack})
  RETURNING user_id`;

const spendQuery = ([userId, hash, now]: Parameters<SecondFactorStore['spendRecoveryCode']>) => sql.type(LeftRow)`
  UPDATE auth.recovery_codes
  SET code_hashes = array_remove(code_hashes, ${hash}), updated_at = ${now.toISOString()}
  WHERE user_id = ${userId} AND ${hash} = ANY (code_hashes)
    AND EXISTS (SELECT 1 FROM auth.users AS account WHERE account.id = ${userId} AND account.is_second_factor_active)
  RETURNING cardinality(code_hashes)::int8 AS left`;

const renewQuery = ([caller, hashes, now]: Parameters<SecondFactorStore['renewRecoveryCodes']>) => sql.type(ChangedRow)`
  WITH renewed AS (
    UPDATE auth.recovery_codes
    SET code_hashes = ${sql.array([...hashes], 'text')}, updated_at = ${now.toISOString()}
    WHERE user_id = ${caller.userId} AND ${isLiveSession(caller, now)}
    RETURNING user_id
  )
  SELECT account.email, account.display_name
  FROM renewed JOIN auth.users AS account ON account.id = renewed.user_id
  WHERE account.is_second_factor_active`;

const removeQuery = ([caller, unlessRoles, now]: Parameters<SecondFactorStore['remove']>) => sql.type(ChangedRow)`
  WITH holder AS (
    UPDATE auth.users AS account
    SET is_second_factor_active = false, updated_at = ${now.toISOString()}
    WHERE account.id = ${caller.userId} AND account.is_second_factor_active AND ${isLiveSession(caller, now)}
      AND NOT EXISTS (
        SELECT 1 FROM auth.user_roles AS assigned
        WHERE assigned.user_id = account.id AND assigned.role = ANY (${sql.array([...unlessRoles], 'text')})
      )
    RETURNING account.id, account.email, account.display_name
  ), ${removeAuthenticator(sql.fragment`holder`)}
  SELECT email, display_name FROM holder`;

export const createSecondFactorStore = (connection: Connection): SecondFactorStore => ({
  state: (...given) => connection.maybeOne(stateQuery(given)),
  find: (userId) =>
    connection.maybeOne(sql.type(StoredRow)`
      SELECT sealed_secret, activated_at IS NOT NULL AS is_active FROM auth.totp_secrets WHERE user_id = ${userId}`),
  begin: async (...given) => (await connection.maybeOne(beginQuery(given))) !== null,
  activate: (...given) => connection.maybeOne(activateQuery(given)),
  useStep: async (...given) => (await connection.maybeOne(useStepQuery(given))) !== null,
  spendRecoveryCode: async (...given) => (await connection.maybeOne(spendQuery(given)))?.left ?? null,
  renewRecoveryCodes: (...given) => connection.maybeOne(renewQuery(given)),
  lockAccount: async (userId) =>
    void (await connection.query(sql.unsafe`SELECT id FROM auth.users WHERE id = ${userId} FOR UPDATE`)),
  remove: (...given) => connection.maybeOne(removeQuery(given)),
});
