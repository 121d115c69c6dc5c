import type { CopiedRows, CopiedWorkspace, WorkspaceCounts, WorkspaceShare } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import type { StoredShare, WorkspaceContents } from './share-workspace.ts';

/** Rows on their way into the solo file: kept outside of memory, and gone when it is closed. */
export interface CloneSpool {
  add(rows: CopiedRows): void;
  /** The rows of a kind, in the order in which they came. */
  rows(kind: keyof WorkspaceCounts): Iterable<Readonly<Record<string, unknown>>>;
  close(): void;
}

export interface NewClone {
  readonly workspace: CopiedWorkspace;
  readonly communityId: string;
  readonly userId: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** The solo file, as far as copies of shared workspaces are concerned. */
export interface CloneStore {
  findShare(workspaceId: string): StoredShare | undefined;
  /** True if the workspace is here, deleted or not. */
  holds(workspaceId: string): boolean;
  contents(workspaceId: string): WorkspaceContents;
  openSpool(): CloneSpool;
  /**
   * Stores the workspace and the rows of the spool in one transaction, as a copy, with their versions as the bases of later
   * synchronisation. Versions that a document got while it was read are left out. Throws CONFLICT when rows do not fit together, or
   * lie in another workspace here.
   */
  insertClone(clone: NewClone, spool: CloneSpool): void;
}

/** team-resources, in the name of the user who clones. Its operations throw what it answers. */
export interface WorkspaceExporter {
  readonly userId: string;
  findWorkspace(workspaceId: string): Promise<CopiedWorkspace>;
  /** Reads a page; `next` is the `after` of the next one, null on the last. */
  listRows(
    workspaceId: string,
    kind: keyof WorkspaceCounts,
    after: string | null,
  ): Promise<{ readonly rows: CopiedRows; readonly next: string | null }>;
}

export interface CloneParts {
  readonly store: CloneStore;
  readonly exporter: WorkspaceExporter;
  readonly now: () => Date;
}

/** Documents are read before their versions: a document then has all versions up to its own. */
const kinds = [
  'scripts',
  'scriptVersions',
  'controlMFolders',
  'controlMFolderVersions',
  'controlMDocuments',
  'controlMDocumentVersions',
] as const;

const fill = async (spool: CloneSpool, exporter: WorkspaceExporter, workspaceId: string): Promise<void> => {
  for (const kind of kinds) {
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<WorkspaceExporter['listRows']>> = await exporter.listRows(workspaceId, kind, after);
      spool.add(page.rows);
      after = page.next;
    } while (after !== null);
  }
};

const insert = async ({ store, exporter, now }: CloneParts, workspace: CopiedWorkspace, communityId: string): Promise<void> => {
  const spool = store.openSpool();
  try {
    await fill(spool, exporter, workspace.id);
    store.insertClone({ workspace, communityId, userId: exporter.userId, at: now().toISOString() }, spool);
  } finally {
    spool.close();
  }
};

/**
 * Copies a shared workspace into the solo file, whole or not at all; where the copy is here already, nothing happens. Throws NOT_FOUND,
 * CONFLICT, and what team-resources answers.
 */
export const cloneWorkspace = async (parts: CloneParts, workspaceId: string): Promise<WorkspaceShare> => {
  const { store, exporter } = parts;
  const workspace = await exporter.findWorkspace(workspaceId);
  const { communityId } = workspace;
  if (communityId === null) throw new Error('team-resources answered a solo workspace.');
  const isCopy = store.findShare(workspaceId)?.isComplete === true;
  if (!isCopy) {
    if (store.holds(workspaceId)) throw new AppError('CONFLICT', 'A solo workspace has this id: complete its share first.');
    await insert(parts, workspace, communityId);
  }
  const { counts, sizeBytes } = store.contents(workspaceId);
  return { isDryRun: false, state: 'shared', communityId, ...counts, sizeBytes };
};
