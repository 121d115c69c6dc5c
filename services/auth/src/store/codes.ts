import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { CodeStore } from '../core/code-store.ts';
import { users } from './tables.ts';

const VerifiedRow = row([users], { id: Type.String(), displayName: Type.String(), version: Type.Integer() });

const issueQuery = ([code, mail, notSince, now]: Parameters<CodeStore['issue']>) => {
  const at = now.toISOString();
  return sql.unsafe`
    WITH issued AS (
      INSERT INTO auth.auth_codes (id, email, code_hash, purpose, expires_at, created_at, updated_at)
      SELECT ${code.id}::uuid, ${code.email}::text, ${code.codeHash}::text, ${code.purpose}::text,
             ${code.expiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      WHERE NOT EXISTS (
        SELECT 1 FROM auth.auth_codes AS earlier
        WHERE earlier.email = ${code.email} AND earlier.purpose = ${code.purpose} AND earlier.used_at IS NULL
          AND earlier.created_at > ${notSince.toISOString()} AND earlier.created_at <= ${at}
      )
      RETURNING email
    )
    INSERT INTO auth.outgoing_mails (id, sealed_mail, available_at, expires_at, created_at, updated_at)
    SELECT ${mail.id}::uuid, ${mail.sealedMail}::text, ${at}::timestamptz, ${mail.expiresAt.toISOString()}::timestamptz,
           ${at}::timestamptz, ${at}::timestamptz
    FROM issued JOIN auth.users AS account ON account.email = issued.email
    WHERE NOT account.is_email_verified AND account.status = 'active' AND account.deleted_at IS NULL`;
};

/** Attempts count on the newest code alone, so that older ones are worthless. */
const verifyQuery = ({ email, codeHash, attemptsMax }: Parameters<CodeStore['verifyEmail']>[0], at: string) => sql.type(
  VerifiedRow,
)`
  WITH tried AS (
    UPDATE auth.auth_codes AS code
    SET attempts = code.attempts + 1, updated_at = ${at},
        used_at = CASE WHEN code.code_hash = ${codeHash} THEN ${at}::timestamptz ELSE code.used_at END
    WHERE code.id = (
        SELECT newest.id FROM auth.auth_codes AS newest
        WHERE newest.email = ${email} AND newest.purpose = 'verify_email' AND newest.used_at IS NULL
        ORDER BY (newest.created_at > ${at}), newest.created_at DESC, newest.id LIMIT 1
      )
      AND code.used_at IS NULL AND code.expires_at > ${at} AND code.attempts < ${attemptsMax}
    RETURNING code.used_at IS NOT NULL AS is_right
  )
  UPDATE auth.users SET is_email_verified = true, version = version + 1, updated_at = ${at}
  WHERE email = ${email} AND NOT is_email_verified AND status = 'active' AND deleted_at IS NULL
    AND EXISTS (SELECT 1 FROM tried WHERE tried.is_right)
  RETURNING id, display_name, version`;

export const createCodeStore = (connection: Connection): CodeStore => ({
  issue: async (...given) => void (await connection.query(issueQuery(given))),
  verifyEmail: (attempt, now) => connection.maybeOne(verifyQuery(attempt, now.toISOString())),
});
