import { row, sql, translateConstraints, type Connection } from '@guildhall/db';
import { AppError } from '@guildhall/errors';
import { Type } from 'typebox';
import type { PasskeyStore } from '../core/passkey-store.ts';
import { isLiveSession } from './account-roles.ts';
import { hasOtherWayIn } from './ways-in.ts';
import { passkeyRequests, passkeys } from './tables.ts';

const RequestRow = row([passkeyRequests], { sealedRequest: Type.String() });
const StoredRow = row([passkeys], {
  id: Type.String(),
  name: Type.String(),
  isBackedUp: Type.Boolean(),
  version: Type.Integer(),
  lastUsedAt: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String(),
});
const CredentialRow = row([passkeys], { credentialId: Type.String() });
const AccountRow = row(
  [passkeys],
  { publicKey: Type.String(), userId: Type.String() },
  { passkeyId: Type.String(), isActive: Type.Boolean() },
);
const IdRow = row([passkeys], { id: Type.String() });
const NameRow = row([passkeys], { name: Type.String() });

const storedColumns = sql.fragment`id, name, is_backed_up, version, last_used_at, created_at`;

const addRequestQuery = ([request, now]: Parameters<PasskeyStore['addRequest']>) => {
  const at = now.toISOString();
  return sql.unsafe`
    INSERT INTO auth.passkey_requests (id, secret_hash, purpose, sealed_request, expires_at, created_at, updated_at)
    VALUES (${request.id}, ${request.secretHash}, ${request.purpose}, ${request.sealedRequest},
            ${request.expiresAt.toISOString()}, ${at}, ${at})`;
};

const takeRequestQuery = ([{ id, secretHash, purpose }, now]: Parameters<PasskeyStore['takeRequest']>) => sql.type(RequestRow)`
  DELETE FROM auth.passkey_requests
  WHERE id = ${id} AND secret_hash = ${secretHash} AND purpose = ${purpose} AND expires_at > ${now.toISOString()}
  RETURNING sealed_request`;

const addQuery = ([passkey, caller, max, now]: Parameters<PasskeyStore['add']>) => {
  const at = now.toISOString();
  return sql.type(StoredRow)`
    INSERT INTO auth.passkeys (id, user_id, credential_id, public_key, sign_count, is_backed_up, name, created_at, updated_at)
    SELECT ${passkey.id}::uuid, ${caller.userId}::text, ${passkey.credentialId}::text, ${passkey.publicKey}::text,
           ${passkey.signCount}::int8, ${passkey.isBackedUp}::bool, ${passkey.name}::text, ${at}::timestamptz, ${at}::timestamptz
    WHERE ${isLiveSession(caller, now)}
      AND (SELECT count(own.id) FROM auth.passkeys AS own WHERE own.user_id = ${caller.userId}) < ${max}::int8
    RETURNING ${storedColumns}`;
};

const useQuery = ([passkeyId, { signCount, isBackedUp }, now]: Parameters<PasskeyStore['use']>) => sql.type(IdRow)`
  UPDATE auth.passkeys
  SET sign_count = ${signCount}, is_backed_up = ${isBackedUp}, last_used_at = ${now.toISOString()}, updated_at = ${now.toISOString()}
  WHERE id = ${passkeyId} AND (sign_count < ${signCount} OR sign_count = 0 AND ${signCount}::int8 = 0)
  RETURNING id`;

const ofCaller = (userId: string) => sql.fragment`user_id = ${userId}`;

const listQuery = ([caller, { limit, after }, now]: Parameters<PasskeyStore['list']>) => sql.type(StoredRow)`
  SELECT ${storedColumns} FROM auth.passkeys
  WHERE ${ofCaller(caller.userId)}
    AND ${after === null ? sql.fragment`true` : sql.fragment`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`}
    AND ${isLiveSession(caller, now)}
  ORDER BY created_at DESC, id DESC LIMIT ${limit}`;

const renameQuery = ([{ passkeyId, name, version }, caller, now]: Parameters<PasskeyStore['rename']>) => sql.type(StoredRow)`
  UPDATE auth.passkeys SET name = ${name}, version = version + 1, updated_at = ${now.toISOString()}
  WHERE id = ${passkeyId} AND ${ofCaller(caller.userId)} AND version = ${version} AND ${isLiveSession(caller, now)}
  RETURNING ${storedColumns}`;

const removeQuery = ([passkeyId, caller, requiredRoles, now]: Parameters<PasskeyStore['remove']>) => sql.type(NameRow)`
  DELETE FROM auth.passkeys AS passkey
  WHERE passkey.id = ${passkeyId} AND passkey.user_id = ${caller.userId} AND ${isLiveSession(caller, now)}
    AND ${hasOtherWayIn(caller.userId, passkeyId)}
    AND (
      NOT EXISTS (
        SELECT 1 FROM auth.user_roles AS assigned
        WHERE assigned.user_id = ${caller.userId} AND assigned.role = ANY (${sql.array([...requiredRoles], 'text')})
      )
      OR EXISTS (SELECT 1 FROM auth.users AS account WHERE account.id = ${caller.userId} AND account.is_second_factor_active)
      OR EXISTS (SELECT 1 FROM auth.passkeys AS other WHERE other.user_id = ${caller.userId} AND other.id <> ${passkeyId})
    )
  RETURNING passkey.name`;

const translated = translateConstraints({
  uq_passkeys_credential_id: (cause) => new AppError('CONFLICT', 'This passkey is known here already.', { cause }),
});

export const createPasskeyStore = (connection: Connection): PasskeyStore => ({
  addRequest: async (...given) => void (await connection.query(addRequestQuery(given))),
  takeRequest: async (...given) => (await connection.maybeOne(takeRequestQuery(given)))?.sealedRequest ?? null,
  credentialIdsOf: async (userId) => {
    const rows = await connection.any(sql.type(CredentialRow)`
      SELECT credential_id FROM auth.passkeys WHERE ${ofCaller(userId)} ORDER BY id`);
    return rows.map(({ credentialId }) => credentialId);
  },
  add: (...given) => translated(connection.maybeOne(addQuery(given))),
  find: (credentialId) =>
    connection.maybeOne(sql.type(AccountRow)`
      SELECT passkey.id AS passkey_id, passkey.public_key, passkey.user_id,
             account.status = 'active' AND account.deleted_at IS NULL AS is_active
      FROM auth.passkeys AS passkey JOIN auth.users AS account ON account.id = passkey.user_id
      WHERE passkey.credential_id = ${credentialId}`),
  use: async (...given) => (await connection.maybeOne(useQuery(given))) !== null,
  list: (...given) => connection.any(listQuery(given)),
  findOwn: (passkeyId, caller, now) =>
    connection.maybeOne(sql.type(StoredRow)`
      SELECT ${storedColumns} FROM auth.passkeys
      WHERE id = ${passkeyId} AND ${ofCaller(caller.userId)} AND ${isLiveSession(caller, now)}`),
  rename: (...given) => connection.maybeOne(renameQuery(given)),
  remove: async (...given) => (await connection.maybeOne(removeQuery(given)))?.name ?? null,
});
