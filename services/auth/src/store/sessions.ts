import { row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { PageRequest } from '@guildhall/resources';
import { clockSkewSecondsMax, sessionIdleSeconds, sessionLifetimeSeconds } from '../core/limits.ts';
import { secondsAfter } from '../core/random.ts';
import type { NewSession, SessionOwner, SessionStore } from '../core/session-store.ts';
import { accountRoles, isLiveSession } from './account-roles.ts';
import { lockedAccountCtes } from './locked-account.ts';
import { sessions, usedRefreshTokens, users } from './tables.ts';

const IdRow = row([sessions], { id: Type.String() });
const SignInRow = uncheckedRow({ hasPassword: Type.Boolean(), isRecent: Type.Boolean() });
const LiveRow = uncheckedRow({ isLive: Type.Boolean() });
const TradedRow = row([usedRefreshTokens, sessions], { usedAt: Type.String(), userId: Type.String() });
const SubjectRow = row(
  [users, sessions],
  { email: Type.String(), displayName: Type.String(), accessVersion: Type.Integer(), isMultiFactor: Type.Boolean() },
  { id: Type.String(), roles: Type.Array(Type.String()), permissions: Type.Array(Type.String()) },
);
export const DeviceRow = row([sessions], {
  id: Type.String(),
  deviceLabel: Type.String(),
  ipAddress: Type.String(),
  createdAt: Type.String(),
  lastUsedAt: Type.String(),
  expiresAt: Type.String(),
});

/** The columns of `DeviceRow`. */
export const deviceColumns: Fragment = sql.fragment`id, device_label, ip_address, created_at, last_used_at, expires_at`;

const openQuery = (session: NewSession, at: string) => {
  const mayOpen = session.isMultiFactor ? sql.fragment`true` : sql.fragment`NOT known.is_second_factor_active`;
  const { ctes, isUnchanged } = lockedAccountCtes(session, mayOpen);
  return sql.type(IdRow)`
    WITH ${ctes}
    INSERT INTO auth.sessions
      (id, user_id, refresh_token_hash, ip_address, device_label, is_multi_factor, expires_at, last_used_at, created_at, updated_at)
    SELECT ${session.id}::uuid, account.id, ${session.refreshTokenHash}::text, ${session.ipAddress}::text, ${session.deviceLabel}::text,
           ${session.isMultiFactor}::bool, ${session.expiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz,
           ${at}::timestamptz
    FROM account
    WHERE ${isUnchanged}
    RETURNING id`;
};

/** Refresh token rotation: a compare-and-swap that stores the used hash in the same statement, and prolongs the session up to its absolute end. */
const rotateQuery = ({ sessionId, usedHash, nextHash }: Parameters<SessionStore['rotate']>[0], at: string) => sql.type(
  SubjectRow,
)`
  WITH rotated AS (
    UPDATE auth.sessions AS trading
    SET refresh_token_hash = ${nextHash}, last_used_at = ${at}, updated_at = ${at},
        expires_at = least(trading.created_at + ${sessionLifetimeSeconds} * interval '1 second', ${at}::timestamptz + ${sessionIdleSeconds} * interval '1 second')
    FROM auth.users AS owner
    WHERE trading.id = ${sessionId} AND trading.refresh_token_hash = ${usedHash} AND trading.revoked_at IS NULL
      AND trading.expires_at > ${at} AND owner.id = trading.user_id AND owner.status = 'active' AND owner.deleted_at IS NULL
    RETURNING trading.id, trading.user_id, trading.is_multi_factor
  ), used AS (
    INSERT INTO auth.used_refresh_tokens (session_id, token_hash, used_at)
    SELECT id, ${usedHash}::text, ${at}::timestamptz FROM rotated
  )
  SELECT account.id, account.email, account.display_name, account.access_version, rotated.is_multi_factor, held.roles, held.permissions
  FROM rotated JOIN auth.users AS account ON account.id = rotated.user_id CROSS JOIN ${accountRoles}`;

/** Ends sessions; of a user that is given, the sign-ins that wait for their second step, too. */
const revokeQuery = (which: Fragment, at: string, begun: Fragment = sql.fragment`false`) => sql.type(IdRow)`
  WITH ended AS (DELETE FROM auth.sign_in_challenges WHERE ${begun})
  UPDATE auth.sessions SET revoked_at = ${at}, updated_at = ${at}
  WHERE revoked_at IS NULL AND expires_at > ${at} AND ${which}
  RETURNING id`;

const listQuery = (caller: SessionOwner, { limit, after }: PageRequest, now: Date) => sql.type(DeviceRow)`
  SELECT ${deviceColumns}
  FROM auth.sessions
  WHERE user_id = ${caller.userId} AND revoked_at IS NULL AND expires_at > ${now.toISOString()}
    AND ${after === null ? sql.fragment`true` : sql.fragment`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`}
    AND ${isLiveSession(caller, now)}
  ORDER BY created_at DESC, id DESC
  LIMIT ${limit}`;

const signInQuery = ({ userId, sessionId }: SessionOwner, since: Date, now: Date) => sql.type(SignInRow)`
  SELECT EXISTS (SELECT 1 FROM auth.user_passwords AS secret WHERE secret.user_id = ${userId}) AS has_password,
         EXISTS (
           SELECT 1 FROM auth.sessions AS own
           WHERE own.id = ${sessionId} AND own.user_id = ${userId} AND own.revoked_at IS NULL AND own.expires_at > ${now.toISOString()}
             AND own.created_at > ${since.toISOString()} AND own.created_at < ${secondsAfter(now, clockSkewSecondsMax).toISOString()}
         ) AS is_recent`;

export const createSessionStore = (connection: Connection): SessionStore => {
  const revoke = (which: Fragment, now: Date, begun?: Fragment) => connection.any(revokeQuery(which, now.toISOString(), begun));
  const revokeAll = async (userId: string, now: Date): Promise<readonly string[]> =>
    (await revoke(sql.fragment`user_id = ${userId}`, now, sql.fragment`user_id = ${userId}`)).map(({ id }) => id);
  const isLive: SessionStore['isLive'] = async (caller, now) =>
    (await connection.one(sql.type(LiveRow)`SELECT ${isLiveSession(caller, now)} AS is_live`)).isLive;
  /** An empty result may mean that the caller's own session has ended; only then does it cost a second statement. */
  const unlessEnded = async <T>(rows: readonly T[], caller: SessionOwner, now: Date): Promise<readonly T[] | null> =>
    rows.length > 0 || (await isLive(caller, now)) ? rows : null;

  return {
    open: async (session, now) => (await connection.maybeOne(openQuery(session, now.toISOString()))) !== null,
    rotate: (token, now) => connection.maybeOne(rotateQuery(token, now.toISOString())),
    findByToken: (sessionId, hash, now) =>
      connection.maybeOne(sql.type(SubjectRow)`
        SELECT account.id, account.email, account.display_name, account.access_version, session.is_multi_factor, held.roles, held.permissions
        FROM auth.sessions AS session JOIN auth.users AS account ON account.id = session.user_id CROSS JOIN ${accountRoles}
        WHERE session.id = ${sessionId} AND session.refresh_token_hash = ${hash} AND session.revoked_at IS NULL
          AND session.expires_at > ${now.toISOString()} AND account.status = 'active' AND account.deleted_at IS NULL`),
    findSignIn: (caller, since, now) => connection.one(signInQuery(caller, since, now)),
    findTraded: async (sessionId, hash) => {
      const found = await connection.maybeOne(sql.type(TradedRow)`
        SELECT used.used_at, session.user_id
        FROM auth.used_refresh_tokens AS used JOIN auth.sessions AS session ON session.id = used.session_id
        WHERE used.session_id = ${sessionId} AND used.token_hash = ${hash} AND session.revoked_at IS NULL`);
      return found === null ? null : { usedAt: new Date(found.usedAt), userId: found.userId };
    },
    markMultiFactor: async (caller, now) =>
      void (await connection.query(sql.unsafe`
        UPDATE auth.sessions SET is_multi_factor = true, updated_at = ${now.toISOString()}
        WHERE id = ${caller.sessionId} AND user_id = ${caller.userId}`)),
    revoke: async (sessionId, userId, now) =>
      (await revoke(sql.fragment`id = ${sessionId} AND user_id = ${userId}`, now)).length > 0,
    revokeAsCaller: async (target, caller, now) =>
      (await revoke(sql.fragment`id = ${target} AND user_id = ${caller.userId} AND ${isLiveSession(caller, now)}`, now)).length >
      0,
    revokeOthers: async (caller, now) => {
      const others = sql.fragment`user_id = ${caller.userId} AND id <> ${caller.sessionId} AND ${isLiveSession(caller, now)}`;
      const begun = sql.fragment`user_id = ${caller.userId} AND ${isLiveSession(caller, now)}`;
      const ended = await unlessEnded(await revoke(others, now, begun), caller, now);
      return ended?.map(({ id }) => id) ?? null;
    },
    revokeAll,
    eraseAll: async (userId, now) => {
      const ended = await revokeAll(userId, now);
      await connection.query(sql.unsafe`
        UPDATE auth.sessions SET ip_address = '', device_label = '', updated_at = ${now.toISOString()} WHERE user_id = ${userId}`);
      return ended;
    },
    list: async (caller, page, now) => unlessEnded(await connection.any(listQuery(caller, page, now)), caller, now),
    isLive,
    revokedSince: async (since, max) => {
      const found = await connection.any(sql.type(IdRow)`
        SELECT id FROM auth.sessions WHERE revoked_at >= ${since.toISOString()} ORDER BY revoked_at DESC, id LIMIT ${max}`);
      return found.map(({ id }) => id);
    },
  };
};
