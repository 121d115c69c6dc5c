import { sql, type Connection, type Fragment } from '@guildhall/db';

/** A purge of expired rows of one table: removes at most `max` rows and returns how many. */
export interface Purge {
  readonly what: string;
  run(before: Date, max: number): Promise<number>;
}

const deadSessions = (at: string): Fragment => sql.fragment`
  SELECT id FROM auth.sessions WHERE expires_at <= ${at} OR revoked_at <= ${at}`;

const purgeSessions = (at: string, max: number): Fragment => sql.fragment`
  DELETE FROM auth.sessions
  WHERE id IN (
    SELECT dead.id FROM (${deadSessions(at)}) AS dead
    WHERE NOT EXISTS (SELECT 1 FROM auth.used_refresh_tokens AS used WHERE used.session_id = dead.id) LIMIT ${max}
  )`;

const purgePersonalTokens = (at: string, max: number): Fragment => sql.fragment`
  DELETE FROM auth.personal_tokens
  WHERE id IN (SELECT id FROM auth.personal_tokens WHERE expires_at <= ${at} ORDER BY expires_at LIMIT ${max})`;

const purgeChallenges = (at: string, max: number): Fragment => sql.fragment`
  DELETE FROM auth.sign_in_challenges
  WHERE id IN (SELECT id FROM auth.sign_in_challenges WHERE expires_at <= ${at} ORDER BY expires_at LIMIT ${max})`;

const purgeRequests = (at: string, max: number): Fragment => sql.fragment`
  DELETE FROM auth.oauth_requests
  WHERE id IN (SELECT id FROM auth.oauth_requests WHERE expires_at <= ${at} ORDER BY expires_at LIMIT ${max})`;

const purgePasskeyRequests = (at: string, max: number): Fragment => sql.fragment`
  DELETE FROM auth.passkey_requests
  WHERE id IN (SELECT id FROM auth.passkey_requests WHERE expires_at <= ${at} ORDER BY expires_at LIMIT ${max})`;

/** A session's used tokens are removed before it: they may be many, and a cascade has no limit. Registrations go with their codes, one each. */
export const createPurges = (connection: Connection): readonly Purge[] => {
  const purge = (what: string, statement: (at: string, max: number) => Fragment): Purge => ({
    what,
    run: async (before, max) => (await connection.query(sql.unsafe`${statement(before.toISOString(), max)}`)).rowCount,
  });
  return [
    purge(
      'auth_codes',
      (at, max) => sql.fragment`
      DELETE FROM auth.auth_codes WHERE id IN (SELECT id FROM auth.auth_codes WHERE expires_at <= ${at} ORDER BY expires_at LIMIT ${max})`,
    ),
    purge(
      'used_refresh_tokens',
      (at, max) => sql.fragment`
      DELETE FROM auth.used_refresh_tokens
      WHERE id IN (SELECT id FROM auth.used_refresh_tokens WHERE session_id IN (${deadSessions(at)}) LIMIT ${max})`,
    ),
    purge('sessions', purgeSessions),
    purge(
      'login_delays',
      (at, max) => sql.fragment`
      DELETE FROM auth.login_delays
      WHERE id IN (SELECT id FROM auth.login_delays WHERE last_failed_at <= ${at} ORDER BY last_failed_at LIMIT ${max})`,
    ),
    purge(
      'mail_rates',
      (at, max) => sql.fragment`
      DELETE FROM auth.mail_rates
      WHERE id IN (SELECT id FROM auth.mail_rates WHERE theoretical_arrival_at <= ${at} ORDER BY theoretical_arrival_at LIMIT ${max})`,
    ),
    purge(
      'invited_addresses',
      (at, max) => sql.fragment`
      DELETE FROM auth.invited_addresses
      WHERE id IN (SELECT id FROM auth.invited_addresses WHERE expires_at <= ${at} ORDER BY expires_at LIMIT ${max})`,
    ),
    purge('personal_tokens', purgePersonalTokens),
    purge('sign_in_challenges', purgeChallenges),
    purge('oauth_requests', purgeRequests),
    purge('passkey_requests', purgePasskeyRequests),
    purge(
      'inbox_events',
      (at, max) => sql.fragment`
      DELETE FROM auth.inbox_events
      WHERE id IN (
        SELECT id FROM auth.inbox_events WHERE created_at <= ${at}::timestamptz - interval '30 days' ORDER BY created_at LIMIT ${max}
      )`,
    ),
    purge(
      'setup_tokens',
      (at, max) => sql.fragment`
      DELETE FROM auth.setup_tokens
      WHERE id IN (
        SELECT id FROM auth.setup_tokens
        WHERE expires_at <= ${at} AND (candidate_id IS NULL OR outcome IS NOT NULL OR EXISTS (SELECT 1 FROM auth.user_roles WHERE role = 'owner'))
        ORDER BY expires_at LIMIT ${max}
      )`,
    ),
  ];
};
