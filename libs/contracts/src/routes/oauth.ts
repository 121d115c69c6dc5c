import { Type, type Static } from 'typebox';
import { CreatedAt, field, named, nullable, pageFields, pageOf, Uuid } from '../fields.ts';
import { group } from '../route.ts';
import { authTag, ChallengeToken, DeviceLabel, SecondStep, SessionKind, TokenPair } from './auth.ts';
import { OwnPassword } from './own-password.ts';

/** The id of a provider in the settings: a part of addresses. */
const ProviderId = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'The provider, by its id in the settings; `GET /v1/auth/methods` lists them.',
  examples: ['company'],
});

const RequestToken = field(
  ChallengeToken,
  'Stays with the client that asked: what the provider answers is good only together with it, once, for ten minutes.',
);

const AuthenticationRequest = named(
  'AuthenticationRequest',
  'A request for authentication at an identity provider (OpenID Connect Core 1.0, section 3.1.2.1).',
  {
    authorizationUrl: field(
      Type.String(),
      'Where the user signs in. The provider sends them back to `/app/sign-in/:provider` at this address.',
      'https://login.example.org/authorize?client_id=guildhall&response_type=code',
    ),
    requestToken: RequestToken,
    expiresIn: Type.Integer({ minimum: 1, description: 'The life of the request, in seconds.', examples: [600] }),
  },
);

const ProviderQuery = Type.String({
  minLength: 1,
  maxLength: 8192,
  description: 'The query of the address that the provider sent the user back to, as it is.',
  examples: ['code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj&iss=https%3A%2F%2Flogin.example.org'],
});

export const Connection = named('Connection', 'An account at an identity provider that signs in to the own account.', {
  id: field(Uuid, 'The id of the connection.', '4c5d6e7f-8a9b-4c0d-8e1f-2a3b4c5d6e7f'),
  provider: nullable(
    Type.String({ examples: ['company'] }),
    'The provider, by its id in the settings; null once they name it no more.',
  ),
  issuer: field(Type.String(), 'The issuer that vouches for the user.', 'https://login.example.org'),
  createdAt: CreatedAt,
});
export type Connection = Static<typeof Connection>;

const ownConnection = { type: 'connection', id: 'new' } as const;
const params = { provider: ProviderId };

/** The routes of a sign-in at an identity provider. */
export const providerSignInRoutes = group(authTag, {
  beginProviderSignIn: {
    method: 'POST',
    path: '/v1/auth/oauth/:provider/authorize',
    summary: 'Begin to sign in at an identity provider (OpenID Connect: authorization code, PKCE, state, nonce).',
    action: 'session.create',
    subject: { type: 'session', id: 'new' },
    params,
    responses: { 200: AuthenticationRequest },
    carriesSecrets: true,
    errors: ['NOT_FOUND'],
  },
  finishProviderSignIn: {
    method: 'POST',
    path: '/v1/auth/oauth/:provider/callback',
    summary:
      'Sign in with what the provider answered. An unknown user gets an account where the provider is trusted and vouches for the address; one that has an account already is never taken over.',
    action: 'session.create',
    subject: { type: 'session', id: 'new' },
    params,
    body: {
      requestToken: RequestToken,
      query: ProviderQuery,
      deviceLabel: Type.Optional(DeviceLabel),
      session: Type.Optional(SessionKind),
    },
    responses: { 200: TokenPair, 202: SecondStep },
    carriesSecrets: true,
    takesSessionCookie: true,
    errors: ['CHALLENGE_ENDED', 'FORBIDDEN', 'ACCOUNT_SUSPENDED', 'NOT_FOUND', 'CONFLICT', 'UNPROCESSABLE'],
  },
});

/** The routes of the own account's connections with identity providers. */
export const connectionRoutes = group(authTag, {
  listConnections: {
    method: 'GET',
    path: '/v1/auth/connections',
    summary: 'The accounts at identity providers that sign in to the own account.',
    action: 'connection.list',
    subject: { type: 'user', id: 'own' },
    query: pageFields,
    responses: { 200: pageOf('Connection', Connection) },
  },
  beginConnection: {
    method: 'POST',
    path: '/v1/auth/oauth/:provider/connect',
    summary: 'Begin to connect an account at an identity provider with the own account, by the password.',
    action: 'connection.create',
    subject: ownConnection,
    params,
    body: { password: OwnPassword },
    responses: { 200: AuthenticationRequest },
    carriesSecrets: true,
    errors: ['WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'NOT_FOUND'],
  },
  finishConnection: {
    method: 'POST',
    path: '/v1/auth/oauth/:provider/connect/callback',
    summary: 'Connect the account that the provider answered with. The user is mailed.',
    action: 'connection.create',
    subject: ownConnection,
    params,
    body: { requestToken: RequestToken, query: ProviderQuery },
    responses: { 200: Connection },
    errors: ['CHALLENGE_ENDED', 'NOT_FOUND', 'CONFLICT', 'UNPROCESSABLE'],
  },
  removeConnection: {
    method: 'DELETE',
    path: '/v1/auth/connections/:connectionId',
    summary: 'Remove a connection. Refused for the last way in beside mails. Every other session ends, and the user is mailed.',
    action: 'connection.delete',
    subject: { type: 'connection', parameter: 'connectionId' },
    params: { connectionId: field(Uuid, 'The connection.', '4c5d6e7f-8a9b-4c0d-8e1f-2a3b4c5d6e7f') },
    responses: { 204: null },
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
});
