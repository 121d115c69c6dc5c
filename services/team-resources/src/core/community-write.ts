import type { AuditEventMessage, CommunityPermission } from '@guildhall/contracts';
import type { AuditDraft, RequestContext } from '@guildhall/resources';

/** The caller of a write, the permission it needs in the community and its audit event. */
export interface CommunityWrite {
  readonly userId: string;
  readonly permission: CommunityPermission;
  readonly event: AuditEventMessage;
}

/** The write of a change that succeeds. */
export const communityWriteOf = (
  { caller, audit }: RequestContext,
  permission: CommunityPermission,
  draft: AuditDraft,
): CommunityWrite => ({ userId: caller.userId, permission, event: audit('success', draft) });
