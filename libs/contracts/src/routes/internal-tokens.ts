import { Type } from 'typebox';
import { closed, UserId, Uuid } from '../fields.ts';
import { route } from '../route.ts';

const FoundToken = closed({
  tokenId: Uuid,
  userId: UserId,
  displayName: Type.String(),
  email: Type.String(),
  permissions: Type.Array(Type.String(), { description: 'The global permissions of the user at this moment.' }),
  tokenPermissions: Type.Array(Type.String(), { description: 'The permissions of the token.' }),
});

/** Served by auth, for the gateway. */
export const findPersonalToken = route({
  name: 'findPersonalToken',
  method: 'POST',
  path: '/internal/personal-tokens/find',
  summary: 'The live personal access token with this SHA-256, and its user; null if there is none. Its use is noted.',
  body: closed({ tokenHash: Type.String({ minLength: 43, maxLength: 43 }) }),
  responses: { 200: closed({ found: Type.Union([FoundToken, Type.Null()]) }) },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'],
});
