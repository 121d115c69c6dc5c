import { sql, type Fragment } from '@guildhall/db';
import type { CodeAttempt } from '../core/code-store.ts';
import type { CodePurpose } from '../core/random.ts';

/** The condition that a code is tried by who may: with the secret of the client that asked, or, confirmed elsewhere, right at once. */
const isTriedBy = ({ secretHash, codeHash }: Spending): Fragment =>
  secretHash === null ? sql.fragment`code.code_hash = ${codeHash}` : sql.fragment`code.secret_hash = ${secretHash}`;

type Spending = Omit<CodeAttempt, 'secretHash'> & { readonly secretHash: string | null };

/**
 * An update that spends a code, or one of its attempts: `is_right` says which. Without the secret of the client that asked for the code it
 * touches no row, so that nobody else can use up the attempts.
 */
export const spendCode = (
  purpose: CodePurpose,
  attempt: Spending,
  at: string,
  condition: Fragment = sql.fragment`true`,
): Fragment => sql.fragment`
  UPDATE auth.auth_codes AS code
  SET attempts = code.attempts + 1, updated_at = ${at},
      used_at = CASE WHEN code.code_hash = ${attempt.codeHash} THEN ${at}::timestamptz ELSE code.used_at END
  WHERE code.id = ${attempt.id} AND ${isTriedBy(attempt)} AND code.purpose = ${purpose} AND ${condition}
    AND code.used_at IS NULL AND code.expires_at > ${at} AND code.attempts < ${attempt.attemptsMax}
  RETURNING code.id, code.email, code.used_at IS NOT NULL AS is_right`;
