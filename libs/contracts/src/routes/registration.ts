import { Type, type Static } from 'typebox';
import { closed, Email, field, named } from '../fields.ts';
import { group } from '../route.ts';
import { authTag, DisplayName } from './auth.ts';
import { anyUser, CodeToken, mailedSignIns } from './codes.ts';

/** 12 to 72 bytes in UTF-8: bcrypt reads no more than 72. The byte length is checked by auth. */
export const Password = Type.String({
  minLength: 12,
  maxLength: 72,
  description: 'The password: 12 to 72 bytes in UTF-8.',
  examples: ['correct horse battery staple'],
});

const AuthMethods = named('AuthMethods', 'How people sign in and register here.', {
  methods: Type.Array(Type.Enum(['password', ...mailedSignIns, 'passkey']), {
    description: 'The ways in.',
    examples: [['password']],
  }),
  providers: Type.Array(
    closed({
      id: Type.String({ description: 'The id in addresses.', examples: ['company'] }),
      name: Type.String({ description: 'What people call it.', examples: ['Example Company'] }),
    }),
    { description: 'The identity providers at which users sign in (OpenID Connect).' },
  ),
  registration: Type.Enum(['open', 'invited', 'closed'], {
    description: 'Who may register: anyone, those whose address has an open invite, or nobody.',
  }),
  hasMailServer: Type.Boolean({
    description: 'Whether mails are sent. Without a mail server whoever runs the installation passes codes on.',
  }),
  isMailWorking: Type.Boolean({
    description: 'False while the last mail could not be handed over: codes and links may come late, and are tried again.',
  }),
  passwordRules: field(
    closed({
      bytesMin: Type.Integer({ description: 'The fewest bytes in UTF-8.', examples: [12] }),
      bytesMax: Type.Integer({ description: 'The most bytes in UTF-8.', examples: [72] }),
    }),
    'The length of passwords. Common ones, and those with the name in the address, are refused, too.',
  ),
});
export type AuthMethods = Static<typeof AuthMethods>;

export const registrationRoutes = group(authTag, {
  getAuthMethods: {
    method: 'GET',
    path: '/v1/auth/methods',
    summary: 'The ways in, who may register, and the rules for passwords.',
    action: 'auth-method.list',
    subject: { type: 'auth-method', id: 'all' },
    responses: { 200: AuthMethods },
  },
  register: {
    method: 'POST',
    path: '/v1/auth/register',
    summary: 'Register an address. Answers the same whether or not the address is taken; what follows is in the mail.',
    action: 'user.register',
    subject: anyUser,
    body: {
      email: Email,
      password: Password,
      displayName: DisplayName,
      setupToken: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description: 'Makes the first account the owner of the installation.',
          examples: ['vK7tQ2mX9sR4wY1z'],
        }),
      ),
    },
    responses: {
      202: closed({
        status: Type.Literal('verification_sent', { description: 'A mail was sent, whoever the address belongs to.' }),
        codeToken: CodeToken,
      }),
    },
    carriesSecrets: true,
    errors: ['FORBIDDEN', 'SETUP_TOKEN_INVALID', 'WEAK_PASSWORD'],
    example: { body: { email: 'ada@example.org', password: 'correct horse battery staple', displayName: 'Ada Lovelace' } },
  },
});
