import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { SigningKeys } from '../core/signing-keys.ts';
import { signingKeys } from './tables.ts';

const KeyRow = row([signingKeys], {
  kid: Type.String(),
  status: Type.Union([Type.Literal('next'), Type.Literal('current'), Type.Literal('retired')]),
  publicJwk: Type.Record(Type.String(), Type.Unknown()),
  sealedPrivateJwk: Type.String(),
});

export const createSigningKeyStore = (connection: Connection): SigningKeys => ({
  published: () =>
    connection.any(sql.type(KeyRow)`
      SELECT kid, status, public_jwk, sealed_private_jwk FROM auth.signing_keys ORDER BY created_at DESC, kid`),
  addFirst: async ({ kid, publicJwk, sealedPrivateJwk }, now) => {
    const at = now.toISOString();
    await connection.query(sql.unsafe`
      INSERT INTO auth.signing_keys (kid, algorithm, status, public_jwk, sealed_private_jwk, activated_at, created_at, updated_at)
      VALUES (${kid}, 'EdDSA', 'current', ${JSON.stringify(publicJwk)}::jsonb, ${sealedPrivateJwk}, ${at}, ${at}, ${at})
      ON CONFLICT DO NOTHING`);
  },
});
