import { Type } from 'typebox';
import { closed, Email, field } from '../fields.ts';
import { group } from '../route.ts';
import { anyUser, CodeToken, OneTimeCode } from './codes.ts';
import { Password } from './registration.ts';
import { authTag } from './auth.ts';

const NewPassword = field(Password, 'The new password: 12 to 72 bytes in UTF-8.', 'a horse that staples batteries');

export const passwordRoutes = group(authTag, {
  changePassword: {
    method: 'PUT',
    path: '/v1/auth/password',
    summary: 'Change the own password. Every other session ends.',
    action: 'user.change-password',
    subject: { type: 'user', id: 'own' },
    body: {
      currentPassword: Type.String({
        minLength: 1,
        // As long as a body may be, as at log-in.
        maxLength: 262_144,
        description: 'The password until now.',
        examples: ['correct horse battery staple'],
      }),
      newPassword: NewPassword,
    },
    responses: { 204: null },
    errors: ['WRONG_PASSWORD', 'WEAK_PASSWORD'],
  },
  sendResetCode: {
    method: 'POST',
    path: '/v1/auth/password/reset-code',
    summary: 'Send a one-time code that resets the password, if the address has an account.',
    action: 'code.create',
    subject: anyUser,
    body: { email: Email },
    responses: {
      202: closed({
        status: Type.Literal('sent_if_known', { description: 'A code was sent if the address has an account.' }),
        codeToken: CodeToken,
      }),
    },
    carriesSecrets: true,
  },
  resetPassword: {
    method: 'POST',
    path: '/v1/auth/password/reset',
    summary: 'Set a new password with a one-time code. Every session of the account ends.',
    action: 'user.reset-password',
    subject: anyUser,
    body: { email: Email, codeToken: CodeToken, code: OneTimeCode, newPassword: NewPassword },
    responses: { 204: null },
    errors: ['WRONG_CODE', 'WEAK_PASSWORD'],
  },
});
