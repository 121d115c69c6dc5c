import { AppError } from '@guildhall/errors';
import { auditEvent, type AuditDraft } from '@guildhall/resources';
import { localPartOf, normaliseEmail } from './email.ts';
import type { QueuedMail } from './mails.ts';
import { userChanged } from './messages.ts';
import { operatorActor } from './operator.ts';
import type { RecoveredOwner } from './owner-store.ts';
import type { HashPassword } from './passwords.ts';
import type { Now, Random } from './random.ts';
import { sessionRevocation } from './sessions.ts';
import type { Database } from './stores.ts';

export interface RecoverOwnerParts {
  readonly database: Database;
  readonly hashPassword: HashPassword;
  readonly random: Random;
  readonly now: Now;
  /** The notice to the account's user, for the queue; null where no mail can be sealed. */
  readonly noticeOf: ((to: string, userId: string, at: Date) => QueuedMail) | null;
}

export interface OwnerCredentials {
  readonly email: string;
  readonly password: string;
  /** Whether the address had no account before. */
  readonly isNew: boolean;
}

/**
 * Brings back the owner's seat: the account of an address, made where there is none, becomes a confirmed owner with a new
 * random password and no second factor, passkey, connection or personal token, its sessions end, and its user is mailed; all or nothing. Throws CONFLICT when that account was deleted.
 */
export const createRecoverOwner =
  ({ database, hashPassword, random, now, noticeOf }: RecoverOwnerParts) =>
  async (requestId: string, givenEmail: string): Promise<OwnerCredentials> => {
    const email = normaliseEmail(givenEmail);
    const password = random.newSecret();
    const passwordHash = await hashPassword(password, operatorActor.id);
    const recovery = { newUserId: random.newId(), email, displayName: localPartOf(email), passwordHash };
    const at = now();
    const { isNew } = await database.inTransaction(async ({ owner, sessions, mails, outbox }) => {
      const recovered = await owner.recover(recovery, at);
      if (recovered === null) throw new AppError('CONFLICT', 'The account of this address was deleted. Name another address.');
      const endedSessionIds = await sessions.revokeAll(recovered.id, at);
      const head = { at: at.toISOString(), actor: operatorActor, requestId, service: 'auth' };
      const audited = draftsOf(recovered, endedSessionIds).map((draft) =>
        auditEvent({ id: random.newId(), ...head }, 'success', draft),
      );
      await outbox.append([...audited, userChanged({ at: head.at, newId: random.newId }, recovered)]);
      if (noticeOf !== null && !recovered.isNew) await mails.add(noticeOf(email, recovered.id, at), at);
      return recovered;
    });
    return { email, password, isNew };
  };

const draftsOf = (
  { id, displayName, isNew, wasVerified, wasSuspended, wasOwner, hadSecondFactor, hadOtherWaysIn }: RecoveredOwner,
  endedSessionIds: readonly string[],
): AuditDraft[] => {
  const resource = { type: 'user', id, name: displayName };
  const changes = [
    ...(wasVerified ? [] : [{ path: '/isEmailVerified', before: false, after: true }]),
    ...(wasSuspended ? [{ path: '/status', before: 'suspended', after: 'active' }] : []),
    ...(hadSecondFactor ? [{ path: '/secondFactor', before: 'totp', after: null }] : []),
    ...(hadOtherWaysIn ? [{ path: '/waysIn', before: 'passkeys, connections or personal tokens', after: null }] : []),
    ...(wasOwner ? [] : [{ path: '/roles/owner', before: false, after: true }]),
  ];
  return [
    ...(isNew ? [{ action: 'user.register', resource }] : []),
    { action: 'user.recover-owner', resource, changes },
    ...endedSessionIds.map((sessionId) => sessionRevocation(sessionId, 'owner-recovered')),
  ];
};
