import { workspaceRoutes, type CommunityPermission, type Workspace } from '@guildhall/contracts';
import { created, versioned } from '@guildhall/http';
import {
  changesOf,
  createContext,
  createOnce,
  cursorOf,
  nextVersion,
  notFound,
  pageRequest,
  readPosition,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  toPage,
  type AuditDraft,
  type Page,
  type PageQuery,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import { endpoint, type Endpoint } from './endpoint.ts';
import { writeOf, type WorkspaceParts } from './parts.ts';
import type { CreateTarget, WorkspaceStore, WorkspaceWithAccess } from './workspace-store.ts';

const routes = workspaceRoutes;

/** A page of a user's workspaces in one store: one part of `listWorkspaces`, which merges the parts of both stores. */
export const pageOfWorkspaces = async (store: WorkspaceStore, userId: string, query: PageQuery): Promise<Page<Workspace>> =>
  toPage(await store.listWorkspaces(userId, pageRequest(query, readPosition)), query, cursorOf);

/** The `listWorkspaces` of the store of shared workspaces. */
const listShared = ({ store }: WorkspaceParts) =>
  endpoint(routes.listWorkspaces, async ({ caller, query }) => {
    if (query.mode === 'solo') return { body: { items: [], nextCursor: null, shared: { status: 'not_asked' } } } as const;
    return { body: { ...(await pageOfWorkspaces(store, caller.userId, query)), shared: { status: 'included' as const } } };
  });

const listOfCommunity = ({ store }: WorkspaceParts) =>
  endpoint(routes.listCommunityWorkspaces, async ({ caller, params, query }) => {
    const rows = await store.listCommunityWorkspaces(caller.userId, params.communityId, pageRequest(query, readPosition));
    if (rows === undefined) throw notFound('community');
    return { body: toPage(rows, query, cursorOf) };
  });

interface NewWorkspace {
  /** Null for a solo workspace. */
  readonly communityId: string | null;
  readonly fields: { readonly name: string; readonly description?: string };
}

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, IDEMPOTENCY_KEY_REUSED. */
const createWorkspace = (
  store: WorkspaceStore,
  context: RequestContext,
  { communityId, fields }: NewWorkspace,
): Promise<Workspace> => {
  const { caller, idempotencyKey } = context;
  const id = context.newId();
  const draft: AuditDraft = {
    action: 'workspace.create',
    resource: { type: 'workspace', id, name: fields.name },
    communityId,
    changes: changesOf(null, fields, context.sha256),
  };
  return createOnce<Workspace, CreateTarget>(context, {
    fingerprint: ['workspace.create', communityId, fields],
    findTarget: async () => {
      const target = await store.findWorkspaceTarget(caller.userId, communityId, idempotencyKey);
      if (target === undefined) throw notFound('community');
      return target;
    },
    allow: ({ role }) => requireRole(context, role, 'workspace:create', draft),
    make: () => firstVersion(context, id, { communityId, fields }),
    insert: (made, remembered) => store.insertWorkspace(made, writeOf(context, 'workspace:create', draft), remembered),
  });
};

const firstVersion = (
  { at, caller }: RequestContext,
  id: string,
  { communityId, fields: { name, description = '' } }: NewWorkspace,
): Workspace => ({
  id,
  mode: communityId === null ? 'solo' : 'shared',
  communityId,
  name,
  description,
  createdBy: caller.userId,
  version: 1,
  createdAt: at,
  updatedAt: at,
});

const findDeletedToo = async (
  store: WorkspaceStore,
  { caller }: RequestContext,
  workspaceId: string,
): Promise<WorkspaceWithAccess> => {
  const found = await store.findWorkspace(caller.userId, workspaceId);
  if (found === undefined) throw notFound('workspace');
  return found;
};

/** Throws NOT_FOUND. */
const findWorkspace = async (
  store: WorkspaceStore,
  context: RequestContext,
  workspaceId: string,
): Promise<WorkspaceWithAccess> => {
  const found = await findDeletedToo(store, context, workspaceId);
  if (found.isDeleted) throw notFound('workspace');
  return found;
};

interface Change {
  readonly workspaceId: string;
  readonly action: 'workspace.update' | 'workspace.delete' | 'workspace.restore';
  readonly permission: CommunityPermission;
  readonly edit: Partial<Pick<Workspace, 'name' | 'description'>>;
  /** Absent for an operation without a version. */
  readonly ifMatch?: VersionCondition;
}

/** One attempt to change one workspace. Undefined when a concurrent change won. */
const tryChange = async (store: WorkspaceStore, context: RequestContext, change: Change): Promise<Workspace | undefined> => {
  const { action, permission, edit, ifMatch } = change;
  const find = action === 'workspace.restore' ? findDeletedToo : findWorkspace;
  const { item, communityId, role, isDeleted } = await find(store, context, change.workspaceId);
  const changes = changesOf(item, edit, context.sha256);
  const draft = { action, resource: { type: 'workspace', id: item.id, name: item.name }, communityId, changes };
  await requireRole(context, role, permission, draft);
  if (ifMatch !== undefined) requireVersion(item.version, ifMatch);
  const becomesDeleted = action === 'workspace.delete';
  if (changes.length === 0 && isDeleted === becomesDeleted) return item;
  const next = nextVersion(item, edit, context.at);
  return (await store.saveWorkspace(next, becomesDeleted, writeOf(context, permission, draft))) ? next : undefined;
};

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
const updateWorkspace = (
  store: WorkspaceStore,
  context: RequestContext,
  change: Pick<Change, 'workspaceId' | 'edit' | 'ifMatch'>,
): Promise<Workspace> =>
  retryCompareAndSwap(() => tryChange(store, context, { ...change, action: 'workspace.update', permission: 'workspace:update' }));

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
const deleteWorkspace = async (
  store: WorkspaceStore,
  context: RequestContext,
  path: Pick<Change, 'workspaceId' | 'ifMatch'>,
): Promise<void> => {
  const change = { ...path, action: 'workspace.delete', permission: 'workspace:delete', edit: {} } as const;
  await retryCompareAndSwap(() => tryChange(store, context, change));
};

/** Undoes a soft delete. Idempotent: a workspace that is not deleted is returned as it is. Throws NOT_FOUND, FORBIDDEN. */
const restoreWorkspace = (store: WorkspaceStore, context: RequestContext, workspaceId: string): Promise<Workspace> => {
  const change = { workspaceId, action: 'workspace.restore', permission: 'workspace:delete', edit: {} } as const;
  return retryCompareAndSwap(() => tryChange(store, context, change));
};

/** The operations that solo and shared workspaces have in common. */
export const workspaceEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => {
  const { store } = parts;
  return [
    endpoint(routes.getWorkspace, async (call) =>
      versioned((await findWorkspace(store, createContext(parts, call), call.params.workspaceId)).item),
    ),
    endpoint(routes.updateWorkspace, async (call) => {
      const change = { ...call.params, edit: call.body, ifMatch: call.ifMatch };
      return versioned(await updateWorkspace(store, createContext(parts, call), change));
    }),
    endpoint(routes.deleteWorkspace, async (call) => {
      await deleteWorkspace(store, createContext(parts, call), { ...call.params, ifMatch: call.ifMatch });
      return {};
    }),
    endpoint(routes.restoreWorkspace, async (call) =>
      versioned(await restoreWorkspace(store, createContext(parts, call), call.params.workspaceId)),
    ),
  ];
};

/** The operations of the solo store alone. */
export const soloOnlyEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  endpoint(routes.createWorkspace, async (call) =>
    created(await createWorkspace(parts.store, createContext(parts, call), { communityId: null, fields: call.body })),
  ),
];

/** The operations of the store of shared workspaces alone. */
export const sharedOnlyEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  listShared(parts),
  listOfCommunity(parts),
  endpoint(routes.createCommunityWorkspace, async (call) =>
    created(await createWorkspace(parts.store, createContext(parts, call), { ...call.params, fields: call.body })),
  ),
];
