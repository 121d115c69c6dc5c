import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { SigningKey, SigningKeyStore } from '../core/signing-keys.ts';
import { signingKeys } from './tables.ts';

const KeyRow = row([signingKeys], {
  kid: Type.String(),
  status: Type.Union([Type.Literal('next'), Type.Literal('current'), Type.Literal('retired')]),
  publicJwk: Type.Record(Type.String(), Type.Unknown()),
  sealedPrivateJwk: Type.String(),
  createdAt: Type.String(),
  retiredAt: Type.Union([Type.String(), Type.Null()]),
});
const KidRow = row([signingKeys], { kid: Type.String() });

const addCurrentQuery = ({ kid, publicJwk, sealedPrivateJwk }: SigningKey, at: string) => sql.type(KidRow)`
  INSERT INTO auth.signing_keys (kid, algorithm, status, public_jwk, sealed_private_jwk, activated_at, created_at, updated_at)
  VALUES (${kid}, 'EdDSA', 'current', ${JSON.stringify(publicJwk)}::jsonb, ${sealedPrivateJwk}, ${at}, ${at}, ${at})
  ON CONFLICT DO NOTHING
  RETURNING kid`;

const addNextQuery = ({ kid, publicJwk, sealedPrivateJwk }: SigningKey, currentKid: string, at: string) => sql.type(KidRow)`
  INSERT INTO auth.signing_keys (kid, algorithm, status, public_jwk, sealed_private_jwk, created_at, updated_at)
  SELECT ${kid}::text, 'EdDSA', 'next', ${JSON.stringify(publicJwk)}::jsonb, ${sealedPrivateJwk}::text, ${at}::timestamptz, ${at}::timestamptz
  FROM auth.signing_keys AS signing
  WHERE signing.kid = ${currentKid} AND signing.status = 'current'
  ON CONFLICT DO NOTHING
  RETURNING kid`;

/** Locks the current key: of replicas that come at once, the second finds it retired. */
const retireQuery = (nextKid: string, storedBefore: Date, at: string) => sql.type(KidRow)`
  UPDATE auth.signing_keys SET status = 'retired', retired_at = ${at}, updated_at = ${at}
  WHERE status = 'current' AND EXISTS (
    SELECT 1 FROM auth.signing_keys AS coming
    WHERE coming.kid = ${nextKid} AND coming.status = 'next' AND coming.created_at <= ${storedBefore.toISOString()}
  )
  RETURNING kid`;

const activateQuery = (nextKid: string, at: string) => sql.type(KidRow)`
  UPDATE auth.signing_keys SET status = 'current', activated_at = ${at}, updated_at = ${at}
  WHERE kid = ${nextKid} AND status = 'next'
  RETURNING kid`;

export const createSigningKeyStore = (connection: Connection): SigningKeyStore => ({
  published: () =>
    connection.any(sql.type(KeyRow)`
      SELECT kid, status, public_jwk, sealed_private_jwk, created_at, retired_at FROM auth.signing_keys ORDER BY created_at DESC, kid`),
  addFirst: async (key, now) => {
    await connection.any(addCurrentQuery(key, now.toISOString()));
  },
  addNext: async (key, currentKid, now) => (await connection.maybeOne(addNextQuery(key, currentKid, now.toISOString()))) !== null,
  activate: async (nextKid, storedBefore, now) => {
    const at = now.toISOString();
    const retired = await connection.maybeOne(retireQuery(nextKid, storedBefore, at));
    if (retired === null) return null;
    await connection.one(activateQuery(nextKid, at));
    return retired.kid;
  },
  removeRetired: async (retiredBefore) => {
    const removed = await connection.any(sql.type(KidRow)`
      DELETE FROM auth.signing_keys WHERE status = 'retired' AND retired_at <= ${retiredBefore.toISOString()} RETURNING kid`);
    return removed.map(({ kid }) => kid);
  },
  replaceAll: async (key, now) => {
    const removed = await connection.any(sql.type(KidRow)`DELETE FROM auth.signing_keys RETURNING kid`);
    if (removed.length === 0) return null;
    const added = await connection.maybeOne(addCurrentQuery(key, now.toISOString()));
    return added === null ? null : removed.map(({ kid }) => kid);
  },
});
