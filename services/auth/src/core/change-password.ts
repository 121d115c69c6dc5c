import { AppError } from '@guildhall/errors';
import { contended, type AuditDraft, type RequestContext, type SignedInCaller } from '@guildhall/resources';
import { checkPassword, type PasswordCheckParts } from './check-password.ts';
import { noticeLifetimeSeconds } from './limits.ts';
import { passwordChangedMail, type SealMail } from './mails.ts';
import { findMe } from './me.ts';
import { requireGoodPassword } from './password-rules.ts';
import { secondsAfter, type Random } from './random.ts';
import type { SessionsLinks } from './sessions-link.ts';
import { sessionRevocation } from './sessions.ts';

export interface ChangePasswordParts extends PasswordCheckParts {
  readonly commonPasswords: ReadonlySet<string>;
  readonly random: Random;
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/**
 * Changes the caller's password, ends all their other sessions and mails them. A wrong current password counts as a failed log-in. Throws
 * SESSION_ENDED, WEAK_PASSWORD, WRONG_PASSWORD, RATE_LIMITED; SERVICE_UNAVAILABLE when it was changed at the same time.
 */
export const createChangePassword = (parts: ChangePasswordParts) =>
  async function changePassword(context: RequestContext<SignedInCaller>, change: PasswordChange): Promise<void> {
    const { database, passwords, commonPasswords, random, sealMail, sessionsLinks, onMailQueued } = parts;
    const { userId, sessionId, actor } = context.caller;
    const { email, displayName } = await findMe(database, context);
    requireGoodPassword(change.newPassword, email, commonPasswords, '/newPassword');
    const draft: AuditDraft = {
      action: 'user.change-password',
      resource: { type: 'user', id: userId, name: displayName },
    };
    const { isRight, credentials } = await checkPassword(parts, { email, password: change.currentPassword, ip: actor.ip ?? '' });
    const before = credentials?.id === userId ? credentials.passwordHash : null;
    if (!isRight || before === null) {
      await context.recordDenial(draft);
      throw new AppError('WRONG_PASSWORD', 'The current password is wrong.', {
        errors: [{ path: '/currentPassword', message: 'is wrong' }],
      });
    }
    const after = await passwords.hash(change.newPassword, userId);
    const at = new Date(context.at);
    const mailId = random.newId();
    const sealedMail = sealMail(mailId, passwordChangedMail(email, at, sessionsLinks.linkOf(userId, at)));
    const changed = { userId, sessionId, before, after };
    await database.inTransaction(async ({ users, sessions, mails, outbox }) => {
      if (!(await users.changePassword(changed, at))) throw contended();
      const ended = (await sessions.revokeOthers(context.caller, at)) ?? [];
      const revocations = ended.map((id) => context.audit('success', sessionRevocation(id, 'password-changed')));
      await outbox.append([context.audit('success', { ...draft, changes: [{ path: '/password' }] }), ...revocations]);
      await mails.add({ id: mailId, sealedMail, expiresAt: secondsAfter(at, noticeLifetimeSeconds) }, at);
    });
    onMailQueued();
  };
