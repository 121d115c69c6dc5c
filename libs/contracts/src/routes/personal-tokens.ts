import { Type, type Static } from 'typebox';
import { CreatedAt, field, Name, named, nullable, pageFields, pageOf, Timestamp, Uuid } from '../fields.ts';
import { group } from '../route.ts';
import { tokenPermissions } from '../token-permissions.ts';
import { authTag } from './auth.ts';

const TokenPermissions = Type.Array(Type.Enum([...tokenPermissions], { examples: ['script:update'] }), {
  minItems: 1,
  maxItems: tokenPermissions.length,
  uniqueItems: true,
  description: 'What the token may do, as far as its user may at that moment.',
  examples: [['script:read', 'script:update']],
});

/** The reasons for which a token that has not ended is refused. */
export const tokenRefusals = ['second_factor', 'suspended'] as const;

const tokenFields = {
  id: field(Uuid, 'The id of the token.', '3f4a5b6c-7d8e-4f9a-8b1c-2d3e4f5a6b7c'),
  name: field(Name, 'What the token is for.', 'CI of the night batch'),
  permissions: TokenPermissions,
  expiresAt: field(Timestamp, 'When it ends.', '2026-05-01T08:30:00.000Z'),
  lastUsedAt: nullable(Timestamp, 'When it was last used, to a minute; null if it never was.'),
  createdAt: CreatedAt,
  refusedFor: nullable(
    Type.Enum([...tokenRefusals]),
    'Why it is refused now; null where it is taken. `second_factor`: a role of its user requires a second factor, which they had not shown when they made it. `suspended`: its account is.',
  ),
  withoutEffect: Type.Array(Type.Enum([...tokenPermissions], { examples: ['audit:read'] }), {
    description: 'The global permissions of the token that its user does not hold now: it does nothing by them.',
    examples: [[]],
  }),
};
const tokenDescription = 'A personal access token: a way for programs to act as a user, within its permissions.';

export const PersonalToken = named('PersonalToken', tokenDescription, tokenFields);
export type PersonalToken = Static<typeof PersonalToken>;

export const CreatedToken = named('CreatedPersonalToken', 'A new personal access token, with its secret.', {
  ...tokenFields,
  token: Type.String({
    description: 'The token, sent as a bearer (RFC 6750). It is shown this once.',
    examples: ['guildhall_pat_qW8xZ2n5Vb7Jk1Lm3Pd9Rt4Yu6Io0AsDfGhJkLzXcVb'],
  }),
});

/** The fields of a token that is asked for. */
export const newTokenFields = {
  name: field(Name, 'What the token is for.', 'CI of the night batch'),
  permissions: TokenPermissions,
  expiresInDays: Type.Integer({ minimum: 1, maximum: 365, description: 'The days after which it ends.', examples: [90] }),
};

export const personalTokenRoutes = group(authTag, {
  listPersonalTokens: {
    method: 'GET',
    path: '/v1/auth/tokens',
    summary: 'The own personal access tokens, without their secrets.',
    action: 'personal-token.list',
    subject: { type: 'user', id: 'own' },
    query: pageFields,
    responses: { 200: pageOf('PersonalToken', PersonalToken) },
  },
  createPersonalToken: {
    method: 'POST',
    path: '/v1/auth/tokens',
    summary: 'Create a personal access token. Its user is mailed, and the token is shown this once.',
    action: 'personal-token.create',
    subject: { type: 'personal-token', id: 'new' },
    body: newTokenFields,
    responses: { 201: CreatedToken },
    carriesSecrets: true,
    location: '/v1/auth/tokens/:id',
    errors: ['CONFLICT'],
  },
  revokePersonalToken: {
    method: 'DELETE',
    path: '/v1/auth/tokens/:tokenId',
    summary: 'Revoke a personal access token. It is refused everywhere within two seconds.',
    action: 'personal-token.revoke',
    subject: { type: 'personal-token', parameter: 'tokenId' },
    params: { tokenId: field(Uuid, 'The token.', '3f4a5b6c-7d8e-4f9a-8b1c-2d3e4f5a6b7c') },
    responses: { 204: null },
    errors: ['NOT_FOUND'],
  },
});
