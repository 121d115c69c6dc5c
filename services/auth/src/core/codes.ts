import { AppError, isAppError } from '@guildhall/errors';
import { userActor, type AuditDraft } from '@guildhall/resources';
import type { CodeAttempt } from './code-store.ts';
import { normaliseEmail } from './email.ts';
import {
  clockSkewSecondsMax,
  codeAttemptsMax,
  codeLifetimeSeconds,
  codePauseSeconds,
  registrationLifetimeSeconds,
} from './limits.ts';
import { addressMailSubject, requireMailOfAsker, spendMailOfAddress } from './mail-pause.ts';
import { verificationMail, type SealMail } from './mails.ts';
import { userChanged } from './messages.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import { parseSecretToken } from './secret-token.ts';
import type { Database, Stores } from './stores.ts';
import type { VisitorContext } from './visitor.ts';

export interface CodeParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly sealMail: SealMail;
  readonly now: Now;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
  /** Called after the commit that made the first owner: every setup token has ended. */
  readonly onOwnerCreated: () => void;
}

export interface CodeRequest {
  readonly email: string;
  readonly purpose: 'verify_email';
  readonly codeToken: string;
}

export const wrongCode = (path: '/code' | '/recoveryCode' = '/code'): AppError =>
  new AppError('WRONG_CODE', 'The code is wrong, was used, or has expired. Ask for a fresh one.', {
    errors: [{ path, message: 'is invalid' }],
  });

/** The audit event of a code that was asked for, for an account or for an address without one. */
export const codeCreated = (userId: string | null, purpose: string): AuditDraft => ({
  action: 'code.create',
  resource: { type: 'user', id: userId ?? 'unknown' },
  changes: [{ path: '/purpose', after: purpose }],
});

/**
 * Sends a fresh code to the client that registered. Does the same for every address and token, so that nobody learns which addresses
 * have an account. Throws RATE_LIMITED.
 */
export const createSendCode = (parts: CodeParts) =>
  async function sendCode(context: VisitorContext, { email: given, purpose, codeToken }: CodeRequest): Promise<void> {
    const { database, random, hashes, sealMail, now, onMailQueued } = parts;
    const email = normaliseEmail(given);
    const at = now();
    await requireMailOfAsker(parts, { email, ip: context.caller.ip }, at);
    const { id, secret } = parseSecretToken(codeToken) ?? { id: random.newId(), secret: '' };
    const code = random.newCode();
    const expiresAt = secondsAfter(at, codeLifetimeSeconds);
    const fresh = {
      id,
      email,
      purpose,
      secretHash: hashes.hashSecret(secret),
      codeHash: hashes.hashCode(email, purpose, code),
      expiresAt,
    };
    const mailId = random.newId();
    const mail = { id: mailId, sealedMail: sealMail(mailId, verificationMail(email, code, at)), expiresAt };
    const limits = {
      askedSince: secondsAfter(at, -registrationLifetimeSeconds),
      expiresBefore: secondsAfter(expiresAt, -codePauseSeconds),
      expiresAfter: secondsAfter(expiresAt, clockSkewSecondsMax),
    };
    const subject = addressMailSubject(hashes, email);
    await database.inTransaction(async (stores) => {
      if (!(await spendMailOfAddress(stores, subject, at))) return;
      if (await stores.codes.renew(fresh, limits, at)) await stores.mails.add(mail, at);
    });
    onMailQueued();
  };

/**
 * Spends the code of a registration and creates its verified account. Throws WRONG_CODE, whatever the reason. The other services hear of
 * the account from here on: before, nobody has shown that the address is theirs. The account of the registration with the setup token
 * becomes the owner.
 */
export const createVerifyCode = (parts: CodeParts) =>
  async function verifyCode(context: VisitorContext, request: CodeRequest & { readonly code: string }): Promise<void> {
    const attempt = attemptOf(parts, request);
    if (attempt === null) throw wrongCode();
    const at = parts.now();
    const run = () => parts.database.inTransaction((stores) => verify(stores, context, attempt, at));
    const verified = await run().catch((error: unknown) => {
      // The candidate of another token became the owner at the same moment: this one is confirmed without.
      if (isAppError(error) && error.code === 'SETUP_TOKEN_INVALID') return run();
      throw error;
    });
    if (verified === null) throw wrongCode();
    if (verified.isOwner) parts.onOwnerCreated();
  };

const attemptOf = (
  { hashes }: CodeParts,
  { email, purpose, codeToken, code }: CodeRequest & { readonly code: string },
): CodeAttempt | null => {
  const token = parseSecretToken(codeToken);
  if (token === null) return null;
  const codeHash = hashes.hashCode(normaliseEmail(email), purpose, code);
  return { id: token.id, secretHash: hashes.hashSecret(token.secret), codeHash, attemptsMax: codeAttemptsMax };
};

const verify = async (
  { registrations, setupTokens, outbox }: Stores,
  context: VisitorContext,
  attempt: CodeAttempt,
  at: Date,
): Promise<{ readonly isOwner: boolean } | null> => {
  const user = await registrations.verify(attempt, at);
  if (user === null) return null;
  await registrations.remove(attempt.id);
  const isOwner = await setupTokens.claim({ candidateId: attempt.id, userId: user.id }, at);
  const draftOf = (action: string, path: string): AuditDraft => ({
    actor: userActor(user.id, undefined, context.caller),
    action,
    resource: { type: 'user', id: user.id, name: user.displayName },
    changes: [{ path, before: false, after: true }],
  });
  await outbox.append([
    context.audit('success', draftOf('user.verify-email', '/isEmailVerified')),
    ...(isOwner ? [context.audit('success', draftOf('role.assign', '/roles/owner'))] : []),
    userChanged(context, user),
  ]);
  return { isOwner };
};
