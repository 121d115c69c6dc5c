import type { CommunityPermission, GlobalPermission } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';

const readAudit: GlobalPermission = 'audit:read';
const readCommunityAudit: CommunityPermission = 'community-audit:read';

export const mayReadAudit = (permissions: readonly string[]): boolean => permissions.includes(readAudit);

/** Throws FORBIDDEN: that there is an audit trail is no secret. */
export const requireAuditReader = (permissions: readonly string[]): void => {
  if (!mayReadAudit(permissions)) throw new AppError('FORBIDDEN', `This needs the permission ${readAudit}.`);
};

/** Throws NOT_FOUND, which does not reveal whether the community exists. The id is plain. */
export const requireCommunityAuditReader = (permissions: readonly string[], communityId: string): void => {
  if (!permissions.includes(`${readCommunityAudit}@${communityId}`)) {
    throw new AppError('NOT_FOUND', 'There is no such community, or you may not see its audit events.');
  }
};
