import { row, sql, translateConstraints, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import { setupTokenRefused, type SetupTokens } from '../core/setup-tokens.ts';

const IdRow = row(Type.Object({ userId: Type.String() }));
const TokenRow = row(Type.Object({ id: Type.String() }));
const AnswerRow = row(Type.Object({ isSo: Type.Boolean() }));

const hasNoOwner = sql.fragment`NOT EXISTS (SELECT 1 FROM auth.user_roles WHERE role = 'owner')`;
const translated = translateConstraints({ uq_setup_tokens_outcome: setupTokenRefused });

const claimQuery = ([tokenHash, userId, now]: Parameters<SetupTokens['claim']>) => {
  const at = now.toISOString();
  return sql.type(IdRow)`
    WITH claimed AS (
      UPDATE auth.setup_tokens SET outcome = 'claimed', updated_at = ${at}
      WHERE token_hash = ${tokenHash} AND outcome IS NULL AND expires_at > ${at} AND ${hasNoOwner}
      RETURNING id
    )
    INSERT INTO auth.user_roles (user_id, role, created_at, updated_at)
    SELECT ${userId}::text, 'owner', ${at}::timestamptz, ${at}::timestamptz FROM claimed
    RETURNING user_id`;
};

export const createSetupTokenStore = (connection: Connection): SetupTokens => ({
  claim: async (...given) => (await translated(connection.maybeOne(claimQuery(given)))) !== null,
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
