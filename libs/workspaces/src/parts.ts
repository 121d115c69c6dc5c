import type { CommunityPermission } from '@guildhall/contracts';
import type { AuditDraft, ContextParts, RequestContext } from '@guildhall/resources';
import type { WorkspaceStore, Write } from './workspace-store.ts';

/** The parts that the operations on workspaces are made of. */
export interface WorkspaceParts extends ContextParts {
  readonly store: WorkspaceStore;
}

/** The write of an allowed action, with its audit event. */
export const writeOf = (context: RequestContext, permission: CommunityPermission, draft: AuditDraft): Write => ({
  userId: context.caller.userId,
  permission,
  event: context.audit('success', draft),
});
