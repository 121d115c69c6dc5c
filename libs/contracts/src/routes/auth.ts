import { Type, type Static } from 'typebox';
import { Email, field, Name, named, pageFields, pageOf, Timestamp, Uuid } from '../fields.ts';
import { visibleLine } from '../patterns.ts';
import { group } from '../route.ts';
import { GivenPassword, OwnPassword } from './own-password.ts';
import { Me } from '../me.ts';
import { SecondFactors } from '../second-factors.ts';

export const DisplayName = field(Name, 'The name that others see.', 'Ada Lovelace');

export const Session = named('Session', 'A device that is signed in.', {
  id: field(Uuid, 'The id of the session.', '2e3f4a5b-6c7d-4e8f-9a0b-1c2d3e4f5a6b'),
  deviceLabel: field(Type.String(), 'What the device was called at log-in.', 'Firefox on Linux'),
  ipAddress: field(Type.String(), 'The address that the session was last used from.', '203.0.113.7'),
  createdAt: field(Timestamp, 'When the device signed in.'),
  lastUsedAt: field(Timestamp, 'When its tokens were last refreshed.', '2026-02-02T14:05:12.345Z'),
  expiresAt: field(Timestamp, 'When it ends without a further refresh.', '2026-03-04T14:05:12.345Z'),
  isCurrent: Type.Boolean({ description: 'Whether this request belongs to it.' }),
});
export type Session = Static<typeof Session>;

/** A session's id and a secret of 256 bits. */
const exampleRefreshToken = '6b0e3f52-9d1c-4a7e-8f34-2c5d7e9a1b60.qW8xZ2n5Vb7Jk1Lm3Pd9Rt4Yu6Io0AsDfGhJkLzXcVb';

export const TokenPair = named('TokenPair', 'An access token and the refresh token that gets the next one.', {
  accessToken: field(
    Type.String(),
    'The bearer token of requests: a JWT.',
    'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiI3ZDJmIn0.c2lnbmF0dXJl',
  ),
  refreshToken: Type.Optional(
    field(
      Type.String(),
      "Valid once, to get the next pair of tokens. Absent with `session: 'cookie'`: the cookie of the answer holds it.",
      exampleRefreshToken,
    ),
  ),
  tokenType: Type.Literal('Bearer', { description: 'How the access token is sent (RFC 6750).' }),
  expiresIn: Type.Integer({ minimum: 1, description: 'The life of the access token, in seconds.', examples: [300] }),
});
/** `expiresIn` is the access token's life in seconds. */
export type TokenPair = Static<typeof TokenPair>;

/** The longest time for which a verifier of access tokens may use the keys that it has fetched, in seconds. */
export const jwksCacheSecondsMax = 600;

export const ChallengeToken = field(
  Type.String({ minLength: 1, maxLength: 512 }),
  'Stands for the first step of this sign-in, and is good for the second one alone.',
  exampleRefreshToken,
);

export const SecondStep = named(
  'SecondStep',
  'The first factor was right, and the account needs a second one. There is no session yet.',
  {
    status: Type.Enum(['second_factor_required', 'second_factor_enrolment_required'], {
      description: 'Whether a code is asked for, or the account must get a second factor first.',
    }),
    factors: SecondFactors,
    challengeToken: ChallengeToken,
    expiresIn: Type.Integer({ minimum: 1, description: 'The life of the challenge, in seconds.', examples: [600] }),
  },
);
export type SecondStep = Static<typeof SecondStep>;

const Jwks = named('Jwks', 'A JSON Web Key Set (RFC 7517). Public halves only.', {
  keys: Type.Array(
    Type.Record(Type.String(), Type.Unknown(), {
      examples: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          kid: 'a1b2c3d4',
          alg: 'EdDSA',
          use: 'sig',
        },
      ],
    }),
    { description: 'The keys that access tokens may be signed with.' },
  ),
});

export const DeviceLabel = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: visibleLine,
  description: 'What the list of sessions calls this device.',
  examples: ['Firefox on Linux'],
});

const ownAccount = { type: 'user', id: 'own' } as const;
const session = { type: 'session', parameter: 'sessionId' } as const;

export const authTag = { name: 'auth', description: 'Accounts, log-in, tokens and the devices that are signed in.' };

/** The place where a client keeps its refresh token. */
export const SessionKind = Type.Union([Type.Literal('tokens'), Type.Literal('cookie')], {
  description:
    '`tokens`, when not given: the refresh token is in the answer. `cookie`: it is in a cookie that no script can read, for pages of this origin.',
  examples: ['tokens'],
});

export const authRoutes = group(authTag, {
  logIn: {
    method: 'POST',
    path: '/v1/auth/login',
    summary: 'Sign in with address and password.',
    action: 'session.create',
    subject: { type: 'session', id: 'new' },
    body: {
      email: Email,
      password: GivenPassword,
      deviceLabel: Type.Optional(DeviceLabel),
      session: Type.Optional(SessionKind),
    },
    responses: { 200: TokenPair, 202: SecondStep },
    carriesSecrets: true,
    takesSessionCookie: true,
    errors: ['WRONG_PASSWORD', 'EMAIL_NOT_VERIFIED', 'ACCOUNT_SUSPENDED', 'FORBIDDEN', 'UNPROCESSABLE'],
  },
  refresh: {
    method: 'POST',
    path: '/v1/auth/refresh',
    summary: 'Exchange a refresh token for a new pair. Reuse of an exchanged token ends its session.',
    action: 'session.refresh',
    subject: { type: 'session', id: 'unknown' },
    body: {
      refreshToken: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 512,
          description:
            'The refresh token of the last pair. Without one, that of the session cookie; with one, the cookie is not looked at.',
          examples: [exampleRefreshToken],
        }),
      ),
    },
    responses: { 200: TokenPair },
    carriesSecrets: true,
    takesSessionCookie: true,
    errors: ['UNAUTHENTICATED', 'CONFLICT', 'FORBIDDEN'],
  },
  getJwks: {
    method: 'GET',
    path: '/v1/.well-known/jwks.json',
    summary: 'The public keys that access tokens are signed with (RFC 7517).',
    action: 'key.list',
    subject: { type: 'key', id: 'all' },
    responses: { 200: Jwks },
  },
  logOut: {
    method: 'POST',
    path: '/v1/auth/logout',
    summary: 'End the session this access token belongs to. A browser forgets its cookie.',
    action: 'session.revoke',
    subject: { type: 'session', id: 'own' },
    responses: { 204: null },
    takesSessionCookie: true,
  },
  getMe: {
    method: 'GET',
    path: '/v1/auth/me',
    summary: 'Who is calling, with roles, permissions and ways in.',
    action: 'user.read',
    subject: ownAccount,
    responses: { 200: Me },
    answersVersion: true,
    // Roles and ways in have no part in the version.
    changesBetweenVersions: true,
  },
  updateMe: {
    method: 'PATCH',
    path: '/v1/auth/me',
    summary: 'Change the display name.',
    action: 'user.update',
    subject: ownAccount,
    body: { displayName: DisplayName },
    responses: { 200: Me },
    answersVersion: true,
    isVersioned: true,
  },
  eraseMe: {
    method: 'POST',
    path: '/v1/auth/me/erase',
    summary:
      'Erase the own account, with its password: address, name, password, roles and sessions go at once and for good. What was made in communities stays under the name of an erased user.',
    action: 'user.erase',
    subject: ownAccount,
    body: { password: OwnPassword },
    responses: { 204: null },
    errors: ['WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'CONFLICT'],
  },
  deactivateMe: {
    method: 'POST',
    path: '/v1/auth/me/deactivate',
    summary: 'Deactivate the own account, with its password: every session ends. An administrator lets it sign in again.',
    action: 'user.deactivate',
    subject: ownAccount,
    body: { password: OwnPassword },
    responses: { 204: null },
    errors: ['WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'CONFLICT'],
  },
  listSessions: {
    method: 'GET',
    path: '/v1/auth/sessions',
    summary: 'The devices that are signed in to this account.',
    action: 'session.list',
    subject: ownAccount,
    query: pageFields,
    responses: { 200: pageOf('Session', Session) },
  },
  revokeSession: {
    method: 'DELETE',
    path: '/v1/auth/sessions/:sessionId',
    summary: 'Sign one device out.',
    action: 'session.revoke',
    subject: session,
    params: { sessionId: field(Uuid, 'The session.', '2e3f4a5b-6c7d-4e8f-9a0b-1c2d3e4f5a6b') },
    responses: { 204: null },
    errors: ['NOT_FOUND'],
  },
  revokeOtherSessions: {
    method: 'DELETE',
    path: '/v1/auth/sessions',
    summary: 'Sign every other device out.',
    action: 'session.revoke',
    subject: { type: 'session', id: 'others' },
    responses: { 204: null },
  },
});
