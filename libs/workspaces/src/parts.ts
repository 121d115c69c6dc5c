import type { CommunityPermission } from '@guildhall/contracts';
import type { AuditDraft, ContextParts, RequestContext } from '@guildhall/resources';
import type { Analyse } from './control-m/analyser.ts';
import type { CompareTexts } from './line-diff/text-comparer.ts';
import type { WorkspaceStore, Write } from './workspace-store.ts';

/** The parts that the operations on workspaces are made of. */
export interface WorkspaceParts extends ContextParts {
  readonly store: WorkspaceStore;
  readonly compareTexts: CompareTexts;
  readonly analyse: Analyse;
}

/** The write of an allowed action, with its audit event. */
export const writeOf = (context: RequestContext, permission: CommunityPermission, draft: AuditDraft): Write => ({
  userId: context.caller.userId,
  permission,
  event: context.audit('success', draft),
});
