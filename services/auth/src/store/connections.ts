import { row, sql, translateConstraints, uncheckedRow, type Connection } from '@guildhall/db';
import { AppError } from '@guildhall/errors';
import { Type } from 'typebox';
import type { ConnectionStore, OutsideUser } from '../core/connection-store.ts';
import type { VerifiedUser } from '../core/registration-store.ts';
import { accountRoles, isLiveSession } from './account-roles.ts';
import { hasOtherWayIn, hasPasskey } from './ways-in.ts';
import { oauthConnections, oauthRequests, users } from './tables.ts';

const RequestRow = row([oauthRequests], { sealedRequest: Type.String() });
const AccountRow = row(
  [oauthConnections],
  { userId: Type.String() },
  { isActive: Type.Boolean(), hasSecondFactor: Type.Boolean(), hasPasskey: Type.Boolean(), roles: Type.Array(Type.String()) },
);
const FoundRow = row(
  [oauthConnections, users],
  { userId: Type.String(), displayName: Type.String(), email: Type.String() },
  {
    connectionId: Type.String(),
    hasSecondFactor: Type.Boolean(),
    hasPasskey: Type.Boolean(),
    roles: Type.Array(Type.String()),
    permissions: Type.Array(Type.String()),
  },
);
const PermissionsRow = uncheckedRow({ permissions: Type.Array(Type.String()) });
const CreatedRow = uncheckedRow({
  isTaken: Type.Boolean(),
  id: Type.Union([Type.String(), Type.Null()]),
  displayName: Type.Union([Type.String(), Type.Null()]),
  version: Type.Union([Type.Integer(), Type.Null()]),
});
const StoredRow = row([oauthConnections], { id: Type.String(), createdAt: Type.String() }, { issuer: Type.String() });
const IssuerRow = row([oauthConnections], {}, { issuer: Type.String() });
const HasRow = uncheckedRow({ isThere: Type.Boolean() });

const ofUser = ({ issuer, subject }: OutsideUser) =>
  sql.fragment`connection.provider = ${issuer} AND connection.provider_user_id = ${subject}`;

const addRequestQuery = ([request, now]: Parameters<ConnectionStore['addRequest']>) => {
  const at = now.toISOString();
  return sql.unsafe`
    INSERT INTO auth.oauth_requests (id, secret_hash, provider, sealed_request, expires_at, created_at, updated_at)
    VALUES (${request.id}, ${request.secretHash}, ${request.provider}, ${request.sealedRequest},
            ${request.expiresAt.toISOString()}, ${at}, ${at})`;
};

const takeRequestQuery = ([{ id, secretHash, provider }, now]: Parameters<ConnectionStore['takeRequest']>) => sql.type(
  RequestRow,
)`
  DELETE FROM auth.oauth_requests
  WHERE id = ${id} AND secret_hash = ${secretHash} AND provider = ${provider} AND expires_at > ${now.toISOString()}
  RETURNING sealed_request`;

const findAccountQuery = (user: OutsideUser) => sql.type(AccountRow)`
  SELECT connection.user_id, account.status = 'active' AND account.deleted_at IS NULL AS is_active,
         account.is_second_factor_active AS has_second_factor, ${hasPasskey} AS has_passkey, held.roles
  FROM auth.oauth_connections AS connection JOIN auth.users AS account ON account.id = connection.user_id CROSS JOIN ${accountRoles}
  WHERE ${ofUser(user)}`;

const findActiveUserQuery = (user: OutsideUser) => sql.type(FoundRow)`
  SELECT connection.id AS connection_id, connection.user_id, account.display_name, account.email,
         account.is_second_factor_active AS has_second_factor, ${hasPasskey} AS has_passkey, held.roles, held.permissions
  FROM auth.oauth_connections AS connection JOIN auth.users AS account ON account.id = connection.user_id CROSS JOIN ${accountRoles}
  WHERE ${ofUser(user)} AND account.status = 'active' AND account.deleted_at IS NULL`;

/** An unverified account, of a version that created accounts at once, loses the password that nobody confirmed. */
const createAccountQuery = ([fresh, now]: Parameters<ConnectionStore['createAccount']>) => {
  const at = now.toISOString();
  return sql.type(CreatedRow)`
    WITH facts AS (
      SELECT EXISTS (
               SELECT 1 FROM auth.users AS known
               WHERE known.email = ${fresh.email}
                 AND (known.is_email_verified OR known.status <> 'active' OR known.deleted_at IS NOT NULL)
             ) AS is_taken,
             ${fresh.requiredInviteId}::text IS NULL OR EXISTS (
               SELECT 1 FROM auth.invited_addresses AS invited WHERE invited.id = ${fresh.requiredInviteId} AND invited.expires_at > ${at}
             ) AS is_allowed
    ), account AS (
      INSERT INTO auth.users AS known (id, email, display_name, is_email_verified, created_at, updated_at)
      SELECT ${fresh.userId}::text, ${fresh.email}::text, ${fresh.displayName}::text, true, ${at}::timestamptz, ${at}::timestamptz
      FROM facts WHERE is_allowed AND NOT is_taken
      ON CONFLICT (email) DO UPDATE
      SET display_name = excluded.display_name, is_email_verified = true, version = known.version + 1,
          updated_at = excluded.updated_at
      WHERE NOT known.is_email_verified AND known.status = 'active' AND known.deleted_at IS NULL
      RETURNING id, display_name, version
    ), unconfirmed AS (
      DELETE FROM auth.user_passwords WHERE user_id IN (SELECT account.id FROM account)
    ), connection AS (
      INSERT INTO auth.oauth_connections (user_id, provider, provider_user_id, created_at, updated_at)
      SELECT id, ${fresh.issuer}::text, ${fresh.subject}::text, ${at}::timestamptz, ${at}::timestamptz FROM account
    ), assigned AS (
      INSERT INTO auth.user_roles (user_id, role, created_at, updated_at)
      SELECT id, 'member', ${at}::timestamptz, ${at}::timestamptz FROM account
      ON CONFLICT (user_id, role) DO NOTHING
    )
    SELECT facts.is_taken OR facts.is_allowed AND account.id IS NULL AS is_taken, account.id, account.display_name, account.version
    FROM facts LEFT JOIN account ON true`;
};

const connectQuery = ([connection, caller, max, now]: Parameters<ConnectionStore['connect']>) => {
  const at = now.toISOString();
  return sql.type(StoredRow)`
    INSERT INTO auth.oauth_connections (id, user_id, provider, provider_user_id, created_at, updated_at)
    SELECT ${connection.id}::uuid, ${caller.userId}::text, ${connection.issuer}::text, ${connection.subject}::text,
           ${at}::timestamptz, ${at}::timestamptz
    WHERE ${isLiveSession(caller, now)}
      AND (SELECT count(own.id) FROM auth.oauth_connections AS own WHERE own.user_id = ${caller.userId}) < ${max}::int8
    ON CONFLICT (provider, provider_user_id) DO NOTHING
    RETURNING id, provider AS issuer, created_at`;
};

const listQuery = ([caller, { limit, after }, now]: Parameters<ConnectionStore['list']>) => sql.type(StoredRow)`
  SELECT id, provider AS issuer, created_at FROM auth.oauth_connections
  WHERE user_id = ${caller.userId}
    AND ${after === null ? sql.fragment`true` : sql.fragment`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`}
    AND ${isLiveSession(caller, now)}
  ORDER BY created_at DESC, id DESC LIMIT ${limit}`;

const removeQuery = ([connectionId, caller, now]: Parameters<ConnectionStore['remove']>) => sql.type(IssuerRow)`
  DELETE FROM auth.oauth_connections AS connection
  WHERE connection.id = ${connectionId} AND connection.user_id = ${caller.userId} AND ${isLiveSession(caller, now)}
    AND ${hasOtherWayIn(caller.userId, connectionId)}
  RETURNING connection.provider AS issuer`;

const translated = translateConstraints({
  uq_oauth_connections_provider_provider_user_id: (cause) =>
    new AppError('CONFLICT', 'This account of the provider was connected at the same moment. Sign in again.', { cause }),
});

const toOutcome = ({
  isTaken,
  id,
  displayName,
  version,
}: {
  readonly isTaken: boolean;
  readonly id: string | null;
  readonly displayName: string | null;
  readonly version: number | null;
}): VerifiedUser | 'taken' | 'uninvited' => {
  if (id === null || displayName === null || version === null) return isTaken ? 'taken' : 'uninvited';
  return { id, displayName, version };
};

export const createConnectionStore = (connection: Connection): ConnectionStore => ({
  addRequest: async (...given) => void (await connection.query(addRequestQuery(given))),
  takeRequest: async (...given) => (await connection.maybeOne(takeRequestQuery(given)))?.sealedRequest ?? null,
  findAccount: (user) => connection.maybeOne(findAccountQuery(user)),
  findActiveUser: (user) => connection.maybeOne(findActiveUserQuery(user)),
  findPermissions: async (userId, connectionId) => {
    const found = await connection.maybeOne(sql.type(PermissionsRow)`
      SELECT held.permissions
      FROM auth.oauth_connections AS connection JOIN auth.users AS account ON account.id = connection.user_id CROSS JOIN ${accountRoles}
      WHERE connection.id = ${connectionId} AND connection.user_id = ${userId} AND account.status = 'active' AND account.deleted_at IS NULL`);
    return found?.permissions ?? null;
  },
  createAccount: async (...given) => toOutcome(await translated(connection.one(createAccountQuery(given)))),
  connect: (...given) => connection.maybeOne(connectQuery(given)),
  list: (...given) => connection.any(listQuery(given)),
  has: async (connectionId, { userId }) =>
    (
      await connection.one(sql.type(HasRow)`
        SELECT EXISTS (SELECT 1 FROM auth.oauth_connections WHERE id = ${connectionId} AND user_id = ${userId}) AS is_there`)
    ).isThere,
  remove: async (...given) => (await connection.maybeOne(removeQuery(given)))?.issuer ?? null,
});
