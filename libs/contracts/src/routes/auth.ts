import { Type, type Static } from 'typebox';
import { Email, pageFields, pageOf, Timestamp, UserId, Uuid } from '../fields.ts';
import { route } from '../route.ts';

const tag = 'auth';
const closed = { additionalProperties: false } as const;

/** 12 to 72 bytes in UTF-8: bcrypt reads no more than 72. The byte length is checked by auth. */
const Password = Type.String({ minLength: 12, maxLength: 72 });
const DisplayName = Type.String({ minLength: 1, maxLength: 200, pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]*$' });

export const Me = Type.Object(
  {
    id: UserId,
    email: Email,
    isEmailVerified: Type.Boolean(),
    displayName: Type.String(),
    roles: Type.Array(Type.String()),
    permissions: Type.Array(Type.String()),
    createdAt: Timestamp,
  },
  closed,
);
export type Me = Static<typeof Me>;

export const Session = Type.Object(
  {
    id: Uuid,
    deviceLabel: Type.String(),
    ipAddress: Type.String(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
    expiresAt: Timestamp,
    isCurrent: Type.Boolean(),
  },
  closed,
);
export type Session = Static<typeof Session>;

/** `expiresIn` is the access token's life in seconds. */
export const TokenPair = Type.Object(
  {
    accessToken: Type.String(),
    refreshToken: Type.String(),
    tokenType: Type.Literal('Bearer'),
    expiresIn: Type.Integer({ minimum: 1 }),
  },
  closed,
);
export type TokenPair = Static<typeof TokenPair>;

const RegisterBody = Type.Object(
  {
    email: Email,
    password: Password,
    displayName: DisplayName,
    setupToken: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  closed,
);
const LoginBody = Type.Object(
  {
    email: Email,
    password: Type.String({ minLength: 1, maxLength: 1024 }),
    deviceLabel: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  closed,
);
const RefreshBody = Type.Object({ refreshToken: Type.String({ minLength: 1, maxLength: 512 }) }, closed);
/** Only `verify_email` is known so far; one-time passwords, magic links and resets are further purposes. */
const CodePurpose = Type.Enum(['verify_email']);

export const register = route({
  name: 'register',
  method: 'POST',
  path: '/v1/auth/register',
  tag,
  summary: 'Open an account. Answers the same whether or not the address is taken; what follows is in the mail.',
  body: RegisterBody,
  responses: { 202: Type.Object({ status: Type.Literal('verification_sent') }, closed) },
  errors: ['FORBIDDEN', 'UNPROCESSABLE', 'TOO_LARGE', 'SERVICE_UNAVAILABLE'],
});

export const sendCode = route({
  name: 'sendCode',
  method: 'POST',
  path: '/v1/auth/codes',
  tag,
  summary: 'Send a fresh one-time code to an address, if it has an account that needs one.',
  body: Type.Object({ email: Email, purpose: CodePurpose }, closed),
  responses: { 202: Type.Object({ status: Type.Literal('sent_if_known') }, closed) },
  errors: ['TOO_LARGE'],
});

export const verifyCode = route({
  name: 'verifyCode',
  method: 'POST',
  path: '/v1/auth/codes/verify',
  tag,
  summary: 'Spend a one-time code.',
  body: Type.Object({ email: Email, purpose: CodePurpose, code: Type.String({ pattern: '^[0-9]{8}$' }) }, closed),
  responses: { 200: Type.Object({ status: Type.Literal('verified') }, closed) },
  errors: ['UNPROCESSABLE', 'TOO_LARGE'],
});

export const logIn = route({
  name: 'logIn',
  method: 'POST',
  path: '/v1/auth/login',
  tag,
  summary: 'Sign in with address and password.',
  body: LoginBody,
  responses: { 200: TokenPair },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'TOO_LARGE', 'SERVICE_UNAVAILABLE'],
});

export const refresh = route({
  name: 'refresh',
  method: 'POST',
  path: '/v1/auth/refresh',
  tag,
  summary: 'Trade a refresh token for a new pair. A token that comes back after it was traded ends its session.',
  body: RefreshBody,
  responses: { 200: TokenPair },
  errors: ['UNAUTHENTICATED', 'CONFLICT', 'TOO_LARGE'],
});

export const logOut = route({
  name: 'logOut',
  method: 'POST',
  path: '/v1/auth/logout',
  tag,
  summary: 'End the session this access token belongs to.',
  responses: { 204: null },
  errors: ['UNAUTHENTICATED'],
});

export const getMe = route({
  name: 'getMe',
  method: 'GET',
  path: '/v1/auth/me',
  tag,
  summary: 'Who is calling, with roles and permissions.',
  responses: { 200: Me },
  errors: ['UNAUTHENTICATED'],
});

export const updateMe = route({
  name: 'updateMe',
  method: 'PATCH',
  path: '/v1/auth/me',
  tag,
  summary: 'Change the display name.',
  body: Type.Object({ displayName: DisplayName }, closed),
  responses: { 200: Me },
  errors: ['UNAUTHENTICATED', 'VERSION_MISMATCH', 'VERSION_REQUIRED', 'TOO_LARGE'],
  isVersioned: true,
});

export const listSessions = route({
  name: 'listSessions',
  method: 'GET',
  path: '/v1/auth/sessions',
  tag,
  summary: 'The devices that are signed in to this account.',
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(Session) },
  errors: ['UNAUTHENTICATED'],
});

export const revokeSession = route({
  name: 'revokeSession',
  method: 'DELETE',
  path: '/v1/auth/sessions/:sessionId',
  tag,
  summary: 'Sign one device out.',
  params: Type.Object({ sessionId: Uuid }, closed),
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const revokeOtherSessions = route({
  name: 'revokeOtherSessions',
  method: 'DELETE',
  path: '/v1/auth/sessions',
  tag,
  summary: 'Sign every other device out.',
  responses: { 204: null },
  errors: ['UNAUTHENTICATED'],
});

export const Role = Type.Object({ name: Type.String(), permissions: Type.Array(Type.String()) }, closed);
export type Role = Static<typeof Role>;

export const listRoles = route({
  name: 'listRoles',
  method: 'GET',
  path: '/v1/roles',
  tag: 'users and roles',
  summary: 'The global roles and what each may do.',
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(Role) },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN'],
});

const UserRoleParams = Type.Object({ userId: UserId, role: Type.String({ pattern: '^[a-z][a-z-]{0,39}$' }) }, closed);

export const assignRole = route({
  name: 'assignRole',
  method: 'PUT',
  path: '/v1/users/:userId/roles/:role',
  tag: 'users and roles',
  summary: 'Give a user a global role. Nobody grants permissions they do not hold.',
  params: UserRoleParams,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'],
});

export const removeRole = route({
  name: 'removeRole',
  method: 'DELETE',
  path: '/v1/users/:userId/roles/:role',
  tag: 'users and roles',
  summary: 'Take a global role from a user. The last owner keeps theirs.',
  params: UserRoleParams,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

/** RFC 7517. Public halves only. */
export const getJwks = route({
  name: 'getJwks',
  method: 'GET',
  path: '/v1/.well-known/jwks.json',
  tag,
  summary: 'The public keys that access tokens are signed with (RFC 7517).',
  responses: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }, closed) },
  errors: [],
});
