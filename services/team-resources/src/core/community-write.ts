import type { AuditEventMessage, CommunityPermission } from '@guildhall/contracts';
import type { AuditDraft, RequestContext } from '@guildhall/resources';

/** The caller of a write, and its audit event. */
export interface AuditedWrite {
  readonly userId: string;
  readonly event: AuditEventMessage;
}

/** A write with the permission that it needs in the community. */
export interface CommunityWrite extends AuditedWrite {
  readonly permission: CommunityPermission;
}

/** The write of a change that succeeds. */
export const writeOf = ({ caller, audit }: RequestContext, draft: AuditDraft): AuditedWrite => ({
  userId: caller.userId,
  event: audit('success', draft),
});

/** `writeOf` with the permission that the write needs. */
export const communityWriteOf = (
  context: RequestContext,
  permission: CommunityPermission,
  draft: AuditDraft,
): CommunityWrite => ({ ...writeOf(context, draft), permission });
