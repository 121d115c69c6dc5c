import { workspaceRoutes, type CommunityPermission, type Workspace } from '@guildhall/contracts';
import { auditEvent, type Caller, type Deed } from './audit.ts';
import { changesOf, edited, type WorkspaceEdit } from './changes.ts';
import { endpoint, versioned, type Endpoint, type WorkspaceCall } from './endpoint.ts';
import { cursorOf, pageRequest, readPosition, toPage, type Page, type PageQuery } from './pages.ts';
import { admit, createOnce, untilSettled, writeOf, type WorkspaceParts } from './parts.ts';
import { mustBeCurrent, notFound } from './refusals.ts';
import type { SeenWorkspace, WorkspaceStore } from './workspace-store.ts';

const routes = workspaceRoutes;

/** One page of what a store holds for a user: a part of `listWorkspaces`, which may have another part elsewhere. */
export const pageOfWorkspaces = async (store: WorkspaceStore, userId: string, query: PageQuery): Promise<Page<Workspace>> =>
  toPage(await store.listWorkspaces(userId, pageRequest(query, readPosition)), query, cursorOf);

/** The body of `listWorkspaces` as the holder of the shared ones answers it. */
const listShared = ({ store }: WorkspaceParts) =>
  endpoint(routes.listWorkspaces, async ({ caller, query }) => {
    if (query.mode === 'solo') return { body: { items: [], nextCursor: null, shared: { status: 'not_asked' } } };
    return { body: { ...(await pageOfWorkspaces(store, caller.userId, query)), shared: { status: 'included' } } };
  });

const listOfCommunity = ({ store }: WorkspaceParts) =>
  endpoint(routes.listCommunityWorkspaces, async ({ caller, params, query }) => {
    const rows = await store.listCommunityWorkspaces(caller.userId, params.communityId, pageRequest(query, readPosition));
    if (rows === undefined) throw notFound('community');
    return { body: toPage(rows, query, cursorOf) };
  });

type CreateCall = Pick<WorkspaceCall<typeof routes.createWorkspace>, 'body' | 'caller' | 'requestId' | 'idempotencyKey'>;

const create = async (parts: WorkspaceParts, call: CreateCall, communityId: string | null) => {
  const { store } = parts;
  const { body, caller, idempotencyKey } = call;
  const id = parts.newId();
  const deed: Deed = {
    action: 'workspace.create',
    resource: { type: 'workspace', id, name: body.name },
    communityId,
    changes: changesOf(null, body, parts.sha256),
  };
  const workspace = await createOnce<Workspace>(parts, {
    request: call,
    idempotencyKey,
    fingerprint: ['workspace.create', communityId, body],
    findPlace: async () => {
      const place = await store.findWorkspacePlace(caller.userId, communityId, idempotencyKey);
      if (place === undefined) throw notFound('community');
      return place;
    },
    make: async ({ role }) => {
      await admit(parts, call, role, 'workspace:create', deed);
      return newWorkspace(parts, caller, id, communityId, body);
    },
    insert: (made, _place, remembered) => {
      const event = auditEvent(parts, call, 'success', deed);
      return store.insertWorkspace(made, writeOf(call, 'workspace:create', event), remembered);
    },
  });
  return versioned(workspace);
};

const newWorkspace = (
  { now }: WorkspaceParts,
  caller: Caller,
  id: string,
  communityId: string | null,
  { name, description = '' }: { readonly name: string; readonly description?: string },
): Workspace => {
  const at = now().toISOString();
  return {
    id,
    mode: communityId === null ? 'solo' : 'shared',
    communityId,
    name,
    description,
    createdBy: caller.userId,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
};

const find = async (store: WorkspaceStore, caller: Caller, workspaceId: string): Promise<SeenWorkspace> => {
  const seen = await store.findWorkspace(caller.userId, workspaceId);
  if (seen === undefined) throw notFound('workspace');
  return seen;
};

const findLive = async (store: WorkspaceStore, caller: Caller, workspaceId: string): Promise<SeenWorkspace> => {
  const seen = await find(store, caller, workspaceId);
  if (seen.isDeleted) throw notFound('workspace');
  return seen;
};

const deedOn = (action: string, { item, communityId }: SeenWorkspace, edit: WorkspaceEdit, parts: WorkspaceParts): Deed => ({
  action,
  resource: { type: 'workspace', id: item.id, name: item.name },
  communityId,
  changes: changesOf(item, edit, parts.sha256),
});

interface Step {
  readonly action: string;
  readonly permission: CommunityPermission;
  readonly edit: WorkspaceEdit;
  readonly becomesDeleted: boolean;
  /** Absent where the caller names no version. */
  readonly ifMatch?: number;
}

type ChangeCall = Pick<WorkspaceCall<typeof routes.getWorkspace>, 'params' | 'caller' | 'requestId'>;

/** One change of one workspace. Undefined when someone got ahead between looking and storing. */
const change = async (parts: WorkspaceParts, call: ChangeCall, step: Step): Promise<Workspace | undefined> => {
  const isRestore = step.action === 'workspace.restore';
  const seen = await (isRestore ? find : findLive)(parts.store, call.caller, call.params.workspaceId);
  const deed = deedOn(step.action, seen, step.edit, parts);
  await admit(parts, call, seen.role, step.permission, deed);
  if (step.ifMatch !== undefined) mustBeCurrent(seen.item.version, step.ifMatch);
  const changesNothing = deed.changes?.length === 0 && seen.isDeleted === step.becomesDeleted;
  if (changesNothing) return seen.item;
  const next = edited(seen.item, step.edit, parts.now().toISOString());
  const write = writeOf(call, step.permission, auditEvent(parts, call, 'success', deed));
  return (await parts.store.saveWorkspace(next, step.becomesDeleted, write)) ? next : undefined;
};

const update = (parts: WorkspaceParts) =>
  endpoint(routes.updateWorkspace, async (call) => {
    const step = { action: 'workspace.update', permission: 'workspace:update', becomesDeleted: false } as const;
    return versioned(await untilSettled(() => change(parts, call, { ...step, edit: call.body, ifMatch: call.ifMatch })));
  });

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteWorkspace, async (call) => {
    const step = { action: 'workspace.delete', permission: 'workspace:delete', becomesDeleted: true } as const;
    await untilSettled(() => change(parts, call, { ...step, edit: {}, ifMatch: call.ifMatch }));
    return {};
  });

/** Bringing back what is there answers it as it is. */
const restore = (parts: WorkspaceParts) =>
  endpoint(routes.restoreWorkspace, async (call) => {
    const step = { action: 'workspace.restore', permission: 'workspace:delete', becomesDeleted: false } as const;
    return versioned(await untilSettled(() => change(parts, call, { ...step, edit: {} })));
  });

const get = ({ store }: WorkspaceParts) =>
  endpoint(routes.getWorkspace, async ({ caller, params }) =>
    versioned((await findLive(store, caller, params.workspaceId)).item),
  );

/** What is the same for a solo and a shared workspace. */
export const workspaceEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  get(parts),
  update(parts),
  remove(parts),
  restore(parts),
];

/** What only the holder of solo workspaces answers. */
export const soloOnlyEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  endpoint(routes.createWorkspace, (call) => create(parts, call, null)),
];

/** What only the holder of shared workspaces answers. */
export const sharedOnlyEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  listShared(parts),
  listOfCommunity(parts),
  endpoint(routes.createCommunityWorkspace, (call) => create(parts, call, call.params.communityId)),
];
