import { councilRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import { pageRequest, requireFound, sortedRequest, toPage, toSortedPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { addCouncilMember, listCouncilMembers, removeCouncilMember, type CouncilMemberStore } from '../core/council-members.ts';
import { createCouncil, deleteCouncil, findCouncil, restoreCouncil, updateCouncil, type CouncilStore } from '../core/councils.ts';
import { memberCursorOf, readMemberCursor } from './members.ts';

export interface CouncilRouteParts extends ContextParts {
  readonly stores: { readonly councils: CouncilStore; readonly councilMembers: CouncilMemberStore };
}

export const addCouncilRoutes = (app: FastifyInstance, parts: CouncilRouteParts): void => {
  const { councils } = parts.stores;
  serve(app, routes.listCouncils, 'principal', async ({ caller, params, query }) => {
    const filter = { ...query, page: sortedRequest(query) };
    const rows = await requireFound('community', councils.list(caller.userId, params.communityId, filter));
    return { body: toSortedPage(rows, query) };
  });
  serve(app, routes.createCouncil, 'principal', async (call) =>
    created(await createCouncil(councils, contextOf(parts, call), { ...call.params, body: call.body })),
  );
  serve(app, routes.getCouncil, 'principal', async (call) =>
    versioned((await findCouncil(councils, contextOf(parts, call), call.params)).item),
  );
  serve(app, routes.updateCouncil, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, edit: call.body };
    return versioned(await updateCouncil(councils, contextOf(parts, call), change));
  });
  serve(app, routes.deleteCouncil, 'principal', async (call) => {
    await deleteCouncil(councils, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.restoreCouncil, 'principal', async (call) =>
    versioned(await restoreCouncil(councils, contextOf(parts, call), call.params)),
  );
  addCouncilMemberRoutes(app, parts);
};

const addCouncilMemberRoutes = (app: FastifyInstance, parts: CouncilRouteParts): void => {
  const { stores } = parts;
  serve(app, routes.listCouncilMembers, 'principal', async ({ caller, params, query }) => {
    const rows = await listCouncilMembers(stores, caller.userId, params, pageRequest(query, readMemberCursor));
    return { body: toPage(rows, query, memberCursorOf) };
  });
  serve(app, routes.addCouncilMember, 'principal', async (call) => {
    const { userId: memberId, ...path } = call.params;
    return { body: await addCouncilMember(stores, contextOf(parts, call), { ...path, memberId }) };
  });
  serve(app, routes.removeCouncilMember, 'principal', async (call) => {
    const { userId: memberId, ...path } = call.params;
    await removeCouncilMember(stores, contextOf(parts, call), { ...path, memberId });
    return {};
  });
};
