import { communityRoleMay, roleText, type CommunityPermission, type GlobalPermission, type HeldRole } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import type { AuditDraft } from './audit-event.ts';
import type { RequestContext } from './request-context.ts';

/** NOT_FOUND. Something that the caller may not see is answered as if it did not exist. */
export const notFound = (noun: string): AppError => new AppError('NOT_FOUND', `There is no such ${noun}.`);

/** Waits for what a store finds. Throws NOT_FOUND when it is undefined: there is none, or the caller may not see it. */
export const requireFound = async <T>(noun: string, found: Promise<T | undefined>): Promise<T> => {
  const value = await found;
  if (value === undefined) throw notFound(noun);
  return value;
};

type DenialContext = Pick<RequestContext, 'recordDenial'>;

/** Throws FORBIDDEN with the reason, and records the denial in the audit trail, unless the action is allowed. */
export const requireAllowed = async (
  context: DenialContext,
  isAllowed: boolean,
  draft: AuditDraft,
  reason: string,
): Promise<void> => {
  if (isAllowed) return;
  await context.recordDenial(draft);
  throw new AppError('FORBIDDEN', reason);
};

/** Throws FORBIDDEN, and records the denial, unless the caller's role in the community includes the permission. */
export const requireRole = (
  context: DenialContext,
  role: HeldRole,
  permission: CommunityPermission,
  draft: AuditDraft,
): Promise<void> =>
  requireAllowed(
    context,
    communityRoleMay(role, permission),
    draft,
    `Your role here, ${roleText(role)}, does not include ${permission}.`,
  );

/** FORBIDDEN: a global permission is missing. */
export const missingPermission = (permission: GlobalPermission): AppError =>
  new AppError('FORBIDDEN', `This needs the permission ${permission}.`);

/** Throws FORBIDDEN unless the global permissions include this one. */
export const requirePermission = (permissions: readonly string[], permission: GlobalPermission): void => {
  if (!permissions.includes(permission)) throw missingPermission(permission);
};
