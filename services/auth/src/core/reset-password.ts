import type { AppError } from '@guildhall/errors';
import { networkOf, userActor } from '@guildhall/resources';
import { subjectsOf } from './check-password.ts';
import type { CodeAttempt } from './code-store.ts';
import { codeCreated, wrongCode } from './codes.ts';
import { normaliseEmail } from './email.ts';
import { codeAttemptsMax, codeLifetimeSeconds, noticeLifetimeSeconds } from './limits.ts';
import { addressMailSubject, requireMailOfAsker, spendMailOfAddress } from './mail-pause.ts';
import { passwordChangedMail, resetMail, type SealMail } from './mails.ts';
import { requireGoodPassword } from './password-rules.ts';
import type { HashPassword } from './passwords.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import { parseSecretToken, secretTokenOf } from './secret-token.ts';
import type { SessionsLinks } from './sessions-link.ts';
import { sessionRevocation } from './sessions.ts';
import type { Database, Stores } from './stores.ts';
import type { VisitorContext } from './visitor.ts';

export interface ResetPasswordParts {
  readonly database: Database;
  readonly hashPassword: HashPassword;
  readonly commonPasswords: ReadonlySet<string>;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
  readonly now: Now;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

const purpose = 'reset_password';

/**
 * Mails a code that resets the password, and returns the code token that it is good with. Does the same for every address, in as many
 * statements, so that nobody learns which ones have an account. Throws RATE_LIMITED.
 */
export const createSendResetCode = (parts: ResetPasswordParts) =>
  async function sendResetCode(context: VisitorContext, given: string): Promise<string> {
    const { database, random, hashes, sealMail, now, onMailQueued } = parts;
    const email = normaliseEmail(given);
    const at = now();
    await requireMailOfAsker(parts, { email, ip: context.caller.ip }, at);
    const [id, secret, code, mailId] = [random.newId(), random.newSecret(), random.newCode(), random.newId()];
    const codeHash = hashes.hashCode(email, purpose, code);
    const expiresAt = secondsAfter(at, codeLifetimeSeconds);
    const issued = { id, email, purpose, secretHash: hashes.hashSecret(secret), codeHash, expiresAt } as const;
    const mail = { id: mailId, sealedMail: sealMail(mailId, resetMail(email, code, at)), expiresAt };
    const subject = addressMailSubject(hashes, email);
    await database.inTransaction(async (stores) => {
      if (!(await spendMailOfAddress(stores, subject, at))) return;
      const userId = await stores.codes.issueReset(issued, mail, at);
      await stores.outbox.append([context.audit('success', codeCreated(userId, purpose))]);
    });
    onMailQueued();
    return secretTokenOf(id, secret);
  };

export interface PasswordReset {
  readonly email: string;
  readonly codeToken: string;
  readonly code: string;
  readonly newPassword: string;
}

/**
 * Spends a code and sets the password that comes with it; all sessions of the account end, and its owner is mailed. Throws WEAK_PASSWORD,
 * or WRONG_CODE, whatever the reason.
 */
export const createResetPassword = (parts: ResetPasswordParts) =>
  async function resetPassword(context: VisitorContext, request: PasswordReset): Promise<void> {
    const { database, random, sealMail, sessionsLinks, hashPassword, now, onMailQueued } = parts;
    const email = normaliseEmail(request.email);
    requireGoodPassword(request.newPassword, email, parts.commonPasswords, '/newPassword');
    const attempt = attemptOf(parts, email, request);
    if (attempt === null) throw await refused(parts, context, email);
    const passwordHash = await hashPassword(request.newPassword, networkOf(context.caller.ip));
    const at = now();
    const mailId = random.newId();
    const isDone = await database.inTransaction(async (stores) => {
      const userId = await reset(stores, context, { attempt, passwordHash, at });
      if (userId === null) return false;
      const sealedMail = sealMail(mailId, passwordChangedMail(email, at, sessionsLinks.linkOf(userId, at)));
      await stores.mails.add({ id: mailId, sealedMail, expiresAt: secondsAfter(at, noticeLifetimeSeconds) }, at);
      return true;
    });
    if (!isDone) throw await refused(parts, context, email);
    onMailQueued();
  };

/** Records a reset that was refused, folded by the address that was tried and not by an account, as a failed log-in is. Returns its error. */
const refused = async ({ database, hashes }: ResetPasswordParts, context: VisitorContext, email: string): Promise<AppError> => {
  const userId = await database.stores.users.findIdByEmail(email);
  const { pairId } = subjectsOf(hashes, email, networkOf(context.caller.ip));
  await context.recordDenial({ action: 'user.reset-password', resource: { type: 'user', id: userId ?? 'unknown' } }, pairId);
  return wrongCode();
};

const attemptOf = (
  { hashes }: ResetPasswordParts,
  email: string,
  { codeToken, code }: Pick<PasswordReset, 'codeToken' | 'code'>,
): CodeAttempt | null => {
  const token = parseSecretToken(codeToken);
  if (token === null) return null;
  const codeHash = hashes.hashCode(email, purpose, code);
  return { id: token.id, secretHash: hashes.hashSecret(token.secret), codeHash, attemptsMax: codeAttemptsMax };
};

interface Resetting {
  readonly attempt: CodeAttempt;
  readonly passwordHash: string;
  readonly at: Date;
}

/** Returns the account; null where the code was wrong. */
const reset = async (
  { codes, sessions, outbox }: Stores,
  context: VisitorContext,
  { attempt, passwordHash, at }: Resetting,
): Promise<string | null> => {
  const user = await codes.resetPassword(attempt, passwordHash, at);
  if (user === null) return null;
  // A statement of its own: it also sees the session of a log-in that held the password's row until now.
  const endedSessionIds = await sessions.revokeAll(user.id, at);
  const actor = userActor(user.id, undefined, context.caller);
  await outbox.append([
    context.audit('success', {
      actor,
      action: 'user.reset-password',
      resource: { type: 'user', id: user.id, name: user.displayName },
      changes: [{ path: '/password' }],
    }),
    ...endedSessionIds.map((id) => context.audit('success', { actor, ...sessionRevocation(id, 'password-reset') })),
  ]);
  return user.id;
};
