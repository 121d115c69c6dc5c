import { AppError } from '@guildhall/errors';
import { userActor } from '@guildhall/resources';
import { normaliseEmail } from './email.ts';
import { codeLifetimeSeconds, codePauseSeconds } from './limits.ts';
import { verificationMail, type SealMail } from './mails.ts';
import { userChanged } from './messages.ts';
import { secondsAfter, type CodePurpose, type Now, type Random, type SecretHashes } from './random.ts';
import type { Database } from './stores.ts';
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
 * Spends a code and verifies the address. Throws UNPROCESSABLE, whatever the reason. The other services hear of the account
 * from here on: before, nobody has shown that the address is theirs, and the account cannot sign in.
 */
export const createVerifyCode =
  ({ database, hashes, now, attemptsMax }: CodeParts) =>
  async (context: VisitorContext, { email: given, purpose, code }: CodeRequest & { readonly code: string }): Promise<void> => {
    const email = normaliseEmail(given);
    const codeHash = hashes.hashCode(email, purpose, code);
    const at = now();
    const isVerified = await database.inTransaction(async ({ codes, outbox }) => {
      const user = await codes.verifyEmail({ email, codeHash, attemptsMax }, at);
      if (user === null) return false;
      const event = context.audit('success', {
        actor: userActor(user.id, undefined, context.caller),
        action: 'user.verify-email',
        resource: { type: 'user', id: user.id, name: user.displayName },
        changes: [{ path: '/isEmailVerified', before: false, after: true }],
      });
      await outbox.append([event, userChanged(context, user)]);
      return true;
    });
    if (!isVerified) {
      throw new AppError('UNPROCESSABLE', 'The code is wrong, was used, or has expired. Ask for a fresh one.', {
        errors: [{ path: '/code', message: 'is not good' }],
      });
    }
  };
