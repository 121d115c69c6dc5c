import type {
  ImportedWorkspace,
  SyncedKind,
  WorkspaceCounts,
  WorkspaceImportState,
  WorkspaceRows,
  WorkspaceShare,
} from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { notFound } from '@guildhall/resources';

/** The counts, the digest and the size of all rows of a solo workspace. */
export interface WorkspaceContents {
  readonly counts: WorkspaceCounts;
  /** The digest that team-resources compares before it shows the workspace. */
  readonly sha256: string;
  /** The length of all texts in UTF-8, in bytes. */
  readonly sizeBytes: number;
}

export interface SharedDocument {
  readonly id: string;
  readonly kind: SyncedKind;
  readonly version: number;
  /** Null for what is no script. */
  readonly description: string | null;
  /** A list as JSON; null for what is no script. */
  readonly tags: string | null;
  /** The row of the workspace itself, as JSON; null for a document. */
  readonly document: string | null;
}

/** A solo workspace as it was when the snapshot was opened, whatever is written since. */
export interface WorkspaceSnapshot {
  readonly workspace: ImportedWorkspace;
  contents(): WorkspaceContents;
  /** Reads every document with its version, deleted ones included, and the workspace itself. One reader at a time. */
  documents(): Iterable<SharedDocument>;
  /** Reads all rows in batches of bounded size, documents before their versions. One reader at a time. */
  batches(): Iterable<WorkspaceRows>;
  close(): void;
}

/** A workspace that moves, or has moved, into a community. */
export interface StoredShare {
  readonly communityId: string;
  /** The digest with which it was, or was about to be, completed. */
  readonly sha256: string;
  /** True if it has moved: what is here is a copy. */
  readonly isComplete: boolean;
}

/** A move that is about to be completed. */
export interface PreparedShare {
  readonly workspaceId: string;
  readonly communityId: string;
  readonly userId: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** The solo file, as far as workspaces that move are concerned. */
export interface SharingStore {
  findShare(workspaceId: string): StoredShare | undefined;
  /** Undefined if the workspace is not here, or deleted. */
  openSnapshot(workspaceId: string): WorkspaceSnapshot | undefined;
  /**
   * Stores, in one transaction, that the snapshot is about to be complete in the shared database: its digest, and the versions of its
   * documents as the bases of later synchronisation.
   */
  prepare(share: PreparedShare, snapshot: WorkspaceSnapshot): void;
  /** Marks the workspace as a copy: the rows that `prepare` told of are complete there. */
  complete(workspaceId: string, at: string): void;
}

/** team-resources, in the name of the user who shares. Each of its operations may be repeated, and throws what it answers. */
export interface WorkspaceImporter {
  readonly userId: string;
  find(workspaceId: string, communityId: string): Promise<WorkspaceImportState>;
  begin(workspaceId: string, communityId: string, workspace: ImportedWorkspace): Promise<WorkspaceImportState>;
  send(workspaceId: string, rows: WorkspaceRows): Promise<void>;
  /** Throws CONFLICT unless exactly these rows are there. */
  complete(workspaceId: string, contents: Pick<WorkspaceContents, 'counts' | 'sha256'>): Promise<void>;
}

export interface ShareParts {
  readonly store: SharingStore;
  readonly importer: WorkspaceImporter;
  readonly now: () => Date;
}

export interface ShareRequest {
  readonly workspaceId: string;
  readonly communityId: string;
}

const states = { absent: 'solo', importing: 'interrupted', complete: 'shared' } as const;

/** True if the workspace has moved already. Throws CONFLICT if it has moved into another community. */
const hasMoved = ({ store }: ShareParts, { workspaceId, communityId }: ShareRequest): boolean => {
  const share = store.findShare(workspaceId);
  if (share?.isComplete !== true) return false;
  if (share.communityId !== communityId)
    throw new AppError('CONFLICT', 'This workspace is shared with another community already.');
  return true;
};

/** Works on a snapshot, and closes it. Throws NOT_FOUND if the workspace is not here. */
const withSnapshot = async <T>(
  { store }: ShareParts,
  { workspaceId }: ShareRequest,
  work: (snapshot: WorkspaceSnapshot) => Promise<T>,
): Promise<T> => {
  const snapshot = store.openSnapshot(workspaceId);
  if (snapshot === undefined) throw notFound('workspace');
  try {
    return await work(snapshot);
  } finally {
    snapshot.close();
  }
};

/** Confirms that what is complete in the shared database is what was prepared here: the answer to its completion was lost. */
const adopt = async (
  { store, importer }: ShareParts,
  { workspaceId }: ShareRequest,
  snapshot: WorkspaceSnapshot,
): Promise<void> => {
  const share = store.findShare(workspaceId);
  if (share === undefined) throw new AppError('CONFLICT', 'This workspace was shared already, from another copy of this file.');
  await importer.complete(workspaceId, { counts: snapshot.contents().counts, sha256: share.sha256 });
};

const move = async (parts: ShareParts, request: ShareRequest, snapshot: WorkspaceSnapshot): Promise<void> => {
  const { store, importer, now } = parts;
  const { workspaceId, communityId } = request;
  const state = await importer.begin(workspaceId, communityId, snapshot.workspace);
  if (state === 'complete') {
    await adopt(parts, request, snapshot);
  } else {
    for (const rows of snapshot.batches()) await importer.send(workspaceId, rows);
    store.prepare({ ...request, userId: importer.userId, at: now().toISOString() }, snapshot);
    await importer.complete(workspaceId, snapshot.contents());
  }
  store.complete(workspaceId, now().toISOString());
};

/**
 * Moves a solo workspace into a community as it is at this moment, or goes on with a move that was interrupted. It may be interrupted at
 * any point and repeated. Throws NOT_FOUND, CONFLICT, and what team-resources answers.
 */
export const shareWorkspace = (parts: ShareParts, request: ShareRequest): Promise<WorkspaceShare> =>
  withSnapshot(parts, request, async (snapshot) => {
    if (!hasMoved(parts, request)) await move(parts, request, snapshot);
    const { counts, sizeBytes } = snapshot.contents();
    return { isDryRun: false, state: 'shared', communityId: request.communityId, ...counts, sizeBytes };
  });

/** Answers what sharing would do. Throws what it would throw. */
export const planShare = (parts: ShareParts, request: ShareRequest): Promise<WorkspaceShare> =>
  withSnapshot(parts, request, async (snapshot) => {
    const { workspaceId, communityId } = request;
    const state = hasMoved(parts, request) ? 'shared' : states[await parts.importer.find(workspaceId, communityId)];
    const { counts, sizeBytes } = snapshot.contents();
    return { isDryRun: true, state, communityId, ...counts, sizeBytes };
  });
