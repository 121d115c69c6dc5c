import { Type, type Static } from 'typebox';
import { CreatedAt, field, Name, named, pageFields, pageOf, UserId, Uuid } from '../fields.ts';
import { group } from '../route.ts';
import { CreatedToken, newTokenFields, PersonalToken } from './personal-tokens.ts';

const serviceAccountTag = {
  name: 'service accounts',
  description: 'Accounts of programs, which hold roles and tokens and never sign in.',
};

const ServiceAccount = named('ServiceAccount', 'An account of a program. Its status and roles are changed as those of users.', {
  id: UserId,
  name: Type.String({ description: 'What it is for.', examples: ['Export to the archive'] }),
  status: Type.Enum(['active', 'suspended'], { description: 'Whether its tokens are taken.' }),
  roles: Type.Array(Type.String({ examples: ['auditor'] }), { description: 'The global roles that it holds.' }),
  createdAt: CreatedAt,
});
export type ServiceAccount = Static<typeof ServiceAccount>;

const subject = { type: 'user', parameter: 'serviceAccountId' } as const;
const token = { type: 'personal-token', parameter: 'tokenId' } as const;
const params = { serviceAccountId: field(Uuid, 'The service account.', '6e7f8a9b-0c1d-4e2f-8a3b-4c5d6e7f8a9b') };
const tokenParams = { ...params, tokenId: field(Uuid, 'The token.', '3f4a5b6c-7d8e-4f9a-8b1c-2d3e4f5a6b7c') };

/** The routes of service accounts. Suspending one, and giving it roles, is done at `/v1/users/:userId`. */
export const serviceAccountRoutes = group(serviceAccountTag, {
  listServiceAccounts: {
    method: 'GET',
    path: '/v1/service-accounts',
    summary: 'The accounts of programs, newest first.',
    permission: 'user:read',
    action: 'service-account.list',
    subject: { type: 'user', id: 'all' },
    query: pageFields,
    responses: { 200: pageOf('ServiceAccount', ServiceAccount) },
  },
  createServiceAccount: {
    method: 'POST',
    path: '/v1/service-accounts',
    summary: 'Make an account for a program. It holds no role and no token yet, and has no way to sign in.',
    permission: 'user:update',
    action: 'service-account.create',
    subject: { type: 'user', id: 'new' },
    body: { name: field(Name, 'What it is for.', 'Export to the archive') },
    responses: { 201: ServiceAccount },
    location: '/v1/users/:id',
  },
  listServiceTokens: {
    method: 'GET',
    path: '/v1/service-accounts/:serviceAccountId/tokens',
    summary: 'The tokens of a service account, without their secrets.',
    permission: 'user:read',
    action: 'personal-token.list',
    subject,
    params,
    query: pageFields,
    responses: { 200: pageOf('PersonalToken', PersonalToken) },
    errors: ['NOT_FOUND'],
  },
  createServiceToken: {
    method: 'POST',
    path: '/v1/service-accounts/:serviceAccountId/tokens',
    summary:
      'Create a token of a service account: it may do what both hold at that moment. It is shown this once. Refused to whoever may do less than the account.',
    permission: 'user:update',
    action: 'personal-token.create',
    subject: { type: 'personal-token', id: 'new' },
    params,
    body: newTokenFields,
    responses: { 201: CreatedToken },
    carriesSecrets: true,
    location: '/v1/service-accounts/:serviceAccountId/tokens/:id',
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  rotateServiceToken: {
    method: 'POST',
    path: '/v1/service-accounts/:serviceAccountId/tokens/:tokenId/rotate',
    summary:
      'Create a token in place of another one, with its name and permissions. The other one ends after a day, so that programs can change over.',
    permission: 'user:update',
    action: 'personal-token.rotate',
    subject: token,
    params: tokenParams,
    body: { expiresInDays: newTokenFields.expiresInDays },
    responses: { 200: CreatedToken },
    carriesSecrets: true,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  revokeServiceToken: {
    method: 'DELETE',
    path: '/v1/service-accounts/:serviceAccountId/tokens/:tokenId',
    summary: 'Revoke a token of a service account. It is refused everywhere within two seconds.',
    permission: 'user:update',
    action: 'personal-token.revoke',
    subject: token,
    params: tokenParams,
    responses: { 204: null },
    errors: ['NOT_FOUND'],
  },
});
