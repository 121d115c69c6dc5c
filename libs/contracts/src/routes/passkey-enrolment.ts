import { Type } from 'typebox';
import { group } from '../route.ts';
import { authTag, ChallengeToken, SessionKind, TokenPair } from './auth.ts';
import { CreatedCredential, PasskeyCreation, PasskeyName, RequestToken } from './passkeys.ts';

/** The routes by which a sign-in adds the second factor that a role requires, as a passkey. */
export const passkeyEnrolmentRoutes = group(authTag, {
  beginPasskeyAtLogIn: {
    method: 'POST',
    path: '/v1/auth/login/second-factor/passkey-options',
    summary: 'Begin to make a passkey in a sign-in to an account that needs a second factor and has none.',
    action: 'passkey.create',
    subject: { type: 'passkey', id: 'new' },
    body: { challengeToken: ChallengeToken },
    responses: { 200: PasskeyCreation },
    carriesSecrets: true,
    errors: ['CHALLENGE_ENDED', 'UNPROCESSABLE'],
  },
  createPasskeyAtLogIn: {
    method: 'POST',
    path: '/v1/auth/login/second-factor/passkey',
    summary:
      'Keep the passkey that an authenticator has made in this sign-in, and sign in. Every session of before ends, and the user is mailed.',
    action: 'session.create',
    subject: { type: 'session', id: 'new' },
    body: {
      challengeToken: ChallengeToken,
      requestToken: RequestToken,
      name: PasskeyName,
      credential: CreatedCredential,
      session: Type.Optional(SessionKind),
    },
    responses: { 200: TokenPair },
    carriesSecrets: true,
    takesSessionCookie: true,
    errors: ['CHALLENGE_ENDED', 'FORBIDDEN', 'UNPROCESSABLE'],
  },
});
