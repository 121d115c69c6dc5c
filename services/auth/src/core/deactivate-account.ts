import { AppError } from '@guildhall/errors';
import type { AuditDraft, RequestContext, SignedInCaller } from '@guildhall/resources';
import { requireOwnPassword, type PasswordCheckParts } from './check-password.ts';
import { findMe } from './me.ts';
import { userChanged } from './messages.ts';
import { sessionRevocation } from './sessions.ts';

export type DeactivateAccount = (context: RequestContext<SignedInCaller>, password: string | undefined) => Promise<void>;

/**
 * Suspends the caller's own account and ends its sessions; an administrator lets it sign in again. Throws SESSION_ENDED, WRONG_PASSWORD, REAUTHENTICATION_REQUIRED,
 * RATE_LIMITED as a log-in does, CONFLICT for the last owner.
 */
export const createDeactivateAccount =
  (parts: PasswordCheckParts): DeactivateAccount =>
  async (context, password) => {
    const { database } = parts;
    const { userId } = context.caller;
    const { email, displayName } = await findMe(database, context);
    const draft: AuditDraft = { action: 'user.deactivate', resource: { type: 'user', id: userId, name: displayName } };
    await requireOwnPassword(parts, context, { email, password, draft });
    const at = new Date(context.at);
    const changes = [{ path: '/status', before: 'active', after: 'suspended' }];
    const isDone = await database.inTransaction(async ({ users, sessions, outbox }) => {
      const suspended = await users.deactivate(context.caller, at);
      if (suspended === null) return false;
      const ended = await sessions.revokeAll(userId, at);
      await outbox.append([
        context.audit('success', { ...draft, changes }),
        ...ended.map((id) => context.audit('success', sessionRevocation(id, 'deactivated'))),
        userChanged(context, { id: userId, ...suspended, status: 'suspended' }),
      ]);
      return true;
    });
    if (isDone) return;
    // The session is live still: then the account is the last owner's.
    await findMe(database, context);
    throw new AppError('CONFLICT', 'The last active owner cannot be deactivated. Give the role to someone else first.');
  };
