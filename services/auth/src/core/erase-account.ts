import { AppError } from '@guildhall/errors';
import type { AuditDraft, RequestContext, SignedInCaller } from '@guildhall/resources';
import { requireOwnPassword, type PasswordCheckParts } from './check-password.ts';
import { findMe } from './me.ts';
import { userErased } from './messages.ts';
import { sessionRevocation } from './sessions.ts';

export type EraseAccount = (context: RequestContext<SignedInCaller>, password: string | undefined) => Promise<void>;

/**
 * Erases the caller's account, in one transaction: address, name, password, roles and codes go, every session ends and forgets its
 * address and device, and the other services are told. The id stays, and the audit trail. The address is free again. Throws SESSION_ENDED,
 * WRONG_PASSWORD, REAUTHENTICATION_REQUIRED, RATE_LIMITED as a log-in does, CONFLICT for the last owner.
 */
export const createEraseAccount =
  (parts: PasswordCheckParts): EraseAccount =>
  async (context, password) => {
    const { database } = parts;
    const { userId } = context.caller;
    const { email } = await findMe(database, context);
    const draft: AuditDraft = { action: 'user.erase', resource: { type: 'user', id: userId } };
    await requireOwnPassword(parts, context, { email, password, draft });
    const isErased = await database.inTransaction(async ({ users, sessions, outbox }) => {
      const erased = await users.erase(context.caller, new Date(context.at));
      if (erased === null) return false;
      const ended = await sessions.eraseAll(userId, new Date(context.at));
      const revoked = ended.map((id) => context.audit('success', sessionRevocation(id, 'account-erased')));
      await outbox.append([context.audit('success', draft), ...revoked, userErased(context, { id: userId, ...erased })]);
      return true;
    });
    if (isErased) return;
    // The session is live still: then the account is the last owner's.
    await findMe(database, context);
    throw new AppError('CONFLICT', 'The last owner of this installation cannot be erased. Give the role to someone else first.');
  };
