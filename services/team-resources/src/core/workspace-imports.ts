import {
  communityRoleMay,
  type AuditEventMessage,
  type CommunityPermission,
  type HeldRole,
  type ImportedWorkspace,
  type WorkspaceCounts,
  type WorkspaceImportState,
  type WorkspaceRows,
} from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  notFound,
  requireFound,
  requireRole,
  retryCompareAndSwap,
  type AuditDraft,
  type RequestContext,
} from '@guildhall/resources';

/** A row with the size and the digest of its text, as stores keep it. */
type Measured<Row> = Row & { readonly sizeBytes: number; readonly sha256: string };

/** A batch of rows, ready to be stored. */
export interface MeasuredRows {
  readonly scripts: readonly Measured<WorkspaceRows['scripts'][number]>[];
  readonly scriptVersions: readonly Measured<WorkspaceRows['scriptVersions'][number]>[];
  readonly controlMFolders: readonly Measured<WorkspaceRows['controlMFolders'][number]>[];
  readonly controlMFolderVersions: readonly Measured<WorkspaceRows['controlMFolderVersions'][number]>[];
  readonly controlMDocuments: readonly Measured<WorkspaceRows['controlMDocuments'][number]>[];
  readonly controlMDocumentVersions: readonly Measured<WorkspaceRows['controlMDocumentVersions'][number]>[];
}

/** The community that is to get a workspace, as the caller sees it. */
export interface ImportTarget {
  readonly role: HeldRole;
  /** `taken`: the id is that of a workspace which is not of this import. */
  readonly state: WorkspaceImportState | 'taken';
}

/** An import of the caller's own. */
export interface OwnImport {
  readonly communityId: string;
  readonly role: HeldRole;
  readonly workspaceName: string;
  /** The digest with which it was completed; null while it is not. */
  readonly sha256: string | null;
}

export interface BegunImport {
  readonly workspaceId: string;
  readonly communityId: string;
  readonly workspace: ImportedWorkspace;
  readonly userId: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

export interface Completion {
  readonly workspaceId: string;
  readonly userId: string;
  readonly counts: WorkspaceCounts;
  readonly sha256: string;
  readonly at: string;
  readonly event: AuditEventMessage;
}

/**
 * The store of workspaces that move into a community. An import belongs to who began it; until it is complete, its workspace is
 * soft-deleted and appears in no list. Writes check in their transaction that the user still belongs to the community with the
 * permissions of `importPermissions`, and return false, having changed nothing, when that or the import itself is gone.
 */
export interface WorkspaceImportStore {
  /** Undefined for a community that the user may not see. */
  findTarget(userId: string, workspaceId: string, communityId: string): Promise<ImportTarget | undefined>;
  findOwn(userId: string, workspaceId: string): Promise<OwnImport | undefined>;
  /** Begins or goes on. False, too, when the workspace is not one that the user is importing. */
  begin(begun: BegunImport): Promise<boolean>;
  /** Stores all rows or none, each once by its id. Throws CONFLICT when an id belongs to something else or a newer row is stored. */
  insertRows(userId: string, workspaceId: string, rows: MeasuredRows): Promise<boolean>;
  /** Shows the workspace, with its event. Throws CONFLICT when other rows are stored than these counts and this digest tell of. */
  complete(completion: Completion): Promise<boolean>;
  /**
   * Deletes at most `limit` workspaces, with their rows, whose import was begun for the last time before a moment (ISO 8601) and is not
   * complete; returns how many. One that is being written to is left for the next call.
   */
  purgeAbandonedBefore(at: string, limit: number): Promise<number>;
}

/** The permissions that moving a workspace into a community takes: it creates all that a workspace may hold. */
export const importPermissions = [
  'workspace:create',
  'script:create',
  'control-m:create',
] as const satisfies CommunityPermission[];

const taken = (): AppError =>
  new AppError(
    'CONFLICT',
    'The id of this workspace is in use in the shared database: it was shared before, or by somebody else.',
  );

const draftOf = (workspaceId: string, communityId: string): AuditDraft => ({
  action: 'workspace.share',
  resource: { type: 'workspace', id: workspaceId },
  communityId,
});

/** Records a denial and throws FORBIDDEN unless the role includes every permission that an import takes. */
const requireImporter = async (context: RequestContext, role: HeldRole, draft: AuditDraft): Promise<void> => {
  const missing = importPermissions.find((permission) => !communityRoleMay(role, permission));
  if (missing !== undefined) await requireRole(context, role, missing, draft);
};

interface ImportPath {
  readonly workspaceId: string;
  readonly communityId: string;
}

/** Finds how far an import has come. Throws NOT_FOUND, FORBIDDEN, CONFLICT when the id is in use. */
export const findWorkspaceImport = async (
  store: WorkspaceImportStore,
  context: RequestContext,
  { workspaceId, communityId }: ImportPath,
): Promise<WorkspaceImportState> => {
  const { role, state } = await requireFound('community', store.findTarget(context.caller.userId, workspaceId, communityId));
  await requireImporter(context, role, draftOf(workspaceId, communityId));
  if (state === 'taken') throw taken();
  return state;
};

/** Begins an import or goes on with it. Throws what `findWorkspaceImport` throws. */
export const beginWorkspaceImport = (
  store: WorkspaceImportStore,
  context: RequestContext,
  path: ImportPath & { readonly workspace: ImportedWorkspace },
): Promise<WorkspaceImportState> =>
  retryCompareAndSwap(async () => {
    const state = await findWorkspaceImport(store, context, path);
    if (state === 'complete') return state;
    const isBegun = await store.begin({ ...path, userId: context.caller.userId, at: context.at });
    return isBegun ? 'importing' : undefined;
  });

const requireDistinct = (rows: WorkspaceRows): void => {
  for (const [kind, sent] of Object.entries(rows)) {
    if (new Set(sent.map(({ id }) => id)).size < sent.length) throw new AppError('INVALID', `An id stands twice in ${kind}.`);
  }
};

const measuredBy =
  ({ sha256 }: RequestContext) =>
  <Row extends object>(row: Row, text: string): Measured<Row> => ({
    ...row,
    sizeBytes: new TextEncoder().encode(text).byteLength,
    sha256: sha256(text),
  });

/** Stores a batch of rows. Throws NOT_FOUND without an import of the caller's own that goes on, CONFLICT when an id is in use. */
export const importWorkspaceRows = async (
  store: WorkspaceImportStore,
  context: RequestContext,
  { workspaceId, rows }: { readonly workspaceId: string; readonly rows: WorkspaceRows },
): Promise<void> => {
  requireDistinct(rows);
  const measure = measuredBy(context);
  const isStored = await store.insertRows(context.caller.userId, workspaceId, {
    scripts: rows.scripts.map((row) => measure(row, row.content)),
    scriptVersions: rows.scriptVersions.map((row) => measure(row, row.content)),
    controlMFolders: rows.controlMFolders.map((row) => measure(row, row.definition)),
    controlMFolderVersions: rows.controlMFolderVersions.map((row) => measure(row, row.definition)),
    controlMDocuments: rows.controlMDocuments.map((row) => measure(row, row.source)),
    controlMDocumentVersions: rows.controlMDocumentVersions.map((row) => measure(row, row.source)),
  });
  if (!isStored) throw notFound('import');
};

/** Completes an import. Throws NOT_FOUND, FORBIDDEN, CONFLICT unless exactly the rows that counts and digest tell of are stored. */
export const completeWorkspaceImport = (
  store: WorkspaceImportStore,
  context: RequestContext,
  { workspaceId, counts, sha256 }: Pick<Completion, 'workspaceId' | 'counts' | 'sha256'>,
): Promise<true> =>
  retryCompareAndSwap(async () => {
    const { userId } = context.caller;
    const own = await requireFound('import', store.findOwn(userId, workspaceId));
    const draft = draftOf(workspaceId, own.communityId);
    await requireImporter(context, own.role, draft);
    if (own.sha256 !== null) {
      if (own.sha256 === sha256) return true;
      throw new AppError('CONFLICT', 'This workspace was shared already, with other rows.');
    }
    const changes = Object.entries({ ...counts, sha256 }).map(([field, after]) => ({ path: `/${field}`, after }));
    const resource = { ...draft.resource, name: own.workspaceName };
    const event = context.audit('success', { ...draft, resource, changes });
    return (await store.complete({ workspaceId, userId, counts, sha256, at: context.at, event })) ? true : undefined;
  });
