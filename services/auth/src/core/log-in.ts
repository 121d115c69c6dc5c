import { AppError } from '@guildhall/errors';
import { retryCompareAndSwap } from '@guildhall/resources';
import { prepareChallenge, secondStepOf, type SignInAnswer } from './challenges.ts';
import { checkPassword, type PasswordCheckParts } from './check-password.ts';
import { normaliseEmail } from './email.ts';
import { accessTokenLifetimeSeconds } from './limits.ts';
import { deniedSignIn, prepareSession, type OpenSessionParts } from './open-session.ts';
import type { Credentials } from './user-store.ts';
import type { VisitorContext } from './visitor.ts';

export interface LogInParts extends PasswordCheckParts, OpenSessionParts {
  /** The global roles whose holders must have a second factor. */
  readonly requiredRoles: readonly string[];
}

export interface LogInRequest {
  readonly email: string;
  readonly password: string;
  readonly deviceLabel?: string | undefined;
}

/**
 * Signs in, or answers the challenge of the second step. An unknown address costs the same as a wrong password: one statement, one comparison, one denial. A password that was changed, or
 * an account that was suspended, while it was compared is looked at again. Throws RATE_LIMITED while this address, or this account from
 * this address, must wait; WRONG_PASSWORD; EMAIL_NOT_VERIFIED or ACCOUNT_SUSPENDED for an account that may not sign in, but only to a
 * caller who knows its password.
 */
export const createLogIn = (parts: LogInParts) =>
  function logIn(context: VisitorContext, request: LogInRequest): Promise<SignInAnswer> {
    const { email, password, deviceLabel } = { ...request, email: normaliseEmail(request.email) };
    return retryCompareAndSwap(async () => {
      const { credentials, isRight, attempt, network } = await checkPassword(parts, { email, ip: context.caller.ip, password });
      if (credentials === null || credentials.passwordHash === null || !isRight) {
        // Folded by the address that was tried and not by the account: an unknown address costs the same.
        await context.recordDenial(deniedSignIn(credentials?.id ?? null), attempt.pairId);
        throw new AppError('WRONG_PASSWORD', 'The address or the password is wrong.');
      }
      await requireMayLogIn(context, credentials);
      const { passwords } = parts;
      const { passwordHash } = credentials;
      const freshHash = passwords.isOutdated(passwordHash) ? await passwords.hash(password, network) : null;
      return openSession(parts, context, { credentials, passwordHash, freshHash, deviceLabel, pairId: attempt.pairId });
    });
  };

const requireMayLogIn = async (context: VisitorContext, { id, isActive, isEmailVerified }: Credentials) => {
  if (isActive && isEmailVerified) return;
  await context.recordDenial(deniedSignIn(id));
  throw isActive
    ? new AppError('EMAIL_NOT_VERIFIED', 'This address was never confirmed. Register with it again.')
    : new AppError('ACCOUNT_SUSPENDED', 'This account is suspended.');
};

interface Opening {
  readonly credentials: Credentials;
  readonly passwordHash: string;
  readonly freshHash: string | null;
  readonly deviceLabel: string | undefined;
  readonly pairId: string;
}

/** Opens a session, or issues the challenge of the second step; undefined if the password was changed or the account suspended meanwhile. */
const openSession = async (parts: LogInParts, context: VisitorContext, opening: Opening): Promise<SignInAnswer | undefined> => {
  const { database, now, signAccessToken } = parts;
  const { credentials, passwordHash, freshHash, deviceLabel, pairId } = opening;
  const at = now();
  const prepared = prepareSession(parts, context, deviceLabel);
  const challenge = prepareChallenge(parts, context, { method: 'password', deviceLabel });
  const step = secondStepOf(credentials, parts.requiredRoles);
  const accessToken = await signAccessToken(credentials, prepared.id);
  const isOpen = await database.inTransaction(async ({ sessions, challenges, users, loginFailures, outbox }) => {
    const isRight =
      step === null
        ? await sessions.open(prepared.sessionOf(credentials.id, passwordHash, at), at)
        : await challenges.issue(challenge.challengeOf(credentials.id, passwordHash, at), at);
    if (!isRight) return false;
    if (step === null) await outbox.append([context.audit('success', prepared.eventOf(credentials.id))]);
    await loginFailures.clear(pairId);
    if (freshHash !== null) await users.replacePasswordHash(credentials.id, passwordHash, freshHash, at);
    return true;
  });
  if (!isOpen) return undefined;
  if (step !== null) return challenge.answerOf(step);
  return {
    accessToken,
    refreshToken: prepared.refreshToken,
    tokenType: 'Bearer',
    expiresIn: accessTokenLifetimeSeconds,
  };
};
