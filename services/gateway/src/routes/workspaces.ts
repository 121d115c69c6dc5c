import { workspaceRoutes, type RouteContract } from '@guildhall/contracts';
import { bearerToken, serveContract } from '@guildhall/http';
import { soloEndpoints, type WorkspaceParts } from '@guildhall/workspaces';
import type { Caller } from '@guildhall/resources';
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { soloOrSignedIn } from '../core/admission/access-rule.ts';
import { routeTable, type PublicRoute } from '../route-table.ts';
import { admitAndForward, type ForwardingParts } from './forwarded.ts';
import { addSharingRoutes, type SharingRouteParts } from './sharing.ts';
import { createListCallerOf, createWorkspaceList, type ListCallerParts, type WorkspaceListParts } from './workspace-list.ts';

export interface WorkspaceRouteParts extends WorkspaceListParts, ListCallerParts, SharingRouteParts {
  readonly solo: WorkspaceParts;
  /** True if a workspace, deleted or not, is in the solo store. */
  readonly isSolo: (workspaceId: string) => boolean;
  /** True if the workspace is shared, and what is in the solo store a copy of it. */
  readonly isCopy: (workspaceId: string) => boolean;
}

/** The one caller of solo work, who owns every solo workspace and has no name. The solo store has no audit trail. */
const soloCaller: Caller = { userId: 'solo', displayName: '', actor: { type: 'user', id: 'solo' } };

/** The routes of workspaces and what lies in them: answered here when the workspace is a solo one, by team-resources otherwise. */
export const addWorkspaceRoutes = (app: FastifyInstance, forwarding: ForwardingParts, parts: WorkspaceRouteParts): void => {
  const asListCaller = { access: soloOrSignedIn, callerOf: createListCallerOf(parts) };
  serveContract(app, workspaceRoutes.listWorkspaces, asListCaller, createWorkspaceList(parts));
  addSharingRoutes(app, parts);
  for (const endpoint of soloEndpoints(parts.solo)) {
    const route = routeOf(endpoint.contract);
    const onRequest = route.access.kind === 'workspace' ? [forwardUnlessSolo(forwarding, parts, route)] : [];
    endpoint.register(app, { access: route.access, callerOf: () => soloCaller, onRequest });
  }
};

/**
 * Forwards the request unless the caller is this machine's user, and its workspace a solo one, or nobody else's because there is no
 * shared database. Solo work waits for nothing.
 */
const forwardUnlessSolo =
  (forwarding: ForwardingParts, parts: WorkspaceRouteParts, route: PublicRoute): onRequestAsyncHookHandler =>
  async (request, reply) => {
    if (parts.isLocal(request)) {
      if (isSoloWork(parts, request)) return;
      await forwarding.admissionFor(request).untilKnown('team-resources');
      // There is no shared database that could hold it: not found here is not found.
      if (parts.sharedAvailability().status === 'not_configured') return;
    }
    await admitAndForward(forwarding, route, 'team-resources', request, reply);
  };

/** True for a solo workspace, and for the copy of a shared one while nobody is signed in. */
const isSoloWork = ({ isSolo, isCopy }: WorkspaceRouteParts, { params, headers }: FastifyRequest): boolean => {
  const { workspaceId = '' } = params as { workspaceId?: string };
  const id = workspaceId.toLowerCase();
  return isSolo(id) && !(isCopy(id) && bearerToken(headers.authorization) !== undefined);
};

const routeOf = (contract: RouteContract): PublicRoute => {
  const route = routeTable.find((entry) => entry.contract === contract);
  if (route === undefined) throw new Error(`${contract.name} is not in the route table: it has no access rule.`);
  return route;
};
