import { row, sql, uncheckedRow, type Connection } from '@guildhall/db';
import { tokenPermissions } from '@guildhall/contracts';
import { Type } from 'typebox';
import type { ServiceAccountStore } from '../core/service-account-store.ts';
import { globalOnes } from '../core/service-accounts.ts';
import { updatePermission } from '../core/users.ts';
import { accessCte, accountRoles } from './account-roles.ts';
import { shownTokens, TokenRow, tokenColumns } from './personal-tokens.ts';
import { personalTokens, users } from './tables.ts';
import { mayChange } from './user-directory.ts';

const accountFields = { id: Type.String(), createdAt: Type.String(), status: Type.Enum(['active', 'suspended']) };
const AccountRow = row([users], accountFields, { name: Type.String(), roles: Type.Array(Type.String()) });
const CreatedRow = row(
  [users],
  { ...accountFields, version: Type.Integer() },
  { name: Type.String(), roles: Type.Array(Type.String()) },
);
const EndedRow = row([personalTokens], { name: Type.String(), permissions: Type.Array(Type.Enum([...tokenPermissions])) });
const HasRow = uncheckedRow({ isThere: Type.Boolean() });

/** The address is one that no mail reaches (RFC 6761, section 6.4). */
const createQuery = ([{ id, name }, caller, now]: Parameters<ServiceAccountStore['create']>) => {
  const at = now.toISOString();
  return sql.type(CreatedRow)`
    WITH ${accessCte(caller, now)}
    INSERT INTO auth.users AS account (id, email, display_name, is_email_verified, is_service, created_at, updated_at)
    SELECT ${id}::text, concat(${id}::text, '@service.invalid'), ${name}::text, true, true, ${at}::timestamptz, ${at}::timestamptz
    FROM access WHERE access.permissions @> ARRAY[${updatePermission}]::text[]
    RETURNING account.id, account.display_name AS name, account.status, account.version, account.created_at, ARRAY[]::text[] AS roles`;
};

const listQuery = ({ limit, after }: Parameters<ServiceAccountStore['list']>[0]) => sql.type(AccountRow)`
  SELECT account.id, account.display_name AS name, account.status, account.created_at, held.roles
  FROM (
    SELECT known.id, known.display_name, known.status, known.created_at FROM auth.users AS known
    WHERE known.is_service AND known.deleted_at IS NULL
      AND ${after === null ? sql.fragment`true` : sql.fragment`(known.created_at, known.id) < (${after.createdAt}::timestamptz, ${after.id}::text)`}
    ORDER BY known.created_at DESC, known.id DESC LIMIT ${limit}
  ) AS account CROSS JOIN ${accountRoles}
  ORDER BY account.created_at DESC, account.id DESC`;

/** The roles that require a second factor of programs: none. */
const nobodysRoles: readonly string[] = [];

const createTokenQuery = ([token, change, max, now]: Parameters<ServiceAccountStore['createToken']>) => {
  const at = now.toISOString();
  const { serviceAccountId, caller } = change;
  return sql.type(TokenRow)`
    WITH ${accessCte(caller, now)}, created AS (
    INSERT INTO auth.personal_tokens (id, user_id, name, token_hash, permissions, expires_at, created_at, updated_at)
    SELECT ${token.id}::uuid, account.id, ${token.name}::text, ${token.tokenHash}::text, ${sql.array([...token.permissions], 'text')},
           ${token.expiresAt.toISOString()}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
    FROM access JOIN auth.users AS account ON account.id = ${serviceAccountId}
    WHERE account.is_service AND account.status = 'active' AND account.deleted_at IS NULL AND ${mayChange(serviceAccountId)}
      AND access.permissions @> ${sql.array([...globalOnes(token.permissions)], 'text')}
      AND (
        SELECT count(own.id) FROM auth.personal_tokens AS own WHERE own.user_id = ${serviceAccountId} AND own.expires_at > ${at}
      ) < ${max}::int8
    RETURNING ${tokenColumns}
    )
    ${shownTokens(sql.fragment`created`, nobodysRoles)}`;
};

const listTokensQuery = ([id, { limit, after }, now]: Parameters<ServiceAccountStore['listTokens']>) => sql.type(TokenRow)`
  ${shownTokens(
    sql.fragment`(
    SELECT ${tokenColumns} FROM auth.personal_tokens
    WHERE user_id = ${id} AND expires_at > ${now.toISOString()}
      AND ${after === null ? sql.fragment`true` : sql.fragment`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`}
    ORDER BY created_at DESC, id DESC LIMIT ${limit}
  )`,
    nobodysRoles,
  )}
  ORDER BY token.created_at DESC, token.id DESC`;

const endTokenQuery = ([tokenId, change, now]: Parameters<ServiceAccountStore['endToken']>) => sql.type(EndedRow)`
  WITH ${accessCte(change.caller, now)}
  UPDATE auth.personal_tokens AS token
  SET expires_at = least(token.expires_at, ${change.endsAt.toISOString()}::timestamptz), updated_at = ${now.toISOString()}
  FROM access
  WHERE token.id = ${tokenId} AND token.user_id = ${change.serviceAccountId} AND token.expires_at > ${now.toISOString()}
    AND ${mayChange(change.serviceAccountId)}
  RETURNING token.name, token.permissions`;

export const createServiceAccountStore = (connection: Connection): ServiceAccountStore => ({
  create: (...given) => connection.maybeOne(createQuery(given)),
  list: (page) => connection.any(listQuery(page)),
  has: async (id) =>
    (
      await connection.one(sql.type(HasRow)`
        SELECT EXISTS (SELECT 1 FROM auth.users WHERE id = ${id} AND is_service AND deleted_at IS NULL) AS is_there`)
    ).isThere,
  createToken: (...given) => connection.maybeOne(createTokenQuery(given)),
  listTokens: (...given) => connection.any(listTokensQuery(given)),
  endToken: (...given) => connection.maybeOne(endTokenQuery(given)),
});
