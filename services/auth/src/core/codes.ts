import { AppError, isAppError } from '@guildhall/errors';
import { userActor, type AuditDraft } from '@guildhall/resources';
import { normaliseEmail } from './email.ts';
import { codeLifetimeSeconds, codePauseSeconds } from './limits.ts';
import { verificationMail, type SealMail } from './mails.ts';
import { userChanged } from './messages.ts';
import { secondsAfter, type CodePurpose, type Now, type Random, type SecretHashes } from './random.ts';
import type { Database, Stores } from './stores.ts';
import type { VisitorContext } from './visitor.ts';

export interface CodeParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly sealMail: SealMail;
  readonly now: Now;
  readonly attemptsMax: number;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
  /** Called after the commit that made the first owner: every setup token has ended. */
  readonly onOwnerCreated: () => void;
}

export interface CodeRequest {
  readonly email: string;
  readonly purpose: CodePurpose;
}

/** Sends a fresh code. Does the same for every address, so that nobody learns which ones have an account. */
export const createSendCode =
  ({ database, random, hashes, sealMail, now, onMailQueued }: CodeParts) =>
  async ({ email: given, purpose }: CodeRequest): Promise<void> => {
    const email = normaliseEmail(given);
    const at = now();
    const code = random.newCode();
    const expiresAt = secondsAfter(at, codeLifetimeSeconds);
    const mailId = random.newId();
    await database.stores.codes.issue(
      { id: random.newId(), email, purpose, codeHash: hashes.hashCode(email, purpose, code), expiresAt },
      { id: mailId, sealedMail: sealMail(mailId, verificationMail(email, code, at)), expiresAt },
      secondsAfter(at, -codePauseSeconds),
      at,
    );
    onMailQueued();
  };

/**
 * Spends a code and verifies the address. Throws WRONG_CODE, whatever the reason. The other services hear of the account
 * from here on: before, nobody has shown that the address is theirs, and the account cannot sign in. The account that
 * registered with the setup token becomes the owner.
 */
export const createVerifyCode =
  ({ database, hashes, now, attemptsMax, onOwnerCreated }: CodeParts) =>
  async (context: VisitorContext, { email: given, purpose, code }: CodeRequest & { readonly code: string }): Promise<void> => {
    const email = normaliseEmail(given);
    const attempt = { email, codeHash: hashes.hashCode(email, purpose, code), attemptsMax };
    const at = now();
    const run = () => database.inTransaction((stores) => verify(stores, context, attempt, at));
    const verified = await run().catch((error: unknown) => {
      // The candidate of another token became the owner at the same moment: this one is confirmed without.
      if (isAppError(error) && error.code === 'SETUP_TOKEN_INVALID') return run();
      throw error;
    });
    if (verified === null) {
      throw new AppError('WRONG_CODE', 'The code is wrong, was used, or has expired. Ask for a fresh one.', {
        errors: [{ path: '/code', message: 'is invalid' }],
      });
    }
    if (verified.isOwner) onOwnerCreated();
  };

const verify = async (
  { codes, setupTokens, outbox }: Stores,
  context: VisitorContext,
  attempt: Parameters<Stores['codes']['verifyEmail']>[0],
  at: Date,
): Promise<{ readonly isOwner: boolean } | null> => {
  const user = await codes.verifyEmail(attempt, at);
  if (user === null) return null;
  const isOwner = await setupTokens.claim(user.id, at);
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
