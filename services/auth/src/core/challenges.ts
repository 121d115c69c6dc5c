import { AppError } from '@guildhall/errors';
import type { Tokens } from './access-token.ts';
import { challengeLifetimeSeconds } from './limits.ts';
import type { OpenSessionParts } from './open-session.ts';
import { secondsAfter } from './random.ts';
import type { NewChallenge } from './second-factor-store.ts';
import { parseSecretToken, secretTokenOf, type SecretToken } from './secret-token.ts';
import { deviceLabelOf, type VisitorContext } from './visitor.ts';

/** The second step that an account needs, and the factors that it has for it. */
export interface NeededStep {
  readonly status: 'second_factor_required' | 'second_factor_enrolment_required';
  readonly factors: ('totp' | 'recovery_code' | 'passkey')[];
}

/**
 * The answer to a first factor that was right where the account needs a second one (multi-factor authentication, step-up): good for that step
 * alone, and no session.
 */
export interface SecondStep extends NeededStep {
  readonly challengeToken: string;
  /** In seconds. */
  readonly expiresIn: number;
}

/** A sign-in by a first factor: a session, or the challenge of the second step. */
export type SignInAnswer = Tokens | SecondStep;

export const isSecondStep = (answer: SignInAnswer): answer is SecondStep => 'challengeToken' in answer;

export interface FirstFactorFacts {
  /** Whether it has an active authenticator. */
  readonly hasSecondFactor: boolean;
  readonly hasPasskey: boolean;
  readonly roles: readonly string[];
}

/** The second step that an account needs, whatever the way in; null where a session opens at once. */
export const secondStepOf = (
  { hasSecondFactor, hasPasskey, roles }: FirstFactorFacts,
  requiredRoles: readonly string[],
): NeededStep | null => {
  const passkey: NeededStep['factors'] = hasPasskey ? ['passkey'] : [];
  if (hasSecondFactor) return { status: 'second_factor_required', factors: ['totp', 'recovery_code', ...passkey] };
  if (!roles.some((role) => requiredRoles.includes(role))) return null;
  return { status: hasPasskey ? 'second_factor_required' : 'second_factor_enrolment_required', factors: passkey };
};

/** A challenge whose id and secret are chosen before the transaction, whose handler may run twice. */
export interface PreparedChallenge {
  challengeOf(userId: string, passwordHash: string | null, at: Date): NewChallenge;
  answerOf(step: NeededStep): SecondStep;
}

export const prepareChallenge = (
  { random, hashes }: Pick<OpenSessionParts, 'random' | 'hashes'>,
  { caller }: VisitorContext,
  { method, deviceLabel }: { readonly method: string; readonly deviceLabel: string | undefined },
): PreparedChallenge => {
  const [id, secret] = [random.newId(), random.newSecret()];
  return {
    challengeOf: (userId, passwordHash, at) => ({
      id,
      userId,
      secretHash: hashes.hashSecret(secret),
      method,
      deviceLabel: deviceLabelOf(deviceLabel, caller.userAgent),
      expiresAt: secondsAfter(at, challengeLifetimeSeconds),
      passwordHash,
    }),
    answerOf: (step) => ({ ...step, challengeToken: secretTokenOf(id, secret), expiresIn: challengeLifetimeSeconds }),
  };
};

export const challengeEnded = (): AppError =>
  new AppError('CHALLENGE_ENDED', 'This sign-in was finished, has expired, or was ended. Start again.');

/** The parts of a challenge token. Throws CHALLENGE_ENDED for a text of another form. */
export const readChallengeToken = (token: string): SecretToken => {
  const parsed = parseSecretToken(token);
  if (parsed === null) throw challengeEnded();
  return parsed;
};
