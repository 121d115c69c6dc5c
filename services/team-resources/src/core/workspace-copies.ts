import type { CopiedRows, CopiedWorkspace, WorkspaceCounts } from '@guildhall/contracts';
import { requireFound, type RequestContext } from '@guildhall/resources';

type Kind = keyof WorkspaceCounts;
/** A row of any kind. */
export type CopiedRow = CopiedRows[Kind][number];

/** The store of the rows of shared workspaces, as whoever copies one reads them. */
export interface WorkspaceCopyStore {
  /** Undefined for a workspace that is deleted or that the user may not see. Without naming rules for users who may not read Control-M. */
  findWorkspace(userId: string, workspaceId: string): Promise<CopiedWorkspace | undefined>;
  /**
   * Reads the rows of a kind in the order of their ids, deleted ones included for users who may restore them: a page of bounded size
   * behind the row `after`, with at least one row while there are any. Empty for a user who may not read them.
   */
  listRows(userId: string, workspaceId: string, kind: Kind, after: string | null): Promise<readonly CopiedRow[]>;
}

const noRows: CopiedRows = {
  scripts: [],
  scriptVersions: [],
  controlMFolders: [],
  controlMFolderVersions: [],
  controlMDocuments: [],
  controlMDocumentVersions: [],
};

/** Reads a shared workspace. Throws NOT_FOUND. */
export const findCopiedWorkspace = (
  store: WorkspaceCopyStore,
  { caller: { userId } }: RequestContext,
  { workspaceId }: { readonly workspaceId: string },
): Promise<CopiedWorkspace> => requireFound('workspace', store.findWorkspace(userId, workspaceId));

/** Reads a page of the rows of a shared workspace. Throws NOT_FOUND. */
export const listWorkspaceRows = async (
  store: WorkspaceCopyStore,
  { caller: { userId } }: RequestContext,
  { workspaceId, kind, after }: { readonly workspaceId: string; readonly kind: Kind; readonly after: string | null },
): Promise<{ readonly rows: CopiedRows; readonly next: string | null }> => {
  await requireFound('workspace', store.findWorkspace(userId, workspaceId));
  const rows = await store.listRows(userId, workspaceId, kind, after);
  return { rows: { ...noRows, [kind]: rows }, next: rows.at(-1)?.id ?? null };
};
