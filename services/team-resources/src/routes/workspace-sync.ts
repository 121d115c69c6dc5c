import { internalRoutes as routes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import {
  findSharedDocument,
  pushDocument,
  pushExchangedFolders,
  type PushedVersions,
  type WorkspaceParts,
} from '@guildhall/workspaces';
import type { FastifyInstance } from 'fastify';
import type { SharedWorkspaceRouteParts } from './shared-workspaces.ts';

export interface WorkspaceSyncRouteParts extends SharedWorkspaceRouteParts {
  readonly stores: { readonly workspaces: WorkspaceParts['store']; readonly pushedVersions: PushedVersions };
}

/** The routes by which the gateway synchronises a copy of a shared workspace, in the name of its user. */
export const addWorkspaceSyncRoutes = (app: FastifyInstance, parts: WorkspaceSyncRouteParts): void => {
  const { workspaces: store, pushedVersions: pushed } = parts.stores;
  const pushParts = { ...parts, store, pushed };
  serve(app, routes.findSharedDocument, 'principal', async (call) => {
    const { workspaceId, documentId: id } = call.params;
    const found = await findSharedDocument(pushParts, contextOf(parts, call), { workspaceId, id, kind: call.query.kind });
    return { body: { found } };
  });
  serve(app, routes.pushDocument, 'principal', async (call) => {
    const { workspaceId, documentId: id } = call.params;
    const version = await pushDocument(pushParts, contextOf(parts, call), { workspaceId, id, push: call.body });
    return { body: { version } };
  });
  serve(app, routes.pushExchangedFolders, 'principal', async (call) => {
    const { workspaceId } = call.params;
    const exchange = { workspaceId, pushes: call.body.pushes };
    return { body: { versions: [...(await pushExchangedFolders(pushParts, contextOf(parts, call), exchange))] } };
  });
};
