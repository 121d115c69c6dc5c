import { sql, type Fragment } from '@guildhall/db';
import type { CodeAttempt } from '../core/code-store.ts';
import type { CodePurpose } from '../core/random.ts';

/**
 * An update that spends a code, or one of its attempts: `is_right` says which. Without the secret of the client that asked for the code it
 * touches no row, so that nobody else can use up the attempts.
 */
export const spendCode = (
  purpose: CodePurpose,
  { id, secretHash, codeHash, attemptsMax }: CodeAttempt,
  at: string,
): Fragment => sql.fragment`
  UPDATE auth.auth_codes AS code
  SET attempts = code.attempts + 1, updated_at = ${at},
      used_at = CASE WHEN code.code_hash = ${codeHash} THEN ${at}::timestamptz ELSE code.used_at END
  WHERE code.id = ${id} AND code.secret_hash = ${secretHash} AND code.purpose = ${purpose}
    AND code.used_at IS NULL AND code.expires_at > ${at} AND code.attempts < ${attemptsMax}
  RETURNING code.id, code.email, code.used_at IS NOT NULL AS is_right`;
