import { Type, type Static } from 'typebox';
import { closed, field, named, nullable, Timestamp } from '../fields.ts';
import { recoveryCode, secondFactorCode, totpCode } from '../patterns.ts';
import { group } from '../route.ts';
import { authTag, ChallengeToken, SessionKind, TokenPair } from './auth.ts';
import { OwnPassword } from './own-password.ts';

/** The number of recovery codes that are given out at a time. */
const recoveryCodeCount = 10;

const RecoveryCode = Type.String({
  pattern: recoveryCode,
  description: 'A recovery code, in the form in which it was shown.',
  examples: ['k7m2q-9xw4t'],
});
const TotpCode = Type.String({
  pattern: totpCode,
  description: 'What the authenticator shows now: six digits (RFC 6238).',
  examples: ['287082'],
});
const SecondFactorCode = Type.String({
  pattern: secondFactorCode,
  description: 'What the authenticator shows now, or one of the recovery codes, which is good once.',
  examples: ['287082'],
});
const RecoveryCodes = field(
  Type.Array(RecoveryCode, { minItems: recoveryCodeCount, maxItems: recoveryCodeCount }),
  'Shown this once: each signs in once in place of the authenticator.',
  Array.from({ length: recoveryCodeCount }, (_, index) => `k7m2q-9xw4${'abcdefghjk'[index]}`),
);

const SecondFactor = named('SecondFactor', 'The second factor of the own account.', {
  isActive: Type.Boolean({ description: 'Whether every sign-in asks for it.' }),
  isRequired: Type.Boolean({ description: 'Whether a role of this account requires it here: then it cannot be removed.' }),
  activatedAt: nullable(field(Timestamp, 'Since when it is active.'), 'Since when it is active; null while it is not.'),
  recoveryCodesLeft: Type.Integer({ minimum: 0, description: 'The recovery codes that were not used.', examples: [10] }),
});
export type SecondFactor = Static<typeof SecondFactor>;

const TotpEnrolment = named('TotpEnrolment', 'A secret for an authenticator, which waits to be confirmed, with recovery codes.', {
  secret: field(Type.String(), 'The secret in base32 (RFC 4648), for typing.', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'),
  uri: field(
    Type.String(),
    'The secret as an authenticator reads it, mostly as a QR code: SHA-1, six digits, 30 seconds.',
    'otpauth://totp/Guildhall:ada%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Guildhall',
  ),
  recoveryCodes: RecoveryCodes,
});
export type TotpEnrolment = Static<typeof TotpEnrolment>;

const confirmation = {
  code: TotpCode,
  recoveryCode: field(RecoveryCode, 'One of the recovery codes, typed to show that they were kept. It stays good.'),
};
const ownAccount = { type: 'user', id: 'own' } as const;
const newSession = { type: 'session', id: 'new' } as const;

/** The second step of a sign-in, by who has the challenge of the first. */
export const secondStepRoutes = group(authTag, {
  logInWithSecondFactor: {
    method: 'POST',
    path: '/v1/auth/login/second-factor',
    summary: 'The second step of a sign-in, with a code of the authenticator or a recovery code.',
    action: 'session.create',
    subject: newSession,
    body: { challengeToken: ChallengeToken, code: SecondFactorCode, session: Type.Optional(SessionKind) },
    responses: { 200: TokenPair },
    carriesSecrets: true,
    takesSessionCookie: true,
    errors: ['WRONG_CODE', 'CHALLENGE_ENDED', 'FORBIDDEN', 'UNPROCESSABLE'],
  },
  enrolAtLogIn: {
    method: 'POST',
    path: '/v1/auth/login/second-factor/enrol',
    summary: 'Get a secret for an authenticator in a sign-in to an account that needs a second factor and has none.',
    action: 'user.begin-second-factor',
    subject: { type: 'user', id: 'unknown' },
    body: { challengeToken: ChallengeToken },
    responses: { 200: TotpEnrolment },
    carriesSecrets: true,
    errors: ['CHALLENGE_ENDED', 'CONFLICT'],
  },
  confirmAtLogIn: {
    method: 'POST',
    path: '/v1/auth/login/second-factor/confirm',
    summary: 'Confirm the secret that this sign-in got, which makes it the second factor of the account, and sign in.',
    action: 'session.create',
    subject: newSession,
    body: { challengeToken: ChallengeToken, ...confirmation, session: Type.Optional(SessionKind) },
    responses: { 200: TokenPair },
    carriesSecrets: true,
    takesSessionCookie: true,
    errors: ['WRONG_CODE', 'CHALLENGE_ENDED', 'CONFLICT', 'FORBIDDEN', 'UNPROCESSABLE'],
  },
});

export const secondFactorRoutes = group(authTag, {
  getSecondFactor: {
    method: 'GET',
    path: '/v1/auth/totp',
    summary: 'Whether the own account has a second factor, and whether it must have one.',
    action: 'user.read',
    subject: ownAccount,
    responses: { 200: SecondFactor },
  },
  beginTotp: {
    method: 'POST',
    path: '/v1/auth/totp',
    summary: 'Get a secret for an authenticator, with recovery codes, by the password. It does nothing until it is confirmed.',
    action: 'user.begin-second-factor',
    subject: ownAccount,
    body: { password: OwnPassword },
    responses: { 200: TotpEnrolment },
    carriesSecrets: true,
    errors: ['WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'CONFLICT'],
  },
  confirmTotp: {
    method: 'POST',
    path: '/v1/auth/totp/confirm',
    summary: 'Confirm the secret: every sign-in asks for a code from now on. Every other session ends, and the user is mailed.',
    action: 'user.add-second-factor',
    subject: ownAccount,
    body: confirmation,
    responses: { 204: null },
    errors: ['WRONG_CODE', 'CONFLICT'],
  },
  removeTotp: {
    method: 'POST',
    path: '/v1/auth/totp/remove',
    summary:
      'Remove the second factor, with the password and a code. Refused while a role of the account requires one. Every other session ends, and the user is mailed.',
    action: 'user.remove-second-factor',
    subject: ownAccount,
    body: { password: OwnPassword, code: SecondFactorCode },
    responses: { 204: null },
    errors: ['WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'WRONG_CODE', 'CONFLICT'],
  },
  renewRecoveryCodes: {
    method: 'POST',
    path: '/v1/auth/recovery-codes',
    summary: 'Get fresh recovery codes, with a code of the authenticator. Those of before end, and the user is mailed.',
    action: 'user.renew-recovery-codes',
    subject: ownAccount,
    body: { code: TotpCode },
    responses: { 200: closed({ recoveryCodes: RecoveryCodes }) },
    carriesSecrets: true,
    errors: ['WRONG_CODE', 'CONFLICT'],
  },
});
