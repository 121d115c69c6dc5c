import { sql, type Connection } from '@guildhall/db';
import type { LoginFailures } from '../core/login-delay.ts';
import { reserveFailure } from './begin-log-in.ts';

export const createLoginFailureStore = (connection: Connection): LoginFailures => ({
  reserve: (attempt) => reserveFailure(connection, attempt),
  clear: async (id) => void (await connection.query(sql.unsafe`DELETE FROM auth.login_delays WHERE id = ${id}`)),
  giveBack: async (id, at, lastFailedAt) => {
    const reservedAt = at.toISOString();
    await connection.query(sql.unsafe`
      UPDATE auth.login_delays AS known
      SET failures = greatest(known.failures - 1, 0),
          last_failed_at = CASE WHEN known.last_failed_at = ${reservedAt} THEN ${(lastFailedAt ?? at).toISOString()}::timestamptz
                                ELSE known.last_failed_at END
      WHERE known.id = ${id}`);
  },
});
