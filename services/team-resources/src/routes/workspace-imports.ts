import { internalRoutes as routes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import {
  beginWorkspaceImport,
  completeWorkspaceImport,
  findWorkspaceImport,
  importWorkspaceRows,
  type WorkspaceImportStore,
} from '../core/workspace-imports.ts';
import { findCopiedWorkspace, listWorkspaceRows, type WorkspaceCopyStore } from '../core/workspace-copies.ts';

export interface WorkspaceImportRouteParts extends ContextParts {
  readonly stores: { readonly workspaceImports: WorkspaceImportStore; readonly workspaceCopies: WorkspaceCopyStore };
}

/** The routes by which the gateway moves a solo workspace into a community, and copies a shared one, in the name of its user. */
export const addWorkspaceImportRoutes = (app: FastifyInstance, parts: WorkspaceImportRouteParts): void => {
  const { workspaceImports: store, workspaceCopies } = parts.stores;
  serve(app, routes.findCopiedWorkspace, 'principal', async (call) => ({
    body: await findCopiedWorkspace(workspaceCopies, contextOf(parts, call), call.params),
  }));
  serve(app, routes.listWorkspaceRows, 'principal', async (call) => {
    const { kind, after = null } = call.query;
    return { body: await listWorkspaceRows(workspaceCopies, contextOf(parts, call), { ...call.params, kind, after }) };
  });
  serve(app, routes.findWorkspaceImport, 'principal', async (call) => ({
    body: { state: await findWorkspaceImport(store, contextOf(parts, call), { ...call.params, ...call.query }) },
  }));
  serve(app, routes.beginWorkspaceImport, 'principal', async (call) => ({
    body: { state: await beginWorkspaceImport(store, contextOf(parts, call), { ...call.params, ...call.body }) },
  }));
  serve(app, routes.importWorkspaceRows, 'principal', async (call) => {
    await importWorkspaceRows(store, contextOf(parts, call), { ...call.params, rows: call.body });
    return { status: 204 };
  });
  serve(app, routes.completeWorkspaceImport, 'principal', async (call) => {
    await completeWorkspaceImport(store, contextOf(parts, call), { ...call.params, ...call.body });
    return { status: 204 };
  });
};
