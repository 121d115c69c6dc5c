import { AppError } from '@guildhall/errors';
import type { SignAccessToken, Tokens } from './access-token.ts';
import { secondsAfter, type Chance, type Digests, type Now } from './chance.ts';
import { normaliseEmail } from './email.ts';
import { accessTokenLifetimeSeconds, sessionLifetimeSeconds } from './limits.ts';
import { failureMemorySeconds, secondsToWait, type LoginSubjects } from './login-delay.ts';
import { audited, type Deed, type RecordRefusal } from './messages.ts';
import { deviceLabelOf, stranger, userActor, type Origin } from './origin.ts';
import type { Passwords } from './passwords.ts';
import { refreshTokenOf } from './refresh-token.ts';
import type { Database } from './stores.ts';
import type { Credentials } from './users.ts';

export interface LogInParts {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly chance: Chance;
  readonly digests: Digests;
  readonly signAccessToken: SignAccessToken;
  readonly now: Now;
  readonly recordRefusal: RecordRefusal;
}

export interface LogInRequest {
  readonly email: string;
  readonly password: string;
  readonly deviceLabel?: string | undefined;
}

/**
 * Signs in. An unknown address costs the same as a wrong password: one read, one comparison, one write. Throws
 * RATE_LIMITED while this address, or this account from this address, must wait; UNAUTHENTICATED; FORBIDDEN for an
 * account that may not sign in, and that only to who knows its password.
 */
export const createLogIn = (parts: LogInParts) =>
  async function logIn({ email: given, password, deviceLabel }: LogInRequest, origin: Origin): Promise<Tokens> {
    const { database, passwords, now } = parts;
    const email = normaliseEmail(given);
    const subjects = subjectsOf(parts.digests, email, origin.ip);
    const { credentials, failures } = await database.stores.users.findForLogIn(email, [subjects.pairId, subjects.addressId]);
    requirePatience(secondsToWait(subjects, failures, now()));
    const isRight = await passwords.compare(password, credentials?.passwordHash ?? passwords.dummyHash);
    if (credentials === null || credentials.passwordHash === null || !isRight) {
      await recordFailure(parts, credentials?.id ?? null, subjects, origin);
      throw new AppError('UNAUTHENTICATED', 'The address or the password is wrong.');
    }
    await requireMayLogIn(parts, credentials, origin);
    const freshHash = passwords.isOutdated(credentials.passwordHash) ? await passwords.hash(password) : null;
    return openSession(parts, { credentials, freshHash, deviceLabel, pairId: subjects.pairId }, origin);
  };

const subjectsOf = (digests: Digests, email: string, ip: string): LoginSubjects => ({
  pairId: digests.ofSubject(`account ${email} from ${ip}`),
  addressId: digests.ofSubject(`address ${ip}`),
});

const requirePatience = (waitSeconds: number): void => {
  if (waitSeconds === 0) return;
  throw new AppError('RATE_LIMITED', `Too many failed log-ins. Try again in ${waitSeconds} s.`, {
    retryAfterSeconds: waitSeconds,
  });
};

const deniedDeed = (userId: string | null, origin: Origin): Deed => ({
  actor: stranger(origin),
  action: 'session.create',
  resource: { type: 'user', id: userId ?? 'unknown' },
  result: 'denied',
  requestId: origin.requestId,
});

const recordFailure = async (
  { database, chance, now, recordRefusal }: LogInParts,
  userId: string | null,
  subjects: LoginSubjects,
  origin: Origin,
) => {
  const at = now();
  const denied = audited({ id: chance.newId(), at }, deniedDeed(userId, origin));
  await database.stores.loginFailures.count([subjects.pairId, subjects.addressId], at, secondsAfter(at, -failureMemorySeconds));
  // By what was tried and not by whose account it is: an unknown address costs the same.
  await recordRefusal(denied, subjects.pairId);
};

const requireMayLogIn = async (
  { recordRefusal, chance, now }: LogInParts,
  { id, isActive, isEmailVerified }: Credentials,
  origin: Origin,
) => {
  if (isActive && isEmailVerified) return;
  await recordRefusal(audited({ id: chance.newId(), at: now() }, deniedDeed(id, origin)));
  throw isActive
    ? new AppError('FORBIDDEN', 'Confirm your address first: enter the code from our mail, or ask for a fresh one.')
    : new AppError('FORBIDDEN', 'This account is suspended.');
};

interface Opening {
  readonly credentials: Credentials;
  readonly freshHash: string | null;
  readonly deviceLabel: string | undefined;
  readonly pairId: string;
}

const openSession = async (parts: LogInParts, opening: Opening, origin: Origin): Promise<Tokens> => {
  const { database, chance, digests, now, signAccessToken } = parts;
  const { credentials, freshHash, deviceLabel, pairId } = opening;
  const at = now();
  const secret = chance.newSecret();
  const session = {
    id: chance.newId(),
    userId: credentials.id,
    refreshTokenHash: digests.ofSecret(secret),
    ipAddress: origin.ip,
    deviceLabel: deviceLabelOf(deviceLabel, origin.userAgent),
    expiresAt: secondsAfter(at, sessionLifetimeSeconds),
  };
  const created = audited(
    { id: chance.newId(), at },
    {
      actor: userActor(credentials.id, session.id, origin),
      action: 'session.create',
      resource: { type: 'session', id: session.id, name: session.deviceLabel },
      requestId: origin.requestId,
    },
  );
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
