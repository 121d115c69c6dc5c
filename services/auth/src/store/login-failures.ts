import { sql, type Connection } from '@guildhall/db';
import type { LoginFailures } from '../core/login-delay.ts';

export const createLoginFailureStore = (connection: Connection): LoginFailures => ({
  count: async (ids, now, forgetBefore) => {
    const at = now.toISOString();
    // In one order everywhere, so that two failures at once do not wait for each other.
    const rows = ids.toSorted().map((id) => [id]);
    await connection.query(sql.unsafe`
      INSERT INTO auth.login_delays AS known (id, failures, last_failed_at, created_at, updated_at)
      SELECT failed.id, 1, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      FROM ${sql.unnest(rows, ['text'])} AS failed (id)
      ON CONFLICT (id) DO UPDATE
      SET failures = CASE WHEN known.last_failed_at < ${forgetBefore.toISOString()} THEN 1 ELSE known.failures + 1 END,
          last_failed_at = excluded.last_failed_at, updated_at = excluded.updated_at`);
  },
  clear: async (id) => void (await connection.query(sql.unsafe`DELETE FROM auth.login_delays WHERE id = ${id}`)),
});
