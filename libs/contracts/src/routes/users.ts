import { Type, type Static } from 'typebox';
import { choiceField, Email, field, named, pageFields, pageOf, SoughtText, Timestamp, UserId, Version } from '../fields.ts';
import { roleName } from '../patterns.ts';
import { group } from '../route.ts';
import { Session } from './auth.ts';
import { userTag } from './roles.ts';

const statuses = ['active', 'suspended'] as const;
const AccountStatus = Type.Enum([...statuses], {
  description: 'Whether the account may sign in: a suspended one may not, and has no session.',
  examples: ['active'],
});

export const User = named('User', 'An account, as administrators see it.', {
  id: UserId,
  email: Email,
  isEmailVerified: Type.Boolean({ description: 'Whether the address was confirmed by a one-time code.' }),
  displayName: field(Type.String(), 'The name that others see.', 'Ada Lovelace'),
  status: AccountStatus,
  roles: Type.Array(Type.String({ examples: ['member'] }), { description: 'The global roles of the user, by name.' }),
  version: Version,
  createdAt: field(Timestamp, 'When the account was opened.'),
});
export type User = Static<typeof User>;

const UserSession = named('UserSession', 'A device that a user is signed in on.', Type.Omit(Session, ['isCurrent']).properties);

const params = { userId: field(UserId, 'The user.') };
const subject = { type: 'user', parameter: 'userId' } as const;

export const userRoutes = group(userTag, {
  listUsers: {
    method: 'GET',
    path: '/v1/users',
    summary: 'The accounts of this installation; erased ones are not listed.',
    permission: 'user:read',
    action: 'user.list',
    subject: { type: 'user', id: 'all' },
    query: {
      ...pageFields,
      q: Type.Optional(field(SoughtText, 'Only those whose name or address contains this text, in any case.', 'ada')),
      role: Type.Optional(
        Type.String({ pattern: roleName, description: 'Only holders of this global role.', examples: ['auditor'] }),
      ),
      status: Type.Optional(Type.Enum([...statuses], { description: 'Only those of this status.', examples: ['active'] })),
      sort: choiceField(['newest', 'name'], 'The order: the newest first, or by name.'),
    },
    responses: { 200: pageOf('User', User) },
  },
  getUser: {
    method: 'GET',
    path: '/v1/users/:userId',
    summary: 'One account.',
    permission: 'user:read',
    action: 'user.read',
    subject,
    params,
    responses: { 200: User },
    answersVersion: true,
    // Roles have no part in the version.
    changesBetweenVersions: true,
    errors: ['NOT_FOUND'],
  },
  updateUser: {
    method: 'PATCH',
    path: '/v1/users/:userId',
    summary:
      'Suspend an account, which ends its sessions, or let it sign in again. Nobody changes an account that may do more than they may; the own one and the last active owner are not suspended.',
    permission: 'user:update',
    action: 'user.update',
    subject,
    params,
    body: { status: AccountStatus },
    responses: { 200: User },
    answersVersion: true,
    isVersioned: true,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  eraseUser: {
    method: 'DELETE',
    path: '/v1/users/:userId',
    summary:
      'Erase an account at once and for good, as its user could: address, name, ways in, roles and sessions go. What was made in communities stays under the name of an erased user. Nobody erases who may do more than they may; the own account and the last active owner stay.',
    permission: 'user:update',
    action: 'user.erase',
    subject,
    params,
    responses: { 204: null },
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  listUserSessions: {
    method: 'GET',
    path: '/v1/users/:userId/sessions',
    summary: 'The devices that a user is signed in on.',
    permission: 'user:read',
    action: 'session.list',
    subject,
    params,
    query: pageFields,
    responses: { 200: pageOf('UserSession', UserSession) },
    errors: ['NOT_FOUND'],
  },
  endUserSessions: {
    method: 'DELETE',
    path: '/v1/users/:userId/sessions',
    summary: 'Sign a user out on every device. Nobody signs out who may do more than they may.',
    permission: 'user:update',
    action: 'session.revoke',
    subject,
    params,
    responses: { 204: null },
    errors: ['NOT_FOUND'],
  },
  resetSecondFactor: {
    method: 'DELETE',
    path: '/v1/users/:userId/second-factor',
    summary:
      'Remove the second factors of a user who has lost them: authenticator, recovery codes, passkeys. Every session of theirs ends, and they are mailed. Nobody does so who may do less than they may, or for themselves.',
    permission: 'user:update',
    action: 'user.reset-second-factor',
    subject,
    params,
    responses: { 204: null },
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
});
