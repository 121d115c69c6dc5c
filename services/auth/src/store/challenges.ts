import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { ChallengeStore } from '../core/second-factor-store.ts';
import { lockedAccountCtes } from './locked-account.ts';
import { hasPasskey } from './ways-in.ts';
import { signInChallenges, users } from './tables.ts';

const IdRow = row([signInChallenges], { id: Type.String() });
const ChallengeRow = row(
  [signInChallenges, users],
  { userId: Type.String(), method: Type.String(), deviceLabel: Type.String(), email: Type.String(), displayName: Type.String() },
  { id: Type.String(), hasSecondFactor: Type.Boolean(), hasPasskey: Type.Boolean() },
);

const issueQuery = ([challenge, now]: Parameters<ChallengeStore['issue']>) => {
  const at = now.toISOString();
  const { ctes, isUnchanged } = lockedAccountCtes(challenge);
  return sql.type(IdRow)`
    WITH ${ctes}
    INSERT INTO auth.sign_in_challenges (id, user_id, secret_hash, method, device_label, expires_at, created_at, updated_at)
    SELECT ${challenge.id}::uuid, account.id, ${challenge.secretHash}::text, ${challenge.method}::text, ${challenge.deviceLabel}::text,
           ${challenge.expiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
    FROM account WHERE ${isUnchanged}
    RETURNING id`;
};

const findQuery = ([id, secretHash, now]: Parameters<ChallengeStore['find']>) => sql.type(ChallengeRow)`
  SELECT challenge.id, challenge.user_id, challenge.method, challenge.device_label, account.email, account.display_name,
         account.is_second_factor_active AS has_second_factor, ${hasPasskey} AS has_passkey
  FROM auth.sign_in_challenges AS challenge JOIN auth.users AS account ON account.id = challenge.user_id
  WHERE challenge.id = ${id} AND challenge.secret_hash = ${secretHash} AND challenge.used_at IS NULL
    AND challenge.expires_at > ${now.toISOString()} AND account.status = 'active' AND account.deleted_at IS NULL`;

const spendQuery = ([id, secretHash, now]: Parameters<ChallengeStore['spend']>) => sql.type(IdRow)`
  UPDATE auth.sign_in_challenges
  SET used_at = ${now.toISOString()}, updated_at = ${now.toISOString()}
  WHERE id = ${id} AND secret_hash = ${secretHash} AND used_at IS NULL AND expires_at > ${now.toISOString()}
  RETURNING id`;

export const createChallengeStore = (connection: Connection): ChallengeStore => ({
  issue: async (...given) => (await connection.maybeOne(issueQuery(given))) !== null,
  find: (...given) => connection.maybeOne(findQuery(given)),
  spend: async (...given) => (await connection.maybeOne(spendQuery(given))) !== null,
});
