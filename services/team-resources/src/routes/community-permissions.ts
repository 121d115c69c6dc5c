import { communityPermissionRoutes as routes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { explainPermission, listOwnPermissions, type PermissionFactStore } from '../core/explain-permission.ts';

export interface CommunityPermissionRouteParts extends ContextParts {
  readonly stores: { readonly permissionFacts: PermissionFactStore };
}

export const addCommunityPermissionRoutes = (app: FastifyInstance, parts: CommunityPermissionRouteParts): void => {
  serve(app, routes.listOwnPermissions, 'principal', async (call) => ({
    body: await listOwnPermissions(parts.stores.permissionFacts, contextOf(parts, call), call.params.communityId),
  }));
  serve(app, routes.explainPermission, 'principal', async (call) => ({
    body: await explainPermission(parts.stores.permissionFacts, contextOf(parts, call), { ...call.params, ...call.query }),
  }));
};
