import { globalPermissions, tokenPermissions, tokenRefusals } from '@guildhall/contracts';
import { row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { PersonalTokenStore } from '../core/personal-token-store.ts';
import type { SessionOwner } from '../core/session-store.ts';
import { accountRoles, isLiveSession } from './account-roles.ts';
import { personalTokens, users } from './tables.ts';

export const TokenRow = row(
  [personalTokens],
  {
    id: Type.String(),
    name: Type.String(),
    permissions: Type.Array(Type.Enum([...tokenPermissions])),
    expiresAt: Type.String(),
    lastUsedAt: Type.Union([Type.String(), Type.Null()]),
    createdAt: Type.String(),
  },
  {
    refusedFor: Type.Union([Type.Enum([...tokenRefusals]), Type.Null()]),
    withoutEffect: Type.Array(Type.Enum([...tokenPermissions])),
  },
);
const IdRow = row([users], { id: Type.String() });
const NameRow = row([personalTokens], { name: Type.String() });
const FoundRow = row(
  [users],
  { displayName: Type.String(), email: Type.String() },
  {
    tokenId: Type.String(),
    userId: Type.String(),
    permissions: Type.Array(Type.String()),
    tokenPermissions: Type.Array(Type.String()),
  },
);
const PermissionsRow = uncheckedRow({ permissions: Type.Array(Type.String()) });
const LiveRow = uncheckedRow({ isLive: Type.Boolean() });

/** The condition that a `token` of an `account` acts for it: a person who holds one of the roles that require a second factor had shown it when they made the token. */
const hasShownFactors = (requiredRoles: readonly string[]): Fragment => sql.fragment`
  (token.is_multi_factor OR account.is_service OR NOT EXISTS (
     SELECT 1 FROM auth.user_roles AS demanding
     WHERE demanding.user_id = account.id AND demanding.role = ANY (${sql.array([...requiredRoles], 'text')})))`;

/** The columns of `TokenRow`, of a `token` with its `account` and what that has `held`. */
const shownColumns = (requiredRoles: readonly string[]): Fragment => sql.fragment`
  token.id, token.name, token.permissions, token.expires_at, token.last_used_at, token.created_at,
  CASE WHEN account.status <> 'active' THEN 'suspended'
       WHEN NOT ${hasShownFactors(requiredRoles)} THEN 'second_factor' END AS refused_for,
  ARRAY(
    SELECT given.permission FROM unnest(token.permissions) AS given (permission)
    WHERE given.permission = ANY (${sql.array([...globalPermissions], 'text')}) AND NOT given.permission = ANY (held.permissions)
  ) AS without_effect`;

/** The columns that `shownTokens` wants of its tokens. */
export const tokenColumns = sql.fragment`id, user_id, name, permissions, is_multi_factor, expires_at, last_used_at, created_at`;

/** Tokens, of a CTE or a subquery with `tokenColumns`, as `TokenRow`. */
export const shownTokens = (tokens: Fragment, requiredRoles: readonly string[]): Fragment => sql.fragment`
  SELECT ${shownColumns(requiredRoles)}
  FROM ${tokens} AS token JOIN auth.users AS account ON account.id = token.user_id CROSS JOIN ${accountRoles}`;

/** Locks the account of a live session. */
const lockQuery = (caller: SessionOwner, now: Date) => sql.type(IdRow)`
  SELECT known.id FROM auth.users AS known
  WHERE known.id = ${caller.userId} AND known.status = 'active' AND known.deleted_at IS NULL AND ${isLiveSession(caller, now)}
  FOR UPDATE`;

const createQuery = ([token, { userId, sessionId }, { max, requiredRoles }, now]: Parameters<PersonalTokenStore['create']>) => {
  const at = now.toISOString();
  return sql.type(TokenRow)`
    WITH created AS (
    INSERT INTO auth.personal_tokens (id, user_id, name, token_hash, permissions, is_multi_factor, expires_at, created_at, updated_at)
    SELECT ${token.id}::uuid, ${userId}::text, ${token.name}::text, ${token.tokenHash}::text, ${sql.array([...token.permissions], 'text')},
           EXISTS (SELECT 1 FROM auth.sessions AS own WHERE own.id = ${sessionId} AND own.user_id = ${userId} AND own.is_multi_factor),
           ${token.expiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
    WHERE (SELECT count(own.id) FROM auth.personal_tokens AS own WHERE own.user_id = ${userId} AND own.expires_at > ${at}) < ${max}::int8
    RETURNING ${tokenColumns}
    )
    ${shownTokens(sql.fragment`created`, requiredRoles)}`;
};

const listQuery = ([caller, { limit, after }, requiredRoles, now]: Parameters<PersonalTokenStore['list']>) => sql.type(TokenRow)`
  ${shownTokens(
    sql.fragment`(
    SELECT ${tokenColumns} FROM auth.personal_tokens
    WHERE user_id = ${caller.userId} AND expires_at > ${now.toISOString()}
      AND ${after === null ? sql.fragment`true` : sql.fragment`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`}
      AND ${isLiveSession(caller, now)}
    ORDER BY created_at DESC, id DESC LIMIT ${limit}
  )`,
    requiredRoles,
  )}
  ORDER BY token.created_at DESC, token.id DESC`;

/** A use in the future is of a clock that was set back: it is noted anew. */
const findQuery = ([tokenHash, requiredRoles, notedSince, now]: Parameters<PersonalTokenStore['findByHash']>) => {
  const at = now.toISOString();
  return sql.type(FoundRow)`
    WITH token AS (
      SELECT known.id, known.user_id, known.permissions, known.is_multi_factor FROM auth.personal_tokens AS known
      WHERE known.token_hash = ${tokenHash} AND known.expires_at > ${at}
    ), noted AS (
      UPDATE auth.personal_tokens AS used SET last_used_at = ${at}, updated_at = ${at}
      FROM token
      WHERE used.id = token.id
        AND (used.last_used_at IS NULL OR used.last_used_at < ${notedSince.toISOString()} OR used.last_used_at > ${at})
    )
    SELECT token.id AS token_id, account.id AS user_id, account.display_name, account.email, held.permissions,
           token.permissions AS token_permissions
    FROM token JOIN auth.users AS account ON account.id = token.user_id CROSS JOIN ${accountRoles}
    WHERE account.status = 'active' AND account.deleted_at IS NULL AND ${hasShownFactors(requiredRoles)}`;
};

export const createPersonalTokenStore = (connection: Connection): PersonalTokenStore => ({
  create: async (...given) => {
    const [, caller, , now] = given;
    const account = await connection.maybeOne(lockQuery(caller, now));
    return account === null ? null : connection.maybeOne(createQuery(given));
  },
  list: async (...given) => {
    const [caller, , , now] = given;
    const rows = await connection.any(listQuery(given));
    if (rows.length > 0) return rows;
    const { isLive } = await connection.one(sql.type(LiveRow)`SELECT ${isLiveSession(caller, now)} AS is_live`);
    return isLive ? rows : null;
  },
  revoke: async (tokenId, caller, now) => {
    const revoked = await connection.maybeOne(sql.type(NameRow)`
      DELETE FROM auth.personal_tokens
      WHERE id = ${tokenId} AND user_id = ${caller.userId} AND expires_at > ${now.toISOString()} AND ${isLiveSession(caller, now)}
      RETURNING name`);
    return revoked?.name ?? null;
  },
  findByHash: (...given) => connection.maybeOne(findQuery(given)),
  findPermissions: async (userId, tokenId, requiredRoles, now) => {
    const found = await connection.maybeOne(sql.type(PermissionsRow)`
      SELECT ARRAY(
               SELECT own.permission FROM unnest(held.permissions) AS own (permission) WHERE own.permission = ANY (token.permissions)
             ) AS permissions
      FROM auth.personal_tokens AS token JOIN auth.users AS account ON account.id = token.user_id CROSS JOIN ${accountRoles}
      WHERE token.id = ${tokenId} AND token.user_id = ${userId} AND token.expires_at > ${now.toISOString()}
        AND account.status = 'active' AND account.deleted_at IS NULL AND ${hasShownFactors(requiredRoles)}`);
    return found?.permissions ?? null;
  },
});
