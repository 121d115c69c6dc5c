import { AppError } from '@guildhall/errors';
import { omitUndefined, type AuditDraft, type RequestContext, type SignedInCaller } from '@guildhall/resources';
import { noticeLifetimeSeconds } from './limits.ts';
import type { SealMail } from './mails.ts';
import { secondsAfter, type Random } from './random.ts';
import type { SessionsLinks } from './sessions-link.ts';
import { sessionRevocation } from './sessions.ts';
import type { Database } from './stores.ts';
import { requireChangeable } from './users.ts';
import { secondFactorResetMail } from './way-in-mails.ts';

export interface ResetSecondFactorParts {
  readonly database: Database;
  readonly random: Random;
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

/**
 * Removes every second factor of a user who has lost theirs: authenticator, recovery codes and passkeys. Every session and sign-in under way ends, and they are mailed. Idempotent. Throws
 * as `refusalOfChange` says, and CONFLICT for the own account, whose factor is removed with the password and a code.
 */
export const createResetSecondFactor = ({ database, random, sealMail, sessionsLinks, onMailQueued }: ResetSecondFactorParts) =>
  async function resetSecondFactor(context: RequestContext<SignedInCaller>, userId: string): Promise<void> {
    const at = new Date(context.at);
    const change = { userId, caller: context.caller };
    const facts = await database.stores.directory.facts(change, at);
    const draft: AuditDraft = {
      action: 'user.reset-second-factor',
      resource: { type: 'user', id: userId, ...omitUndefined({ name: facts.account?.displayName }) },
      changes: [{ path: '/secondFactor', after: null }],
    };
    const { email } = await requireChangeable(context, facts, draft);
    if (userId === context.caller.userId)
      throw new AppError('CONFLICT', 'Remove your own second factor with your password and a code.');
    const id = random.newId();
    const sealedMail = sealMail(id, secondFactorResetMail(email, at, sessionsLinks.linkOf(userId, at)));
    await database.inTransaction(async ({ directory, sessions, outbox, mails }) => {
      if (!(await directory.resetSecondFactor(change, at))) return;
      const ended = await sessions.revokeAll(userId, at);
      const revocations = ended.map((sessionId) =>
        context.audit('success', sessionRevocation(sessionId, 'second-factor-removed')),
      );
      await outbox.append([context.audit('success', draft), ...revocations]);
      await mails.add({ id, sealedMail, expiresAt: secondsAfter(at, noticeLifetimeSeconds) }, at);
    });
    onMailQueued();
  };
