import { Type, type Static } from 'typebox';
import { closed, Email, field, named } from '../fields.ts';
import { oneTimeCode } from '../patterns.ts';
import { group } from '../route.ts';
import { authTag, DisplayName } from './auth.ts';

/** 12 to 72 bytes in UTF-8: bcrypt reads no more than 72. The byte length is checked by auth. */
export const Password = Type.String({
  minLength: 12,
  maxLength: 72,
  description: 'The password: 12 to 72 bytes in UTF-8.',
  examples: ['correct horse battery staple'],
});

const AuthMethods = named('AuthMethods', 'How people sign in and register here.', {
  methods: Type.Array(Type.Enum(['password']), { description: 'The ways in.', examples: [['password']] }),
  registration: Type.Enum(['open', 'invited', 'closed'], {
    description: 'Who may register: anyone, those whose address has an open invite, or nobody.',
  }),
  hasMailServer: Type.Boolean({
    description: 'Whether mails are sent. Without a mail server whoever runs the installation passes codes on.',
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

/** The id of a request for a code and a secret of 256 bits. */
export const CodeToken = Type.String({
  minLength: 1,
  maxLength: 512,
  description: 'Stays with the client that asked for the code: the code is good only together with it.',
  examples: ['0f9c2b1e-6d1a-4f6e-9c3b-5a7d8e9f0a1b.qW8xZ2n5Vb7Jk1Lm3Pd9Rt4Yu6Io0AsDfGhJkLzXcVb'],
});
export const OneTimeCode = Type.String({
  pattern: oneTimeCode,
  description: 'The code in the mail: eight digits.',
  examples: ['48151623'],
});

const purpose = Type.Enum(['verify_email'], { description: 'What the code is for.' });
export const anyUser = { type: 'user', id: 'unknown' } as const;
const statusOf = <const S extends string>(value: S, description: string) => Type.Literal(value, { description });

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
        status: statusOf('verification_sent', 'A mail was sent, whoever the address belongs to.'),
        codeToken: CodeToken,
      }),
    },
    carriesSecrets: true,
    errors: ['FORBIDDEN', 'SETUP_TOKEN_INVALID', 'WEAK_PASSWORD'],
    example: { body: { email: 'ada@example.org', password: 'correct horse battery staple', displayName: 'Ada Lovelace' } },
  },
  sendCode: {
    method: 'POST',
    path: '/v1/auth/codes',
    summary: 'Send a fresh one-time code for a registration that waits for it.',
    action: 'code.create',
    subject: anyUser,
    body: { email: Email, purpose, codeToken: CodeToken },
    responses: { 202: closed({ status: statusOf('sent_if_known', 'A code was sent if the registration waits for one.') }) },
  },
  verifyCode: {
    method: 'POST',
    path: '/v1/auth/codes/verify',
    summary: 'Verify the one-time code of a registration. The account is created with what this client registered.',
    action: 'user.verify-email',
    subject: anyUser,
    body: { email: Email, purpose, codeToken: CodeToken, code: OneTimeCode },
    responses: { 200: closed({ status: statusOf('verified', 'The address is confirmed.') }) },
    errors: ['WRONG_CODE'],
  },
});
