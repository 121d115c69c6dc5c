import { ownRoleRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import { requireFound, sortedRequest, toSortedPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import {
  createOwnRole,
  deleteOwnRole,
  findOwnRole,
  restoreOwnRole,
  updateOwnRole,
  type OwnRoleStore,
} from '../core/own-roles.ts';

export interface OwnRoleRouteParts extends ContextParts {
  readonly stores: { readonly ownRoles: OwnRoleStore };
}

export const addOwnRoleRoutes = (app: FastifyInstance, parts: OwnRoleRouteParts): void => {
  const { ownRoles } = parts.stores;
  serve(app, routes.listOwnRoles, 'principal', async ({ caller, params, query }) => {
    const filter = { ...query, page: sortedRequest(query) };
    const rows = await requireFound('community', ownRoles.list(caller.userId, params.communityId, filter));
    return { body: toSortedPage(rows, query) };
  });
  serve(app, routes.createOwnRole, 'principal', async (call) =>
    created(await createOwnRole(ownRoles, contextOf(parts, call), { ...call.params, body: call.body })),
  );
  serve(app, routes.getOwnRole, 'principal', async (call) =>
    versioned((await findOwnRole(ownRoles, contextOf(parts, call), call.params)).item),
  );
  serve(app, routes.updateOwnRole, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, edit: call.body };
    return versioned(await updateOwnRole(ownRoles, contextOf(parts, call), change));
  });
  serve(app, routes.deleteOwnRole, 'principal', async (call) => {
    await deleteOwnRole(ownRoles, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.restoreOwnRole, 'principal', async (call) =>
    versioned(await restoreOwnRole(ownRoles, contextOf(parts, call), call.params)),
  );
};
