import { row, sql, translateConstraints, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import { setupTokenRefused, type SetupTokens } from '../core/setup-tokens.ts';
import { setupTokens, userRoles } from './tables.ts';

const IdRow = row([userRoles], { userId: Type.String() });
const TokenRow = row([setupTokens], { id: Type.String() });
const AnswerRow = uncheckedRow({ isSo: Type.Boolean() });

const hasNoOwner = sql.fragment`NOT EXISTS (
  SELECT 1 FROM auth.user_roles AS held JOIN auth.users AS account ON account.id = held.user_id
  WHERE held.role = 'owner' AND account.is_email_verified
)`;
const translated = translateConstraints({ uq_setup_tokens_outcome: setupTokenRefused });

const claimQuery = ({ candidateId, userId }: Parameters<SetupTokens['claim']>[0], now: Date) => {
  const at = now.toISOString();
  return sql.type(IdRow)`
    WITH claimed AS (
      UPDATE auth.setup_tokens SET outcome = 'claimed', updated_at = ${at}
      WHERE id = (
          SELECT newest.id FROM auth.setup_tokens AS newest
          WHERE newest.candidate_id = ${candidateId} AND newest.outcome IS NULL
          ORDER BY newest.created_at DESC, newest.id LIMIT 1
        )
        AND candidate_id = ${candidateId} AND outcome IS NULL AND ${hasNoOwner}
      RETURNING id
    )
    INSERT INTO auth.user_roles (user_id, role, created_at, updated_at)
    SELECT ${userId}::text, 'owner', ${at}::timestamptz, ${at}::timestamptz FROM claimed
    ON CONFLICT (user_id, role) DO UPDATE SET updated_at = excluded.updated_at
    RETURNING user_id`;
};

export const createSetupTokenStore = (connection: Connection): SetupTokens => ({
  nominate: async (tokenHash, candidateId, now) => {
    const at = now.toISOString();
    const nominated = await connection.maybeOne(sql.type(TokenRow)`
      UPDATE auth.setup_tokens SET candidate_id = ${candidateId}, updated_at = ${at}
      WHERE token_hash = ${tokenHash} AND outcome IS NULL AND expires_at > ${at} AND ${hasNoOwner}
      RETURNING id`);
    return nominated !== null;
  },
  claim: async (candidate, now) => (await translated(connection.maybeOne(claimQuery(candidate, now)))) !== null,
  isLive: async (tokenHash, now) => {
    const { isSo } = await connection.one(sql.type(AnswerRow)`
      SELECT ${hasNoOwner} AND EXISTS (
        SELECT 1 FROM auth.setup_tokens
        WHERE token_hash = ${tokenHash} AND outcome IS NULL AND expires_at > ${now.toISOString()}
      ) AS is_so`);
    return isSo;
  },
  add: async ({ id, tokenHash, expiresAt }, now) => {
    const at = now.toISOString();
    const added = await connection.maybeOne(sql.type(TokenRow)`
      INSERT INTO auth.setup_tokens (id, token_hash, expires_at, created_at, updated_at)
      SELECT ${id}::uuid, ${tokenHash}::text, ${expiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      WHERE ${hasNoOwner}
      RETURNING id`);
    return added !== null;
  },
  hasOwner: async () => !(await connection.one(sql.type(AnswerRow)`SELECT ${hasNoOwner} AS is_so`)).isSo,
});
