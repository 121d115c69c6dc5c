import { AppError } from '@guildhall/errors';
import { networkOf, type AuditDraft, type RequestContext, type SignedInCaller } from '@guildhall/resources';
import { secondsToWait, type LoginAttempt, type LoginSubjects } from './login-delay.ts';
import type { Passwords } from './passwords.ts';
import { recentSignInSeconds } from './limits.ts';
import { secondsAfter, type Now, type SecretHashes } from './random.ts';
import type { Database } from './stores.ts';
import type { BegunLogIn, Credentials } from './user-store.ts';

export interface PasswordCheckParts {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly hashes: SecretHashes;
  readonly now: Now;
}

export interface CheckedPassword {
  /** Null where the address has no account. */
  readonly credentials: Credentials | null;
  readonly isRight: boolean;
  readonly attempt: LoginAttempt;
  readonly network: string;
}

/**
 * Compares a password with that of the account of an address, under the delays of failed log-ins. An unknown address costs the same as a
 * wrong password. The failure is counted before the password is compared, and taken back where it was right, so that many guesses at once are no
 * more than many in turn. Throws RATE_LIMITED while this address, or this account from this address, must wait.
 */
export const checkPassword = async (
  parts: PasswordCheckParts,
  { email, ip, password }: { readonly email: string; readonly ip: string; readonly password: string },
): Promise<CheckedPassword> => {
  const { database, passwords, now } = parts;
  const network = networkOf(ip);
  const attempt = { ...subjectsOf(parts.hashes, email, network), at: now() };
  const begun = await database.stores.users.beginLogIn(email, attempt);
  requirePatience(begun, attempt);
  const { credentials } = begun;
  const compared = passwords.compare(password, credentials?.passwordHash ?? passwords.dummyHash, network);
  const isSame = await compared.catch(async (error: unknown) => {
    await giveBack(parts, begun, attempt);
    throw error;
  });
  const isRight = isSame && credentials !== null && credentials.passwordHash !== null;
  if (isRight) await giveBack(parts, begun, attempt);
  return { credentials, isRight, attempt, network };
};

/**
 * Makes sure that a caller is the owner of their account, and not who found their session open: by its password, as `checkPassword` does, or, where the account has none, by a sign-in of the
 * last `recentSignInSeconds` (RFC 9470 calls it step-up). Throws WRONG_PASSWORD and REAUTHENTICATION_REQUIRED, which are audited, RATE_LIMITED.
 */
export const requireOwnPassword = async (
  parts: PasswordCheckParts,
  context: RequestContext<SignedInCaller>,
  { email, password, draft }: { readonly email: string; readonly password: string | undefined; readonly draft: AuditDraft },
): Promise<void> => {
  if (password === undefined) return requireRecentSignIn(parts, context, draft);
  const { userId, actor } = context.caller;
  const { isRight, credentials } = await checkPassword(parts, { email, ip: actor.ip ?? '', password });
  if (isRight && credentials?.id === userId) return;
  await context.recordDenial(draft);
  throw new AppError('WRONG_PASSWORD', 'The password is wrong.');
};

const requireRecentSignIn = async (
  { database }: PasswordCheckParts,
  context: RequestContext<SignedInCaller>,
  draft: AuditDraft,
): Promise<void> => {
  const at = new Date(context.at);
  const { hasPassword, isRecent } = await database.stores.sessions.findSignIn(
    context.caller,
    secondsAfter(at, -recentSignInSeconds),
    at,
  );
  if (isRecent && !hasPassword) return;
  await context.recordDenial(draft);
  throw hasPassword
    ? new AppError('WRONG_PASSWORD', 'This account has a password: give it.')
    : new AppError('REAUTHENTICATION_REQUIRED', 'This account has no password: sign in again, and do this within ten minutes.');
};

/** The subjects that failed log-ins of an address from a network are counted by. */
export const subjectsOf = (hashes: SecretHashes, email: string, network: string): LoginSubjects => ({
  pairId: hashes.hashSubject(`account ${email} from ${network}`),
  addressId: hashes.hashSubject(`address ${network}`),
});

/** Throws RATE_LIMITED unless a failure was reserved for the attempt. */
export const requirePatience = (
  { failures, isReserved }: Pick<BegunLogIn, 'failures' | 'isReserved'>,
  attempt: LoginAttempt,
): void => {
  if (isReserved) return;
  // Another attempt at the same moment may have spent the last free one.
  const waitSeconds = Math.max(1, secondsToWait(attempt, failures, attempt.at));
  throw new AppError('RATE_LIMITED', `Too many failed log-ins. Try again in ${waitSeconds} s.`, {
    retryAfterSeconds: waitSeconds,
  });
};

/** Takes back the failures that were reserved for an attempt that did not fail. */
const giveBack = async (
  { database }: PasswordCheckParts,
  { failures }: BegunLogIn,
  { pairId, addressId, at }: LoginAttempt,
): Promise<void> => {
  for (const id of [pairId, addressId]) {
    const before = failures.find((known) => known.id === id)?.lastFailedAt ?? null;
    await database.stores.loginFailures.giveBack(id, at, before);
  }
};
