import { ownRoleRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import { requireFound, sortedRequest, toSortedPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { ChangedStores, DryRunStore } from '../core/change-impact.ts';
import { createOwnRole, deleteOwnRole, findOwnRole, restoreOwnRole, updateOwnRole } from '../core/own-roles.ts';
import { makeOrTry } from './make-or-try.ts';

export interface OwnRoleRouteParts extends ContextParts {
  readonly stores: ChangedStores & { readonly dryRuns: DryRunStore };
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
    const answer = await makeOrTry(parts, call, (stores, context) => updateOwnRole(stores.ownRoles, context, change));
    return 'impact' in answer ? { body: answer.impact, version: null } : versioned(answer.made);
  });
  serve(app, routes.deleteOwnRole, 'principal', async (call) => {
    const path = { ...call.params, ifMatch: call.ifMatch };
    const answer = await makeOrTry(parts, call, (stores, context) => deleteOwnRole(stores.ownRoles, context, path));
    return 'impact' in answer ? { body: answer.impact } : { status: 204 };
  });
  serve(app, routes.restoreOwnRole, 'principal', async (call) =>
    versioned(await restoreOwnRole(ownRoles, contextOf(parts, call), call.params)),
  );
};
