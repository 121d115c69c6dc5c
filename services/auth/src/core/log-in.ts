import { AppError } from '@guildhall/errors';
import { networkOf, userActor, type AuditDraft } from '@guildhall/resources';
import type { SignAccessToken, Tokens } from './access-token.ts';
import { normaliseEmail } from './email.ts';
import { accessTokenLifetimeSeconds, sessionLifetimeSeconds } from './limits.ts';
import { secondsToWait, type LoginAttempt, type LoginSubjects } from './login-delay.ts';
import type { Passwords } from './passwords.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import { refreshTokenOf } from './refresh-token.ts';
import type { Database } from './stores.ts';
import type { BegunLogIn, Credentials } from './user-store.ts';
import { deviceLabelOf, type VisitorContext } from './visitor.ts';

export interface LogInParts {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly signAccessToken: SignAccessToken;
  readonly now: Now;
}

export interface LogInRequest {
  readonly email: string;
  readonly password: string;
  readonly deviceLabel?: string | undefined;
}

/**
 * Signs in. An unknown address costs the same as a wrong password: one statement, one comparison, one denial. Throws RATE_LIMITED
 * while this address, or this account from this address, must wait; WRONG_PASSWORD; EMAIL_NOT_VERIFIED or ACCOUNT_SUSPENDED for
 * an account that may not sign in, but only to a caller who knows its password. The failure is counted before the password is compared, and taken back
 * where it was right, so that many guesses at once are no more than many in turn.
 */
export const createLogIn = (parts: LogInParts) =>
  async function logIn(context: VisitorContext, { email: given, password, deviceLabel }: LogInRequest): Promise<Tokens> {
    const { database, passwords, now } = parts;
    const email = normaliseEmail(given);
    const network = networkOf(context.caller.ip);
    const attempt = { ...subjectsOf(parts.hashes, email, network), at: now() };
    const begun = await database.stores.users.beginLogIn(email, attempt);
    requirePatience(begun, attempt);
    const { credentials } = begun;
    const compared = passwords.compare(password, credentials?.passwordHash ?? passwords.dummyHash, network);
    const isRight = await compared.catch(async (error: unknown) => {
      await giveBack(parts, begun, attempt);
      throw error;
    });
    if (credentials === null || credentials.passwordHash === null || !isRight) {
      // Folded by the address that was tried and not by the account: an unknown address costs the same.
      await context.recordDenial(denied(credentials?.id ?? null), attempt.pairId);
      throw new AppError('WRONG_PASSWORD', 'The address or the password is wrong.');
    }
    await giveBack(parts, begun, attempt);
    await requireMayLogIn(context, credentials);
    const freshHash = passwords.isOutdated(credentials.passwordHash) ? await passwords.hash(password, network) : null;
    return openSession(parts, context, { credentials, freshHash, deviceLabel, pairId: attempt.pairId });
  };

const subjectsOf = (hashes: SecretHashes, email: string, network: string): LoginSubjects => ({
  pairId: hashes.hashSubject(`account ${email} from ${network}`),
  addressId: hashes.hashSubject(`address ${network}`),
});

const requirePatience = ({ failures, isReserved }: BegunLogIn, attempt: LoginAttempt): void => {
  if (isReserved) return;
  // Another attempt at the same moment may have spent the last free one.
  const waitSeconds = Math.max(1, secondsToWait(attempt, failures, attempt.at));
  throw new AppError('RATE_LIMITED', `Too many failed log-ins. Try again in ${waitSeconds} s.`, {
    retryAfterSeconds: waitSeconds,
  });
};

/** Takes back the failures that were reserved for an attempt that did not fail. */
const giveBack = async ({ database }: LogInParts, { failures }: BegunLogIn, { pairId, addressId, at }: LoginAttempt) => {
  for (const id of [pairId, addressId]) {
    const before = failures.find((known) => known.id === id)?.lastFailedAt ?? null;
    await database.stores.loginFailures.giveBack(id, at, before);
  }
};

const denied = (userId: string | null): AuditDraft => ({
  action: 'session.create',
  resource: { type: 'user', id: userId ?? 'unknown' },
});

const requireMayLogIn = async (context: VisitorContext, { id, isActive, isEmailVerified }: Credentials) => {
  if (isActive && isEmailVerified) return;
  await context.recordDenial(denied(id));
  throw isActive
    ? new AppError('EMAIL_NOT_VERIFIED', 'Confirm your address first: enter the code from our mail, or ask for a fresh one.')
    : new AppError('ACCOUNT_SUSPENDED', 'This account is suspended.');
};

interface Opening {
  readonly credentials: Credentials;
  readonly freshHash: string | null;
  readonly deviceLabel: string | undefined;
  readonly pairId: string;
}

const openSession = async (parts: LogInParts, context: VisitorContext, opening: Opening): Promise<Tokens> => {
  const { database, random, hashes, now, signAccessToken } = parts;
  const { ip, userAgent } = context.caller;
  const { credentials, freshHash, deviceLabel, pairId } = opening;
  const at = now();
  const secret = random.newSecret();
  const session = {
    id: random.newId(),
    userId: credentials.id,
    refreshTokenHash: hashes.hashSecret(secret),
    ipAddress: ip,
    deviceLabel: deviceLabelOf(deviceLabel, userAgent),
    expiresAt: secondsAfter(at, sessionLifetimeSeconds),
  };
  const created = context.audit('success', {
    actor: userActor(credentials.id, session.id, context.caller),
    action: 'session.create',
    resource: { type: 'session', id: session.id, name: session.deviceLabel },
  });
  const accessToken = await signAccessToken(credentials, session.id);
  await database.inTransaction(async ({ sessions, users, loginFailures, outbox }) => {
    await sessions.open(session, at);
    await outbox.append([created]);
    await loginFailures.clear(pairId);
    if (freshHash !== null) await users.replacePasswordHash(credentials.id, credentials.passwordHash ?? '', freshHash, at);
  });
  return {
    accessToken,
    refreshToken: refreshTokenOf(session.id, secret),
    tokenType: 'Bearer',
    expiresIn: accessTokenLifetimeSeconds,
  };
};
