import { AppError } from '@guildhall/errors';
import { retryCompareAndSwap } from '@guildhall/resources';
import type { Tokens } from './access-token.ts';
import { checkPassword, type PasswordCheckParts } from './check-password.ts';
import { normaliseEmail } from './email.ts';
import { accessTokenLifetimeSeconds } from './limits.ts';
import { deniedSignIn, prepareSession, type OpenSessionParts } from './open-session.ts';
import type { Credentials } from './user-store.ts';
import type { VisitorContext } from './visitor.ts';

export type LogInParts = PasswordCheckParts & OpenSessionParts;

export interface LogInRequest {
  readonly email: string;
  readonly password: string;
  readonly deviceLabel?: string | undefined;
}

/**
 * Signs in. An unknown address costs the same as a wrong password: one statement, one comparison, one denial. A password that was changed, or
 * an account that was suspended, while it was compared is looked at again. Throws RATE_LIMITED while this address, or this account from
 * this address, must wait; WRONG_PASSWORD; EMAIL_NOT_VERIFIED or ACCOUNT_SUSPENDED for an account that may not sign in, but only to a
 * caller who knows its password.
 */
export const createLogIn = (parts: LogInParts) =>
  function logIn(context: VisitorContext, request: LogInRequest): Promise<Tokens> {
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

/** Opens a session; undefined if the password was changed or the account suspended meanwhile. */
const openSession = async (parts: LogInParts, context: VisitorContext, opening: Opening): Promise<Tokens | undefined> => {
  const { database, now, signAccessToken } = parts;
  const { credentials, passwordHash, freshHash, deviceLabel, pairId } = opening;
  const at = now();
  const prepared = prepareSession(parts, context, deviceLabel);
  const accessToken = await signAccessToken(credentials, prepared.id);
  const isOpen = await database.inTransaction(async ({ sessions, users, loginFailures, outbox }) => {
    if (!(await sessions.open(prepared.sessionOf(credentials.id, passwordHash, at), at))) return false;
    await outbox.append([context.audit('success', prepared.eventOf(credentials.id))]);
    await loginFailures.clear(pairId);
    if (freshHash !== null) await users.replacePasswordHash(credentials.id, passwordHash, freshHash, at);
    return true;
  });
  if (!isOpen) return undefined;
  return {
    accessToken,
    refreshToken: prepared.refreshToken,
    tokenType: 'Bearer',
    expiresIn: accessTokenLifetimeSeconds,
  };
};
