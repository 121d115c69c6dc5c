import { AppError } from '@guildhall/errors';
import { secondsAfter, type Chance, type CodePurpose, type Digests, type Now } from './chance.ts';
import { normaliseEmail } from './email.ts';
import { codeLifetimeSeconds, codePauseSeconds } from './limits.ts';
import { verificationMail, type SealMail } from './mails.ts';
import { audited, userChanged } from './messages.ts';
import { userActor, type Origin } from './origin.ts';
import type { Database } from './stores.ts';

export interface CodeParts {
  readonly database: Database;
  readonly chance: Chance;
  readonly digests: Digests;
  readonly sealMail: SealMail;
  readonly now: Now;
  readonly attemptsMax: number;
  /** Told after the commit. */
  readonly mailsAreWaiting: () => void;
}

export interface CodeRequest {
  readonly email: string;
  readonly purpose: CodePurpose;
}

/** Sends a fresh code. Does the same for every address, so that nobody learns who has an account. */
export const createSendCode =
  ({ database, chance, digests, sealMail, now, mailsAreWaiting }: CodeParts) =>
  async ({ email: given, purpose }: CodeRequest): Promise<void> => {
    const email = normaliseEmail(given);
    const at = now();
    const code = chance.newCode();
    const expiresAt = secondsAfter(at, codeLifetimeSeconds);
    const mailId = chance.newId();
    await database.stores.codes.issue(
      { id: chance.newId(), email, purpose, codeHash: digests.ofCode(email, purpose, code), expiresAt },
      { id: mailId, sealedMail: sealMail(mailId, verificationMail(email, code, at)), expiresAt },
      secondsAfter(at, -codePauseSeconds),
      at,
    );
    mailsAreWaiting();
  };

/**
 * Spends a code. Throws UNPROCESSABLE, whatever the reason. The account is told to the other services from here on:
 * before, nobody has shown that the address is theirs, and it cannot sign in.
 */
export const createVerifyCode =
  ({ database, chance, digests, now, attemptsMax }: CodeParts) =>
  async ({ email: given, purpose, code }: CodeRequest & { readonly code: string }, origin: Origin): Promise<void> => {
    const email = normaliseEmail(given);
    const at = now();
    const [auditId, changeId] = [chance.newId(), chance.newId()];
    const isVerified = await database.inTransaction(async ({ codes, outbox }) => {
      const user = await codes.verifyEmail({ email, codeHash: digests.ofCode(email, purpose, code), attemptsMax }, at);
      if (user === null) return false;
      await outbox.append([
        audited(
          { id: auditId, at },
          {
            actor: userActor(user.id, undefined, origin),
            action: 'user.verify-email',
            resource: { type: 'user', id: user.id, name: user.displayName },
            changes: [{ path: '/isEmailVerified', before: false, after: true }],
            requestId: origin.requestId,
          },
        ),
        userChanged({ id: changeId, at }, user),
      ]);
      return true;
    });
    if (!isVerified) {
      throw new AppError('UNPROCESSABLE', 'The code is wrong, was used, or has expired. Ask for a fresh one.', {
        errors: [{ path: '/code', message: 'is not good' }],
      });
    }
  };
