import { Type } from 'typebox';
import { closed, Email, field, named, Timestamp } from '../fields.ts';
import { codeOrLinkSecret, oneTimeCode } from '../patterns.ts';
import { group } from '../route.ts';
import { authTag, DeviceLabel, SecondStep, SessionKind, TokenPair } from './auth.ts';

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

/** The ways to sign in with what was mailed. */
export const mailedSignIns = ['otp', 'magic_link'] as const;

const Purpose = Type.Enum(['verify_email', ...mailedSignIns], {
  description:
    'What the code is for: to confirm a registration, or to sign in with eight digits (`otp`) or a link (`magic_link`).',
});

const AskedSignIn = named(
  'AskedSignIn',
  'A sign-in that was asked for by mail, as whoever opened its link sees it before confirming it.',
  {
    email: field(Email, 'The address of the account that is signed in.'),
    askedAt: field(Timestamp, 'When the link was asked for.'),
    expiresAt: field(Timestamp, 'Until when the link is good.', '2026-01-31T08:45:00.000Z'),
    ipAddress: field(Type.String(), 'The address that asked.', '203.0.113.7'),
    deviceLabel: field(Type.String(), 'The user agent that asked.', 'Firefox on Linux'),
    codeToken: field(
      CodeToken,
      'Confirms the sign-in here: the link is good with it, as with the code token of the client that asked. Use it only after the user has seen who asked and said yes.',
    ),
  },
);

export const anyUser = { type: 'user', id: 'unknown' } as const;

export const codeRoutes = group(authTag, {
  sendCode: {
    method: 'POST',
    path: '/v1/auth/codes',
    summary:
      'Send a one-time code: a fresh one for a registration that waits for it, or digits or a link to sign in without a password. The answer is the same whether or not the address has an account.',
    action: 'code.create',
    subject: anyUser,
    body: {
      email: Email,
      purpose: Purpose,
      codeToken: Type.Optional(field(CodeToken, 'That of the registration, with `verify_email` alone.')),
    },
    responses: {
      202: closed({
        status: Type.Literal('sent_if_known', { description: 'A code was sent if a registration or an account waits for one.' }),
        codeToken: CodeToken,
      }),
    },
    carriesSecrets: true,
  },
  lookAtLink: {
    method: 'POST',
    path: '/v1/auth/codes/look',
    summary:
      'Look at a sign-in by a mailed link before confirming it, in a browser that has not asked for it. The link stays good.',
    action: 'code.read',
    subject: anyUser,
    body: {
      linkToken: Type.String({
        minLength: 1,
        maxLength: 512,
        description: 'What stands in the link.',
        examples: ['0f9c2b1e-6d1a-4f6e-9c3b-5a7d8e9f0a1b.Zx8cVb7nMa9sDf0gHj1kLq2wEr3tYu4iOp5aSd6fGh7'],
      }),
    },
    responses: { 200: AskedSignIn },
    carriesSecrets: true,
    errors: ['WRONG_CODE'],
  },
  verifyCode: {
    method: 'POST',
    path: '/v1/auth/codes/verify',
    summary:
      'Verify a one-time code. That of a registration creates the account with what this client registered; digits or a link that were asked for to sign in open a session.',
    action: 'code.verify',
    subject: anyUser,
    body: {
      email: Email,
      purpose: Purpose,
      codeToken: CodeToken,
      code: Type.String({
        pattern: codeOrLinkSecret,
        description: 'The code in the mail: eight digits; of a link the part behind the dot.',
        examples: ['48151623'],
      }),
      deviceLabel: Type.Optional(DeviceLabel),
      session: Type.Optional(SessionKind),
    },
    responses: {
      200: Type.Union([closed({ status: Type.Literal('verified', { description: 'The address is confirmed.' }) }), TokenPair], {
        description: 'The address is confirmed; with `otp` and `magic_link` the tokens of the new session.',
      }),
      202: SecondStep,
    },
    carriesSecrets: true,
    takesSessionCookie: true,
    errors: ['WRONG_CODE', 'FORBIDDEN', 'UNPROCESSABLE'],
  },
});
