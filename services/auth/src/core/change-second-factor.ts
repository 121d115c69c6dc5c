import { AppError } from '@guildhall/errors';
import type { AuditDraft, RequestContext, SignedInCaller } from '@guildhall/resources';
import { requireOwnPassword } from './check-password.ts';
import { withSecondFactor } from './check-second-factor.ts';
import { makeRecoveryCodes, type EnrolmentParts } from './enrol-second-factor.ts';
import { noticeLifetimeSeconds } from './limits.ts';
import { recoveryCodesRenewedMail, secondFactorRemovedMail } from './mails.ts';
import { findMe } from './me.ts';
import { secondsAfter } from './random.ts';
import type { SecondFactorState } from './second-factor-store.ts';
import { sessionEnded, sessionRevocation } from './sessions.ts';

type Context = RequestContext<SignedInCaller>;

export type ChangeSecondFactorParts = EnrolmentParts & {
  /** The global roles whose holders must have a second factor. */
  readonly requiredRoles: readonly string[];
};

const isRequired = (roles: readonly string[], requiredRoles: readonly string[]): boolean =>
  roles.some((role) => requiredRoles.includes(role));

/** The second factor of the caller. Throws SESSION_ENDED. */
export const createFindSecondFactor = ({ database, requiredRoles }: ChangeSecondFactorParts) =>
  async function findSecondFactor(
    context: Context,
  ): Promise<Omit<SecondFactorState, 'roles'> & { readonly isRequired: boolean }> {
    const state = await database.stores.secondFactors.state(context.caller, new Date(context.at));
    if (state === null) throw sessionEnded();
    const { roles, ...shown } = state;
    return { ...shown, isRequired: isRequired(roles, requiredRoles) };
  };

const noFactor = (): AppError => new AppError('CONFLICT', 'This account has no second factor.');

const draftOf = ({ caller }: Context, verb: 'remove' | 'renew', name: string): AuditDraft => ({
  action: verb === 'remove' ? 'user.remove-second-factor' : 'user.renew-recovery-codes',
  resource: { type: 'user', id: caller.userId, name },
  changes: [verb === 'remove' ? { path: '/secondFactor', before: 'totp', after: null } : { path: '/recoveryCodes' }],
});

/**
 * Removes the caller's second factor, with the password and a code; every other session ends, and they are mailed. Throws SESSION_ENDED, WRONG_PASSWORD, REAUTHENTICATION_REQUIRED,
 * WRONG_CODE, RATE_LIMITED; CONFLICT without one, and while a role of the caller requires it.
 */
export const createRemoveTotp = (parts: ChangeSecondFactorParts) =>
  async function removeTotp(
    context: Context,
    { password, code }: { readonly password?: string | undefined; readonly code: string },
  ): Promise<void> {
    const { database, random, sealMail, sessionsLinks, requiredRoles, onMailQueued } = parts;
    const { userId } = context.caller;
    const at = new Date(context.at);
    const { email, displayName, roles } = await findMe(database, context);
    const draft = draftOf(context, 'remove', displayName);
    if (isRequired(roles, requiredRoles)) throw new AppError('CONFLICT', 'A role of this account requires a second factor.');
    await requireOwnPassword(parts, context, { email, password, draft });
    if ((await database.stores.secondFactors.find(userId))?.isActive !== true) throw noFactor();
    const mailId = random.newId();
    const sealedMail = sealMail(mailId, secondFactorRemovedMail(email, at, sessionsLinks.linkOf(userId, at)));
    await withSecondFactor(parts, context, { userId, code, at, draft }, async (stores, use) => {
      await stores.secondFactors.lockAccount(userId);
      await use();
      if ((await stores.secondFactors.remove(context.caller, requiredRoles, at)) === null) throw noFactor();
      const ended = (await stores.sessions.revokeOthers(context.caller, at)) ?? [];
      const revocations = ended.map((id) => context.audit('success', sessionRevocation(id, 'second-factor-removed')));
      await stores.outbox.append([context.audit('success', draft), ...revocations]);
      await stores.mails.add({ id: mailId, sealedMail, expiresAt: secondsAfter(at, noticeLifetimeSeconds) }, at);
    });
    onMailQueued();
  };

/** Replaces the caller's recovery codes, with a code of the authenticator, and mails them. Throws SESSION_ENDED, WRONG_CODE, RATE_LIMITED, CONFLICT. */
export const createRenewRecoveryCodes = (parts: ChangeSecondFactorParts) =>
  async function renewRecoveryCodes(context: Context, code: string): Promise<readonly string[]> {
    const { database, random, sealMail, sessionsLinks, onMailQueued } = parts;
    const { userId } = context.caller;
    const at = new Date(context.at);
    const { email, displayName } = await findMe(database, context);
    if ((await database.stores.secondFactors.find(userId))?.isActive !== true) throw noFactor();
    const draft = draftOf(context, 'renew', displayName);
    const { recoveryCodes, recoveryHashes } = makeRecoveryCodes(parts, userId);
    const mailId = random.newId();
    const sealedMail = sealMail(mailId, recoveryCodesRenewedMail(email, at, sessionsLinks.linkOf(userId, at)));
    await withSecondFactor(parts, context, { userId, code, at, draft }, async (stores, use) => {
      await use();
      if ((await stores.secondFactors.renewRecoveryCodes(context.caller, recoveryHashes, at)) === null) throw noFactor();
      await stores.outbox.append([context.audit('success', draft)]);
      await stores.mails.add({ id: mailId, sealedMail, expiresAt: secondsAfter(at, noticeLifetimeSeconds) }, at);
    });
    onMailQueued();
    return recoveryCodes;
  };
