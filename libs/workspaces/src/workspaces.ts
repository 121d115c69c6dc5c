import { workspaceRoutes, type Workspace } from '@guildhall/contracts';
import { created, versioned } from '@guildhall/http';
import {
  auditDraftsOf,
  changesOf,
  createContext,
  createOnce,
  cursorOf,
  deleteResource,
  findResource,
  firstVersion,
  requireFound,
  requireRole,
  restoreResource,
  toPage,
  updateResource,
  type Caller,
  type Page,
  type RequestContext,
  type RequestOf,
  type ResourceRules,
} from '@guildhall/resources';
import { listRequest, type ListQuery } from './documents.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { writeOf, type WorkspaceParts } from './parts.ts';
import type { CreateTarget, WorkspaceStore, WorkspaceWithAccess } from './workspace-store.ts';

const routes = workspaceRoutes;

/** A page of a user's workspaces in one store: one part of `listWorkspaces`, which merges the parts of both stores. */
export const pageOfWorkspaces = async (
  store: Pick<WorkspaceStore, 'listWorkspaces'>,
  userId: string,
  query: ListQuery,
): Promise<Page<Workspace>> => toPage(await store.listWorkspaces(userId, listRequest(query)), query, cursorOf);

/** The `listWorkspaces` of the store of shared workspaces. */
const listShared = ({ store }: WorkspaceParts) =>
  endpoint(routes.listWorkspaces, async ({ caller, query }) => {
    if (query.mode === 'solo') return { body: { items: [], nextCursor: null, shared: { status: 'not_asked' } } } as const;
    return { body: { ...(await pageOfWorkspaces(store, caller.userId, query)), shared: { status: 'included' as const } } };
  });

const listOfCommunity = ({ store }: WorkspaceParts) =>
  endpoint(routes.listCommunityWorkspaces, async ({ caller, params, query }) => {
    const rows = await requireFound(
      'community',
      store.listCommunityWorkspaces(caller.userId, params.communityId, listRequest(query)),
    );
    return { body: toPage(rows, query, cursorOf) };
  });

const draftOf = auditDraftsOf('workspace', ({ name }: Workspace) => name);

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
  const made: Workspace = {
    id: context.newId(),
    mode: communityId === null ? 'solo' : 'shared',
    communityId,
    name: fields.name,
    description: fields.description ?? '',
    ...firstVersion(context),
    createdByName: caller.displayName,
  };
  const draft = draftOf('create', made, changesOf(null, fields, context.sha256));
  return createOnce<Workspace, CreateTarget>(context, {
    fingerprint: ['workspace.create', communityId, fields],
    findTarget: () => requireFound('community', store.findWorkspaceTarget(caller.userId, communityId, idempotencyKey)),
    allow: ({ role }) => requireRole(context, role, 'workspace:create', draft),
    make: () => made,
    insert: (workspace, remembered) => store.insertWorkspace(workspace, writeOf(context, 'workspace:create', draft), remembered),
  });
};

const permissionOf = (verb: string) => (verb === 'update' ? 'workspace:update' : 'workspace:delete');

/** A workspace is changed, deleted and restored by whose role in the community includes it. */
const rulesOf = (
  { store, ...parts }: WorkspaceParts,
  call: RequestOf<Caller>,
): ResourceRules<Workspace, WorkspaceWithAccess, { readonly workspaceId: string }> => {
  const context = createContext(parts, call);
  return {
    context,
    noun: 'workspace',
    find: ({ workspaceId }) => store.findWorkspace(context.caller.userId, workspaceId),
    draftOf,
    allow: (verb, { role }, draft) => requireRole(context, role, permissionOf(verb), draft),
    save: async ({ verb, next, draft }) => {
      const isStored = await store.saveWorkspace(next, verb === 'delete', writeOf(context, permissionOf(verb), draft));
      return isStored ? next : undefined;
    },
  };
};

/** Throws NOT_FOUND, also for a deleted workspace. */
export const findWorkspace = (store: WorkspaceStore, userId: string, workspaceId: string): Promise<WorkspaceWithAccess> =>
  findResource({ noun: 'workspace', find: (id: string) => store.findWorkspace(userId, id) }, workspaceId);

/** The operations that solo and shared workspaces have in common. */
export const workspaceEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => {
  return [
    endpoint(routes.getWorkspace, async (call) => versioned((await findResource(rulesOf(parts, call), call.params)).item)),
    endpoint(routes.updateWorkspace, async (call) => {
      const change = { ...call.params, edit: call.body, ifMatch: call.ifMatch };
      return versioned(await updateResource(rulesOf(parts, call), change));
    }),
    endpoint(routes.deleteWorkspace, async (call) => {
      await deleteResource(rulesOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
      return {};
    }),
    endpoint(routes.restoreWorkspace, async (call) => versioned(await restoreResource(rulesOf(parts, call), call.params))),
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
