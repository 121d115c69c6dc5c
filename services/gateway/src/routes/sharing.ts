import { sharingRoutes as routes, type PublicContract } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { serveContract } from '@guildhall/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { signedIn, soloAndSignedIn } from '../core/admission/access-rule.ts';
import { admit, type Admitted } from '../core/admission/admit.ts';
import { cloneWorkspace, type CloneStore, type WorkspaceExporter } from '../core/sharing/clone-workspace.ts';
import { planShare, shareWorkspace, type SharingStore, type WorkspaceImporter } from '../core/sharing/share-workspace.ts';
import type { PublicRoute } from '../route-table.ts';
import { admissionRequestOf } from './admission-request.ts';
import { addSyncRoutes, type SyncRouteHelp, type SyncRouteParts } from './workspace-syncs.ts';

export interface SharingRouteParts extends SyncRouteParts {
  readonly shares: SharingStore;
  readonly clones: CloneStore;
  readonly importerOf: (request: FastifyRequest, admitted: Admitted) => WorkspaceImporter;
  readonly exporterOf: (request: FastifyRequest, admitted: Admitted) => WorkspaceExporter;
}

/** The shared part is admitted as a route of team-resources for everyone who is signed in; it checks their role itself. */
const sharedPartOf = (contract: PublicContract): PublicRoute => ({
  contract,
  service: 'team-resources',
  access: signedIn,
  requiresSharedDb: 'team-resources',
});

const createOneAtATime = (): SyncRouteHelp['oneAtATime'] => {
  const running = new Set<string>();
  return async <T>(workspaceId: string, work: () => Promise<T>): Promise<T> => {
    if (running.has(workspaceId))
      throw new AppError('CONFLICT', 'This workspace is being shared, copied or synchronised at this moment.');
    running.add(workspaceId);
    try {
      return await work();
    } finally {
      running.delete(workspaceId);
    }
  };
};

/** The routes by which this machine's user, signed in, moves solo workspaces into communities and copies shared ones. */
export const addSharingRoutes = (app: FastifyInstance, parts: SharingRouteParts): void => {
  const { shares, clones, admissionFor, importerOf, exporterOf, now } = parts;
  const oneAtATime = createOneAtATime();
  const admitTo = (contract: PublicContract, request: FastifyRequest): Promise<Admitted> =>
    admit(admissionFor(request), admissionRequestOf(request, sharedPartOf(contract), 'team-resources'));
  const importerFor = (request: FastifyRequest) => async () => importerOf(request, await admitTo(routes.shareWorkspace, request));
  const exporterFor = (request: FastifyRequest) => async () => exporterOf(request, await admitTo(routes.cloneWorkspace, request));

  const sharing = { access: soloAndSignedIn, callerOf: importerFor };
  serveContract(app, routes.shareWorkspace, sharing, async ({ caller, params, query, body }) => {
    const share = { store: shares, importer: await caller(), now };
    const request = { workspaceId: params.workspaceId.toLowerCase(), communityId: body.communityId };
    if (query.dryRun === 'true') return { body: await planShare(share, request) };
    return { body: await oneAtATime(request.workspaceId, () => shareWorkspace(share, request)) };
  });
  addSyncRoutes(app, parts, { admitTo, oneAtATime });
  serveContract(app, routes.cloneWorkspace, { access: soloAndSignedIn, callerOf: exporterFor }, async ({ caller, params }) => {
    const clone = { store: clones, exporter: await caller(), now };
    const workspaceId = params.workspaceId.toLowerCase();
    return { body: await oneAtATime(workspaceId, () => cloneWorkspace(clone, workspaceId)) };
  });
};
