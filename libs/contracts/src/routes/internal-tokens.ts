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

const FoundOutsideUser = closed({
  connectionId: Uuid,
  userId: UserId,
  displayName: Type.String(),
  email: Type.String(),
  permissions: Type.Array(Type.String(), { description: 'The global permissions of the user at this moment.' }),
  needsSecondFactor: Type.Boolean({ description: 'Whether the account has a second factor, or a role of it requires one.' }),
});

/** Served by auth, for the gateway. */
export const findOutsideUser = route({
  name: 'findOutsideUser',
  method: 'POST',
  path: '/internal/outside-users/find',
  summary: 'The active account that is connected with this subject of an outside issuer; null if there is none.',
  body: closed({ issuer: Type.String({ minLength: 1, maxLength: 500 }), subject: Type.String({ minLength: 1, maxLength: 255 }) }),
  responses: { 200: closed({ found: Type.Union([FoundOutsideUser, Type.Null()]) }) },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'],
});
