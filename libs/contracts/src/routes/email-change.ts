import { Type } from 'typebox';
import { closed, Email, field } from '../fields.ts';
import { group } from '../route.ts';
import { authTag } from './auth.ts';
import { OwnPassword } from './own-password.ts';
import { CodeToken, OneTimeCode } from './codes.ts';

const NewEmail = field(Email, 'The new address.', 'ada@analytical.example');
const ownAccount = { type: 'user', id: 'own' } as const;

export const emailChangeRoutes = group(authTag, {
  sendEmailCode: {
    method: 'POST',
    path: '/v1/auth/me/email/code',
    summary:
      'Send a one-time code to a new address, which then becomes that of the own account. The answer is the same when the address is taken.',
    action: 'code.create',
    subject: ownAccount,
    body: { newEmail: NewEmail, password: OwnPassword },
    responses: {
      202: closed({
        status: Type.Literal('sent_if_free', { description: 'A code was sent if no account has the address.' }),
        codeToken: CodeToken,
      }),
    },
    carriesSecrets: true,
    errors: ['WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'CONFLICT'],
  },
  changeEmail: {
    method: 'PUT',
    path: '/v1/auth/me/email',
    summary:
      'Change the own address with the code that was sent to the new one. Both addresses are told, and every other session ends.',
    action: 'user.change-email',
    subject: ownAccount,
    body: { newEmail: NewEmail, codeToken: CodeToken, code: OneTimeCode },
    responses: { 204: null },
    errors: ['WRONG_CODE', 'CONFLICT'],
  },
});
