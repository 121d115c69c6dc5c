import { communityRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import { sortedRequest, toSortedPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { ChangedStores, DryRunStore } from '../core/change-impact.ts';
import { createCommunity, deleteCommunity, findCommunity, restoreCommunity, updateCommunity } from '../core/communities.ts';
import { makeOrTry } from './make-or-try.ts';

export interface CommunityRouteParts extends ContextParts {
  readonly stores: ChangedStores & { readonly dryRuns: DryRunStore };
}

export const addCommunityRoutes = (app: FastifyInstance, parts: CommunityRouteParts): void => {
  const { communities } = parts.stores;
  serve(app, routes.listCommunities, 'principal', async ({ caller, query }) => ({
    body: toSortedPage(await communities.list(caller.userId, { ...query, page: sortedRequest(query) }), query),
  }));
  serve(app, routes.createCommunity, 'principal', async (call) =>
    created(await createCommunity(communities, contextOf(parts, call), call.body)),
  );
  serve(app, routes.getCommunity, 'principal', async (call) =>
    versioned(await findCommunity(communities, contextOf(parts, call), call.params.communityId)),
  );
  serve(app, routes.updateCommunity, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, edit: call.body };
    const answer = await makeOrTry(parts, call, (stores, context) => updateCommunity(stores.communities, context, change));
    return 'impact' in answer ? { body: answer.impact, version: null } : versioned(answer.made);
  });
  serve(app, routes.deleteCommunity, 'principal', async (call) => {
    await deleteCommunity(communities, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.restoreCommunity, 'principal', async (call) =>
    versioned(await restoreCommunity(communities, contextOf(parts, call), call.params.communityId)),
  );
};
