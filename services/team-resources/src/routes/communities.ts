import { communityRoutes as routes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import { cursorOf, pageRequest, readPosition, toPage, versioned } from '@guildhall/workspaces';
import type { FastifyInstance } from 'fastify';
import { deleteCommunity, findCommunity, foundCommunity, updateCommunity, type CommunityStore } from '../core/communities.ts';
import { askOf, keyOf, type AskParts } from './ask.ts';

export interface CommunityRouteParts extends AskParts {
  readonly communities: CommunityStore;
}

export const addCommunityRoutes = (app: FastifyInstance, parts: CommunityRouteParts): void => {
  const { communities, newId } = parts;
  serve(app, routes.listCommunities, 'principal', async ({ caller, query }) => {
    const { limit, after } = pageRequest(query, readPosition);
    return { body: toPage(await communities.list(caller.userId, limit, after), query, cursorOf) };
  });
  serve(app, routes.createCommunity, 'principal', async (call) =>
    versioned(await foundCommunity(communities, askOf(parts, call), newId(), call.body, keyOf(parts, call, 'community.create'))),
  );
  serve(app, routes.getCommunity, 'principal', async (call) =>
    versioned(await findCommunity(communities, askOf(parts, call), call.params.communityId)),
  );
  serve(app, routes.updateCommunity, 'principal', async (call) => {
    const change = { communityId: call.params.communityId, ifMatch: call.ifMatch, edit: call.body };
    return versioned(await updateCommunity(communities, askOf(parts, call), change));
  });
  serve(app, routes.deleteCommunity, 'principal', async (call) => {
    await deleteCommunity(communities, askOf(parts, call), { communityId: call.params.communityId, ifMatch: call.ifMatch });
    return {};
  });
};
